"""What must not happen on any page: errors in the console, violations of the policy, requests that fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Request, Response, WebError

_OF_A_REQUEST = "Failed to load resource"
"""How the console repeats what `response` and `requestfailed` say, with the address as its location."""


class Complaints:
    """Listens to a context from its first page on. `found` is empty as long as all is well."""

    def __init__(self, context: BrowserContext) -> None:
        self.found: list[str] = []
        self._allowed: list[re.Pattern[str]] = []
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    @contextmanager
    def allowing(self, pattern: str) -> Iterator[None]:
        """Lets pass what a test provokes, such as `409 .*/prepare`, for as long as the block of code runs."""
        expression = re.compile(pattern)
        self._allowed.append(expression)
        try:
            yield
        finally:
            self._allowed.remove(expression)

    def _add(self, sentence: str) -> None:
        if not any(allowed.search(sentence) for allowed in self._allowed):
            self.found.append(sentence)

    def _console(self, message: ConsoleMessage) -> None:
        # A violation of the policy is an error of the console.
        if message.type in {"error", "warning"} and not message.text.startswith(_OF_A_REQUEST):
            self._add(f"console {message.type}: {message.text}")

    def _error(self, error: WebError) -> None:
        self._add(f"uncaught: {error.error}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._add(f"{response.status} {response.request.method} {_path(response.url)}")

    def _failed(self, request: Request) -> None:
        # A page that is left, or a list that is not wanted any more, ends what it has asked for.
        if request.failure != "net::ERR_ABORTED":
            self._add(f"{request.failure} {request.method} {_path(request.url)}")


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path if parts.hostname in {"127.0.0.1", "localhost"} else url
