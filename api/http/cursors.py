"""Opaque, signed cursors.

A cursor holds the sort key of the last row shown. It is authenticated: a forged one cannot make the database look where
no list ever led, and one that was given for another list, other filters or another day is refused instead of giving a
page that belongs to nothing.

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
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec
from pydantic import SecretStr

from steadymint.domain.errors import InvalidCursorError

CURSOR_LIFE: Final = 86_400
"""Seconds. A reader who returns the next day starts again, and a leaked cursor expires."""
EXPIRY_STEP: Final = 3_600
"""Seconds. Cursors expire on the hour, so an unchanged page has the same cursor and the same ETag."""
CURSOR_MAX_LENGTH: Final = 3_072
"""Characters. A position of chain id, address and 78 digits makes some 240; the longest, name and value of a trait as
they are stored (512 bytes each, twice as many where JSON escapes them), makes 2,770."""

_VERSION: Final = 1
_HEAD: Final = struct.Struct(">BI")
_MAC_LENGTH: Final = 16  # 128 bits: forging needs 2^127 requests
_KEY_LABEL: Final = b"steadymint/list-cursor/v1"

Position = TypeVar("Position")


class CursorCodec:
    """Signs and reads cursors. Their keys are derived from the signing keys, so both rotate together."""

    def __init__(self, signing_keys: Mapping[str, SecretStr], *, clock: Callable[[], float] = time.time) -> None:
        # Without configured keys the process makes its own. Its cursors expire when it ends.
        masters = [key.get_secret_value().encode() for key in signing_keys.values()] or [secrets.token_bytes(32)]
        self._keys = [hmac.digest(master, _KEY_LABEL, "sha256") for master in masters]
        self._clock = clock

    def seal(self, scope: bytes, position: Any) -> str:
        """A cursor that continues the list `scope` after `position`."""
        expires = -(-(int(self._clock()) + CURSOR_LIFE) // EXPIRY_STEP) * EXPIRY_STEP
        body = _HEAD.pack(_VERSION, expires) + msgspec.json.encode(position)
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
