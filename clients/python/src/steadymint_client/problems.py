"""What the API answers when it does not do what was asked."""

from __future__ import annotations

from typing import Any

import httpx

from steadymint_client.codes import ProblemCode


class SteadymintError(Exception):
    """The base of the errors of this package."""


class UnreachableError(SteadymintError):
    """No answer of HTTP came: the network has failed, or the API is not there. The cause is httpx's error."""


class SessionChangedError(SteadymintError):
    """Somebody else has signed in since the request was made. It is not sent in their name."""

    def __init__(self) -> None:
        super().__init__("Somebody else has signed in since the request was made")


class ProblemError(SteadymintError):
    """A problem document (RFC 9457). Decide by `code`, show `detail`."""

    def __init__(self, document: dict[str, Any], headers: httpx.Headers | None = None) -> None:
        super().__init__(f"{document['status']} {document['code']}: {document['detail']}")
        self.document = document
        headers = headers or httpx.Headers()
        self.code: ProblemCode = document["code"]
        self.status: int = document["status"]
        self.title: str = document["title"]
        self.detail: str = document["detail"]
        self.fields: list[dict[str, str]] = document.get("fields", [])
        """With `invalid_input`: every invalid place, as `field` and `reason`."""
        self.retry_after: float | None = _seconds(headers.get("retry-after"))
        """Seconds after which the request may be repeated, with 429 and 503."""
        self.request_id: str | None = headers.get("x-request-id")
        """Finds the request in the server's log."""


class UnexpectedAnswerError(SteadymintError):
    """An answer that is neither what was asked for nor a problem document, of a proxy before the API for example."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"{response.status_code} without a problem document, from {response.url}")
        self.status = response.status_code


def error_of(response: httpx.Response) -> ProblemError | UnexpectedAnswerError:
    """What to raise for a response of 400 and above that has been read."""
    try:
        document = response.json()
    except ValueError:
        return UnexpectedAnswerError(response)
    if isinstance(document, dict) and {"code", "status", "title", "detail"} <= document.keys():
        return ProblemError(document, response.headers)
    return UnexpectedAnswerError(response)


def _seconds(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
