"""Fields that the bodies of several kinds share."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from api.http.fields import Exact
from steadymint.domain.types import Address, AddressField, QuantityField


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


Payee = Annotated[AddressField, AfterValidator(_not_zero)]
Supply = Annotated[QuantityField, Exact, AfterValidator(_positive)]
PriceText = Annotated[
    str, StringConstraints(max_length=160, pattern=r"^(0|[1-9][0-9]{0,77})(\.[0-9]{1,78})?$"), Field(examples=["1.5"])
]
