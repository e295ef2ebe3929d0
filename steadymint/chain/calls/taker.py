"""What tokens and currencies are asked about somebody who fills orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from steadymint.chain.calls.holdings import (
    account_in,
    allowance_lookup,
    approval_lookup,
    balance_lookup,
    holding_lookup,
    is_yes,
    number_in,
    token_approval_lookup,
    units_held,
)
from steadymint.chain.calls.lookups import Lookup
from steadymint.chain.calls.multicall import Answer
from steadymint.domain.market.findings import ApprovalKind, MissingApproval
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.market.fulfilment.plans import Taker
from steadymint.domain.types import Standard


@dataclass(frozen=True, slots=True)
class TakerFacts:
    """What somebody who fills orders has and has allowed. Amounts are in the smallest unit."""

    balance: int
    """Of the orders' currency. 0 of the chain's own, which is not asked for."""
    allowance: int
    """How much of it the spender may move."""
    units: int
    """Of the token that a sale gives."""
    tokens_approved: bool
    """Whether the spender may move it."""

    def lacking(self, needs: Sequence[MissingApproval]) -> tuple[MissingApproval, ...]:
        """Of the approvals that are needed, those that do not stand."""
        return tuple(need for need in needs if not self._stands(need))

    def _stands(self, need: MissingApproval) -> bool:
        if need.kind is ApprovalKind.SET_APPROVAL_FOR_ALL:
            return self.tokens_approved
        return self.allowance >= (need.amount or 0)


class TakerQuestions:
    """All that is asked about a buyer, or about the seller of a part, in one round trip."""

    def __init__(self, taker: Taker, parts: Sequence[Part]) -> None:
        self._taker = taker
        part = parts[0]
        read, account, spender = part.order.read, taker.account, taker.spender
        self._balance: Lookup | None = None
        self._allowance: Lookup | None = None
        if read.currency is not None:
            self._balance = balance_lookup(read.currency, account)
            self._allowance = allowance_lookup(read.currency, account, spender)
        self._standard = read.standard
        self._held: Lookup | None = None
        self._approvals: tuple[Lookup, ...] = ()
        self._alone: Lookup | None = None
        if read.offered is not None:
            self._held = holding_lookup(read.contract, read.standard, part.token_id, account)
            self._approvals = (approval_lookup(read.contract, account, spender),)
            if read.standard is Standard.ERC721:
                self._alone = token_approval_lookup(read.contract, part.token_id)

    @property
    def lookups(self) -> list[Lookup]:
        asked = (self._balance, self._allowance, self._held, self._alone, *self._approvals)
        return [lookup for lookup in asked if lookup is not None]

    def facts(self, answers: Mapping[Lookup, Answer]) -> TakerFacts:
        return TakerFacts(
            balance=0 if self._balance is None else number_in(answers[self._balance]),
            allowance=0 if self._allowance is None else number_in(answers[self._allowance]),
            units=0 if self._held is None else units_held(answers[self._held], self._standard, self._taker.account),
            tokens_approved=any(is_yes(answers[lookup]) for lookup in self._approvals)
            or (self._alone is not None and account_in(answers[self._alone]) == self._taker.spender),
        )
