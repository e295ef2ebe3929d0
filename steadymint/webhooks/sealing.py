"""The secrets of webhooks, as they are stored: sealed by AES-256-GCM under the keys of payload encryption.

Without configured keys they are stored as they are, as payloads in Temporal are then. A secret is bound to its webhook:
copied to the row of another one, it cannot be opened.
"""

from __future__ import annotations

import base64
import os
import secrets
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from steadymint.settings import CodecSettings

PREFIX: Final = "whsec_"
"""Before a secret, as Standard Webhooks says."""
SECRET_BYTES: Final = 32
"""Standard Webhooks allows 24 to 64."""
_NONCE_BYTES: Final = 12  # NIST SP 800-38D
_PLAIN: Final = 0  # the length of the key's id, where there is none


class SealError(Exception):
    """A stored secret cannot be opened: its key is not configured, or the row was changed."""


def new_secret() -> str:
    """A secret as its owner gets it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


class Seal:
    """Seals and opens secrets."""

    def __init__(self, settings: CodecSettings) -> None:
        self._ciphers = {
            key_id.encode(): AESGCM(base64.b64decode(key.get_secret_value())) for key_id, key in settings.keys.items()
        }
        first = next(iter(settings.keys), None)
        active = settings.active_key or first
        self._active = None if active is None else active.encode()

    def close(self, secret: str, webhook_id: UUID) -> bytes:
        """What is stored."""
        if self._active is None:
            return bytes([_PLAIN]) + secret.encode()
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._active].encrypt(nonce, secret.encode(), webhook_id.bytes)
        return bytes([len(self._active)]) + self._active + nonce + sealed

    def is_current(self, stored: bytes) -> bool:
        """Whether it was sealed by the key that seals now; without keys, whether it is stored as it is."""
        return stored[1 : 1 + stored[0]] == (self._active or b"")

    def open(self, stored: bytes, webhook_id: UUID) -> str:
        """The secret. Raises SealError, which names none of it."""
        length, rest = stored[0], stored[1:]
        if length == _PLAIN:
            return rest.decode()
        key_id, nonce, sealed = rest[:length], rest[length : length + _NONCE_BYTES], rest[length + _NONCE_BYTES :]
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise SealError("the key of a webhook's secret is not configured")
        try:
            return cipher.decrypt(nonce, sealed, webhook_id.bytes).decode()
        except (InvalidTag, ValueError):
            raise SealError("a webhook's secret is not what its key has sealed") from None
