"""What the operator of a chain's market allows and demands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class MarketPolicy:
    """The rules of one chain's market."""

    domain: SigningDomain
    """The Seaport for which orders are signed."""
    currencies: frozenset[Address | None]
    """In which orders may be paid. None stands for the chain's own currency."""
    zones: frozenset[Address] = frozenset()
    """Whose restrictions the operator trusts, beside no zone."""
    fee: Fee | None = None
    """The marketplace's own fee."""
    royalty: RoyaltyRule = RoyaltyRule.WARN
