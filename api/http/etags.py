"""JSON answers that are written once, with a weak ETag over what they say (RFC 9110, section 8.8).

Weak, because two answers with the same tag mean the same and need not be the same bytes: a proxy may compress them.
The tag spares the transfer; what spares the query is `steadymint.catalog.cache`.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import orjson
from fastapi import Request, Response

PUBLIC: Final = "public, no-cache"
"""Caches may keep it, and ask each time whether it still holds: the next block may change it. The same as `max-age=0,
must-revalidate`, in the words of RFC 9111; a longer life would show a mint's owner a catalog without it."""
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
    return answer_bytes(request, payload, cache=cache)


def answer_to(request: Request, body: Any, *, signed_in: bool) -> Response:
    """`answer` where it depends on who asks: nobody keeps what somebody who has signed in gets, and what all others get
    is kept for those without a token only."""
    reply = answer(request, body, cache=PRIVATE if signed_in else PUBLIC)
    reply.headers["vary"] = "Authorization"
    return reply


def answer_bytes(request: Request, payload: bytes, *, cache: str = PUBLIC) -> Response:
    """The same for JSON that is written already."""
    etag = f'W/"{hashlib.blake2b(payload, digest_size=12).hexdigest()}"'
    headers = {"etag": etag, "cache-control": cache}
    if names_tag(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(payload, media_type="application/json", headers=headers)


def names_tag(condition: str | None, etag: str) -> bool:
    """Whether `If-None-Match` names the tag. It compares weakly (RFC 9110, section 13.1.2): `W/"x"` and `"x"` are the
    same."""
    if condition is None:
        return False
    wanted = etag.removeprefix("W/")
    return any(tag.strip().removeprefix("W/") in (wanted, "*") for tag in condition.split(","))
