"""A request for a webhook that may be sent again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from steadymint.domain.requests import request_hash


@dataclass(frozen=True, slots=True)
class Request:
    """A user's request for a webhook that may be repeated."""

    key_hash: str
    """SHA-256 of its key, in hex."""
    request_hash: str
    """SHA-256 of all that is asked for, in hex."""

    @classmethod
    def of(cls, key: str, asked: Mapping[str, Any]) -> Request:
        return cls(sha256(key.encode()).hexdigest(), request_hash(asked))
