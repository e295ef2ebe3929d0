"""Payload encryption, so that Temporal's database holds no readable payloads of flows. Its keys can be rotated.

Every payload and the text of every failure is sealed with AES-256-GCM under the active key. The id of the key is stored
with it, so payloads under an older key stay readable while that key is configured. Payloads that were never sealed pass
through unchanged, so encryption can be turned on while workflows are open.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from steadymint.settings import CodecSettings

ENCODING: Final = b"binary/encrypted"
_KEY_ID: Final = "encryption-key-id"
_NONCE_BYTES: Final = 12  # NIST SP 800-38D: 96-bit nonces for AES-GCM
_KEY_BYTES: Final = 32


class EncryptionCodec(PayloadCodec):
    """AES-256-GCM with key ids. `keys` maps an id to 32 bytes; `active` names the one that seals."""

    def __init__(self, keys: dict[str, bytes], active: str) -> None:
        if active not in keys:
            raise ValueError(f"the active codec key {active!r} is not configured")
        for key_id, key in keys.items():
            if len(key) != _KEY_BYTES:
                raise ValueError(f"codec key {key_id!r} must be {_KEY_BYTES} bytes")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._active = active

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._open(payload) for payload in payloads]

    def _seal(self, payload: Payload) -> Payload:
        nonce = os.urandom(_NONCE_BYTES)
        # The key id is authenticated too, so nobody can change it.
        sealed = self._ciphers[self._active].encrypt(nonce, payload.SerializeToString(), self._active.encode())
        return Payload(metadata={"encoding": ENCODING, _KEY_ID: self._active.encode()}, data=nonce + sealed)

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        key_id = payload.metadata[_KEY_ID].decode("utf-8", "replace")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise ValueError(f"payload is sealed with the unknown codec key {key_id!r}")
        try:
            plain = cipher.decrypt(payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:], key_id.encode())
        except (InvalidTag, ValueError):  # changed, cut off, or sealed by another key of this name
            raise ValueError(f"payload is not what the codec key {key_id!r} has sealed") from None
        return Payload.FromString(plain)


def codec_from(settings: CodecSettings) -> EncryptionCodec | None:
    """The codec that the settings describe; None if no key is configured."""
    if not settings.keys:
        return None
    keys = {key_id: base64.b64decode(key.get_secret_value()) for key_id, key in settings.keys.items()}
    return EncryptionCodec(keys, settings.active_key or _first(keys))


def _first(ids: Iterable[str]) -> str:
    return next(iter(ids))
