"""What became of trying a fulfilment: the transaction to sign, what it leaves out, and what must be approved first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from steadymint.domain.market.findings import Finding, MissingApproval
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.market.fulfilment.plans import Fulfilment
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import Address, ChainId


class Absence(StrEnum):
    """Why a part is not filled although its order has no finding. No value is one of `findings.Code`."""

    SAME_TOKEN = "same_token"  # noqa: S105 - no password
    """Another part of the purchase takes the same token, or all units that its seller has."""
    WOULD_REVERT = "would_revert"
    """Seaport refuses it: the token refuses to be moved, a recipient to be paid, or the zone."""


@dataclass(frozen=True, slots=True)
class MissingPart:
    """A part that was asked for and is not filled."""

    part: Part
    code: str
    """A value of `findings.Code` or of `Absence`."""
    problem: str
    """What is wrong, a sentence."""
    findings: tuple[Finding, ...] = ()
    """All that is wrong with the order; empty with an `Absence`."""


@dataclass(frozen=True, slots=True)
class PreparedFulfilment:
    """A fulfilment that was tried on the chain."""

    fulfilment: Fulfilment
    """Its parts are those that the transaction fills. They have fewer units than asked for if fewer are there."""
    tx: TxRequest
    """Without gas if an approval comes first, or if no node could measure it."""
    missing: tuple[MissingPart, ...]
    approvals: tuple[MissingApproval, ...]
    """Of the plan's needs, those that do not stand: the account has to give them first."""
    simulated: bool
    """Whether the very transaction was accepted. False only if an approval comes first and no node can run both."""


class Fulfilling(Protocol):
    """Prepares fulfilments. `steadymint.chain.fulfilment.FulfilmentBuilder` does."""

    async def purchase(
        self, chain_id: ChainId, buyer: Address, parts: Sequence[Part], *, highest_total: int, deadline: int
    ) -> PreparedFulfilment:
        """Buy those of the listings that can be filled now. See `FulfilmentBuilder.purchase` for the errors."""
        ...

    async def sale(
        self, chain_id: ChainId, seller: Address, part: Part, *, lowest_total: int = 0
    ) -> PreparedFulfilment:
        """Accept an offer. See `FulfilmentBuilder.sale` for the errors."""
        ...
