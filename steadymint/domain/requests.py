"""Requests that may be repeated with the same Idempotency-Key."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson


def request_hash(asked: Mapping[str, Any]) -> str:
    """SHA-256 of what is asked for, in hex, independent of the spelling of the JSON."""
    return sha256(orjson.dumps(dict(asked), option=orjson.OPT_SORT_KEYS)).hexdigest()
