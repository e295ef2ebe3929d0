"""Keyset pages behind opaque, signed cursors.

A cursor holds the sort key of the last row shown, so that the next page starts in the index where this one ended, at
any depth. It is authenticated: a forged one cannot make the database look where no list ever led, and one that was
given for another list, other filters or another day is refused instead of giving a page that belongs to nothing.

    base64url( version (1 byte) | expires, epoch seconds (4 bytes) | position, JSON | HMAC-SHA256, first 16 bytes )

The MAC also covers the scope (the list and its filters), which is not in the cursor: the request repeats it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar

import msgspec
from fastapi import Depends, Request
from pydantic import Field, SecretStr

from api.dependencies import ServicesDep
from api.queries import NoQuery
from steadymint.domain.errors import InvalidInputError

DEFAULT_LIMIT: Final = 20
MAX_LIMIT: Final = 100
CURSOR_LIFE: Final = 86_400
"""Seconds. A reader who comes back the next day starts again; a leaked cursor does not live for ever."""
CURSOR_MAX_LENGTH: Final = 512
"""Characters. The longest position (chain id, address, 78 digits) makes some 240."""

_VERSION: Final = 1
_HEAD: Final = struct.Struct(">BI")
_MAC_LENGTH: Final = 16  # 128 bits: forging needs 2^127 requests
_KEY_LABEL: Final = b"steadymint/list-cursor/v1"

Position = TypeVar("Position")
Row = TypeVar("Row")


class InvalidCursorError(InvalidInputError):
    code = "invalid_cursor"
    title = "The cursor is not one of this list with these filters, or it has expired; start from the first page"


class PageQuery(NoQuery):
    """The query of a list without filters; lists with filters extend it."""

    limit: int = Field(
        DEFAULT_LIMIT,
        ge=1,
        le=MAX_LIMIT,
        description=f"Rows per page, 1 to {MAX_LIMIT}; outside of that range is a 422.",
    )
    cursor: str | None = Field(
        None,
        max_length=CURSOR_MAX_LENGTH,
        description="`nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours.",
    )

    def filters(self) -> dict[str, Any]:
        """The filters that are set, by their names in the query."""
        return self.model_dump(mode="json", by_alias=True, exclude={"limit", "cursor"}, exclude_none=True)


class CursorCodec:
    """Seals and opens cursors. Keys are derived from the signing keys, so that rotating those rotates these."""

    def __init__(self, signing_keys: Mapping[str, SecretStr], *, clock: Callable[[], float] = time.time) -> None:
        # Without configured keys the process makes its own: cursors then end with it, which a client sees as expiry.
        masters = [key.get_secret_value().encode() for key in signing_keys.values()] or [secrets.token_bytes(32)]
        self._keys = [hmac.digest(master, _KEY_LABEL, "sha256") for master in masters]
        self._clock = clock

    def seal(self, scope: bytes, position: Any) -> str:
        """A cursor that continues the list `scope` after `position`."""
        body = _HEAD.pack(_VERSION, int(self._clock()) + CURSOR_LIFE) + msgspec.json.encode(position)
        return base64.urlsafe_b64encode(body + _mac(self._keys[0], scope, body)).rstrip(b"=").decode()

    def open(self, scope: bytes, cursor: str, position: type[Position]) -> Position:
        """The position in a cursor of this scope. Raises `InvalidCursorError` for any other string."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise InvalidCursorError from None
        body, mac = raw[:-_MAC_LENGTH], raw[-_MAC_LENGTH:]
        if len(body) < _HEAD.size or not any(hmac.compare_digest(mac, _mac(key, scope, body)) for key in self._keys):
            raise InvalidCursorError
        version, expires = _HEAD.unpack_from(body)
        if version != _VERSION or expires <= self._clock():
            raise InvalidCursorError
        try:
            return msgspec.json.decode(body[_HEAD.size :], type=position)
        except msgspec.MsgspecError:  # sealed by a release whose list was sorted otherwise
            raise InvalidCursorError from None


def _mac(key: bytes, scope: bytes, body: bytes) -> bytes:
    return hmac.digest(key, scope + body, "sha256")[:_MAC_LENGTH]


def scope_of(path: str, filters: Mapping[str, Any]) -> bytes:
    """32 bytes that name one list: the path as requested and its filters, whatever their order."""
    return hashlib.sha256(msgspec.json.encode([path, filters], order="sorted")).digest()


@dataclass(frozen=True, slots=True)
class Pager:
    """One request's view of a list: where it starts, and how its answer names the next page."""

    codec: CursorCodec
    scope: bytes
    limit: int
    cursor: str | None

    def after(self, position: type[Position]) -> Position | None:
        """Where the page starts; None for the first page."""
        return None if self.cursor is None else self.codec.open(self.scope, self.cursor, position)

    @property
    def fetch(self) -> int:
        """Rows to read: one more than is shown tells whether a next page exists."""
        return self.limit + 1

    def page(
        self, rows: Sequence[Row], show: Callable[[Row], Any], position_of: Callable[[Row], Any]
    ) -> dict[str, Any]:
        """`{items, nextCursor}` of at most `limit` of the rows."""
        shown = rows[: self.limit]
        more = len(rows) > self.limit
        return {
            "items": [show(row) for row in shown],
            "nextCursor": self.codec.seal(self.scope, position_of(shown[-1])) if more else None,
        }


def cursor_codec(request: Request, services: ServicesDep) -> CursorCodec:
    """The codec of this application, made on first use."""
    state = request.app.state
    codec: CursorCodec | None = getattr(state, "cursor_codec", None)
    if codec is None:
        codec = state.cursor_codec = CursorCodec(services.settings.auth.signing_keys)
    return codec


class Pages:
    """What a list route asks for: `pages.of(query)` is its pager."""

    def __init__(self, request: Request, codec: Annotated[CursorCodec, Depends(cursor_codec)]) -> None:
        self._path = request.url.path.lower()  # an address in another casing names the same list
        self._codec = codec

    def of(self, query: PageQuery) -> Pager:
        return Pager(self._codec, scope_of(self._path, query.filters()), query.limit, query.cursor)


PagesDep = Annotated[Pages, Depends()]
