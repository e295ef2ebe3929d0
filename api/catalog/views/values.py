"""Values that several views of the catalog share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from api.http import shown

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


_LAST_SECOND: Final = 253_402_300_799
"""9999-12-31T23:59:59Z, the last that RFC 3339 can write. A contract's uint64 reaches further; it is shown as this."""


_LARGEST_EXACT: Final = 2**53 - 1  # RFC 8259, section 6: what every reader of JSON reads as the same number


def add(body: dict[str, Any], **members: Any) -> None:
    """The members that are known."""
    body.update((name, value) for name, value in members.items() if value is not None)


def time_of(seconds: int | None) -> datetime | None:
    # The contracts say 0 for "no bound".
    return _EPOCH + timedelta(seconds=min(seconds, _LAST_SECOND)) if seconds else None


def trait_value(string: str | None, number: Decimal | int | None, epoch_seconds: int | None) -> str | int | float:
    """The one of the three that is set."""
    if number is not None:
        return json_number(number)
    return string or "" if epoch_seconds is None else json_number(epoch_seconds)


def json_number(number: Decimal | int) -> int | float | str:
    """The number as JSON has it, or its digits as a text where a reader of JSON would round it."""
    if number == int(number):
        return int(number) if abs(number) <= _LARGEST_EXACT else shown.amount(number)
    return float(number) if Decimal(repr(float(number))) == number else shown.amount(number)


def amount_or_none(value: Decimal | int | None) -> str | None:
    return None if value is None else shown.amount(value)
