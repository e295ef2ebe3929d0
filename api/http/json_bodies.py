"""JSON in: UTF-8 without a byte order mark, and each member of an object once.

Python's parser takes more: UTF-16, UTF-32 and a byte order mark, and it takes the last of two members with one name.
Other parsers take the first. Where two parsers read one body, one may check a value and the other use another
(RFC 8259, sections 4 and 8.1).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

_BOM: Final = "\ufeff"


def parse_json(body: bytes) -> Any:
    """The value of a body. Raises HTTPException (400), or JSONDecodeError for what is UTF-8 but not JSON."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise HTTPException(400, "The body is not UTF-8") from None
    if text.startswith(_BOM):
        raise HTTPException(400, "The body begins with a byte order mark")
    if "\0" in text:  # what is UTF-16 looks like this
        raise HTTPException(400, "The body holds a NUL character")
    return json.loads(text, object_pairs_hook=_object)


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        raise HTTPException(400, "The body has an object with the same member twice")
    return found


class JsonRequest(Request):
    """A request whose JSON is read by `parse_json`."""

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = parse_json(await self.body())
        return self._json


class JsonRoute(APIRoute):
    """A route that is given a `JsonRequest`, the way FastAPI documents."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handle(JsonRequest(request.scope, request.receive))

        return strict


class Router(APIRouter):
    """The router of every module with routes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=JsonRoute, **options)
