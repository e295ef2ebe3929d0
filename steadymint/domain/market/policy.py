"""What the operator of a chain's market allows and demands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from steadymint.domain.market.fees import Fee
from steadymint.domain.market.hashing import SigningDomain
from steadymint.domain.types import Address


class RoyaltyRule(StrEnum):
    """What an order without the collection's royalty is (EIP-2981)."""

    REQUIRE = "require"
    """Refused."""
    WARN = "warn"
    """Taken, with a warning."""
    IGNORE = "ignore"
    """Taken. Orders that we build pay no royalty either."""


class Currency(NamedTuple):
    """What an order may be paid in."""

    symbol: str
    decimals: int
    is_native: bool
    """The chain's own currency, or its wrapped form: only prices in these compare."""


@dataclass(frozen=True, slots=True)
class MarketPolicy:
    """The rules of one chain's market."""

    domain: SigningDomain
    """The Seaport for which orders are signed."""
    currencies: Mapping[Address | None, Currency]
    """In which orders may be paid, by contract. None stands for the chain's own currency."""
    zones: frozenset[Address] = frozenset()
    """Whose restrictions the operator trusts, beside no zone."""
    fee: Fee | None = None
    """The marketplace's own fee."""
    royalty: RoyaltyRule = RoyaltyRule.WARN
