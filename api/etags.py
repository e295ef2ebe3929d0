"""JSON answers that are written once, with a weak ETag over what they say (RFC 9110, section 8.8).

The tag spares the transfer, not the query: the query is one index walk, the transfer is the client's mobile network.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import orjson
from fastapi import Request, Response

PUBLIC: Final = "public, no-cache"
"""Caches may keep it, and ask each time whether it still holds: the next block may change it."""
PRIVATE: Final = "private, no-store"

_OPTIONS: Final = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def to_json(body: Any) -> bytes:
    """JSON with RFC 3339 times in UTC, ending in Z."""
    return orjson.dumps(body, option=_OPTIONS)


def answer(request: Request, body: Any, *, cache: str = PUBLIC) -> Response:
    """200 with the body, or 304 where the client already has it."""
    payload = to_json(body)
    if cache == PRIVATE:
        return Response(payload, media_type="application/json", headers={"cache-control": cache})
    etag = f'W/"{hashlib.blake2b(payload, digest_size=12).hexdigest()}"'
    headers = {"etag": etag, "cache-control": cache}
    if _matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(payload, media_type="application/json", headers=headers)


def _matches(condition: str | None, etag: str) -> bool:
    """If-None-Match compares weakly: `W/"x"` and `"x"` are the same."""
    if condition is None:
        return False
    wanted = etag.removeprefix("W/")
    return any(tag.strip().removeprefix("W/") in (wanted, "*") for tag in condition.split(","))
