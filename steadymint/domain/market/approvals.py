"""Which contracts take part in the approvals of a chain's market."""

from __future__ import annotations

from dataclasses import dataclass

from steadymint.domain.types import Address


@dataclass(frozen=True, slots=True)
class ApprovalContracts:
    """What the registry of a chain says."""

    spenders: tuple[Address, ...]
    """Who moves tokens and currency for the market: the conduits, the newest first, then Seaport. The first one is
    what orders that we build need. Empty on a chain without a market."""
    currencies: frozenset[Address]
    """The ERC-20s in which orders may be paid."""
