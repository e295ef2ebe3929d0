"""The key by which a repeated request is known to be the same one."""

from __future__ import annotations

from typing import Any

from fastapi import Header


def idempotency_key(description: str) -> Any:
    """The header `Idempotency-Key` of a route. `description`: what the same key gives."""
    return Header(
        alias="Idempotency-Key", min_length=1, max_length=255, pattern=r"^[\x20-\x7e]+$", description=description
    )
