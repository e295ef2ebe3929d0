"""Values that several views of the catalog share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from api.http import shown

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


_LAST_SECOND: Final = 253_402_300_799
"""9999-12-31T23:59:59Z, the last that RFC 3339 can write. A contract's uint64 reaches further; it is shown as this."""


def add(body: dict[str, Any], **members: Any) -> None:
    """The members that are known."""
    body.update((name, value) for name, value in members.items() if value is not None)


def time_of(seconds: int | None) -> datetime | None:
    # The contracts say 0 for "no bound".
    return _EPOCH + timedelta(seconds=min(seconds, _LAST_SECOND)) if seconds else None


def trait_text(string: str | None, number: Decimal | int | None, epoch_seconds: int | None) -> str:
    """The one of the three that is set, as text."""
    if number is not None:
        return shown.amount(number)
    if epoch_seconds is not None:
        seconds = max(-_LAST_SECOND // 8, min(epoch_seconds, _LAST_SECOND))
        return (_EPOCH + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")
    return string or ""


def amount_or_none(value: Decimal | int | None) -> str | None:
    return None if value is None else shown.amount(value)
