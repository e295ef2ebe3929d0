"""Fields that the bodies of several kinds share."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from api.http.fields import Exact
from steadymint.domain.types import Address, AddressField, QuantityField

_RFC_3339: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _not_zero(address: Address) -> Address:
    if int(address, 16) == 0:
        raise ValueError("must not be the zero address")
    return address


def at_most(limit: int) -> AfterValidator:
    def check(value: int) -> int:
        if value > limit:
            raise ValueError(f"must be at most {limit}")
        return value

    return AfterValidator(check)


def _positive(value: int) -> int:
    if value == 0:
        raise ValueError("must be at least 1")
    return value


def _written(value: object) -> object:
    """Seconds or milliseconds, local or UTC: a number does not say, RFC 3339 does."""
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("must be an RFC 3339 time such as 2026-01-31T12:00:00Z")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
Payee = Annotated[AddressField, AfterValidator(_not_zero)]
Supply = Annotated[QuantityField, Exact, AfterValidator(_positive)]
