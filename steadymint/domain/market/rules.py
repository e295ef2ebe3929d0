"""The rules of a chain's market as an operator writes them: the member `market` of the chain's features."""

from __future__ import annotations

from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, ConfigDict, Field, StrictInt, model_validator

from steadymint.domain.market.fees import WHOLE
from steadymint.domain.market.policy import RoyaltyRule
from steadymint.domain.record import Record
from steadymint.domain.texts import parse_text
from steadymint.domain.types import ZERO_ADDRESS, AddressField

MAX_DECIMALS: Final = 77
"""10^78 does not fit into 256 bits."""
MAX_SYMBOL: Final = 16
"""As long as the symbol of a chain's own currency may be."""
MAX_ENTRIES: Final = 64
"""Currencies, or zones. A market has a handful; each order is compared with all of them."""

_TYPED: Final = ConfigDict(extra="forbid")
"""A person types the rules, so a typo must not be ignored."""


def _symbol(text: str) -> str:
    parsed = parse_text(text, max_length=MAX_SYMBOL)
    if not parsed:
        raise ValueError("must not be empty")
    return parsed


class CurrencyRule(Record):
    """An ERC-20 in which orders may be paid, beside the chain's own currency and its wrapped form."""

    model_config = _TYPED

    address: AddressField
    symbol: Annotated[str, AfterValidator(_symbol)]
    decimals: Annotated[StrictInt, Field(ge=0, le=MAX_DECIMALS)]


class MarketRules(Record):
    """What the operator of a chain's market allows and demands."""

    model_config = _TYPED

    fee_bps: Annotated[StrictInt, Field(ge=0, le=WHOLE)] = 0
    """The marketplace's own fee, in basis points of the price."""
    fee_recipient: AddressField | None = None
    zones: Annotated[tuple[AddressField, ...], Field(max_length=MAX_ENTRIES)] = ()
    """Zones whose restrictions the operator trusts."""
    currencies: Annotated[tuple[CurrencyRule, ...], Field(max_length=MAX_ENTRIES)] = ()
    royalty: RoyaltyRule = RoyaltyRule.WARN

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if self.fee_bps and self.fee_recipient in (None, ZERO_ADDRESS):
            raise ValueError("feeBps needs a feeRecipient")
        addresses = [currency.address for currency in self.currencies]
        if ZERO_ADDRESS in addresses or len(set(addresses)) < len(addresses):
            raise ValueError("currencies must be contracts, each named once")
        return self


def rules_in(features: dict[str, Any]) -> MarketRules:
    """The rules in a chain's features, or the usual ones. Raises pydantic.ValidationError."""
    return MarketRules.model_validate(features.get("market", {}))
