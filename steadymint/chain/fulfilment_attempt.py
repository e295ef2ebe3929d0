"""One purchase or sale while it is prepared: which parts are left, and what the chain says to their transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from steadymint.chain.calls.abi import encode
from steadymint.chain.calls.fulfilment import call_of, filled_in
from steadymint.chain.calls.missing_approvals import approval_request
from steadymint.chain.calls.reverts import Currency, DecodedRevert, explain
from steadymint.chain.calls.taker import TakerFacts
from steadymint.chain.nodes.chain import Chain
from steadymint.chain.nodes.client import EvmClient
from steadymint.chain.nodes.errors import ExecutionRevertedError
from steadymint.chain.orders import OrderInspector
from steadymint.chain.simulation import as_error, with_margin
from steadymint.chain.trials import Outcome, Trials, Untried
from steadymint.domain.errors import (
    CallRevertedError,
    InsufficientFundsError,
    InvalidInputError,
    OrdersUnavailableError,
    PriceMovedError,
    UpstreamUnavailableError,
)
from steadymint.domain.market.checks import check
from steadymint.domain.market.facts import OrderFacts
from steadymint.domain.market.findings import MissingApproval
from steadymint.domain.market.fulfilment.availability import Sorted, refused, sort_out
from steadymint.domain.market.fulfilment.outcomes import MissingPart, PreparedFulfilment
from steadymint.domain.market.fulfilment.parts import FulfilmentError, Part
from steadymint.domain.market.fulfilment.plans import Fulfilment, Intention, Taker, TotalNotAcceptedError
from steadymint.domain.market.policy import MarketPolicy
from steadymint.domain.market.prices import show_price
from steadymint.domain.transactions import TxRequest
from steadymint.domain.upstreams import Upstream

TRIES: Final = 3
"""Trials of one purchase. Each leaves out what the one before it could not fill; the third is for an order that
somebody else fills meanwhile."""
NONE_AVAILABLE: Final = "NoSpecifiedOrdersAvailable"
"""Seaport's error if it would skip all orders of a purchase."""

Plan = Callable[[Sequence[Part]], Fulfilment]


@dataclass(slots=True)
class Attempt:
    """The parts that are left shrink until Seaport fills all of them."""

    chain: Chain
    client: EvmClient
    policy: MarketPolicy
    inspector: OrderInspector
    trials: Trials
    taker: Taker
    means: TakerFacts
    now: int
    """The time of the block in which it is tried, in Unix seconds."""
    parts: list[Part] = field(default_factory=list[Part])
    missing: list[MissingPart] = field(default_factory=list[MissingPart])

    def take(self, parts: Sequence[Part], facts: Sequence[OrderFacts]) -> None:
        """Take those parts whose orders can be filled, by what the chain says about them."""
        self.parts, self.missing = self._sorted(parts, facts)

    async def fill(self, plan_of: Plan) -> PreparedFulfilment:
        """The transaction that fills all of the parts that can be filled.

        Raises OrdersUnavailableError, InvalidInputError, PriceMovedError, InsufficientFundsError, CallRevertedError,
        UpstreamUnavailableError.
        """
        for _ in range(TRIES):
            plan = self._planned(plan_of, self.parts)
            self._check_means(plan)
            approvals = self.means.lacking(plan.needs)
            tx = self._request(plan)
            (outcome,) = await self._try([tx], approvals)
            if isinstance(outcome, Untried):
                return PreparedFulfilment(plan, tx, tuple(self.missing), approvals, simulated=False)
            filled = _filled(outcome, plan)
            if filled is None:
                assert isinstance(outcome, ExecutionRevertedError), "what is no revert says what was filled"
                await self._leave_out_refused(outcome, plan_of, approvals)
            elif all(filled):
                tx = tx if approvals else await self._measured(tx)
                return PreparedFulfilment(plan, tx, tuple(self.missing), approvals, simulated=True)
            else:
                await self._leave_out_skipped(filled)
        raise UpstreamUnavailableError(
            "The orders change while the purchase is prepared; try again", upstream=Upstream.NODE
        )

    def _sorted(self, parts: Sequence[Part], facts: Sequence[OrderFacts]) -> Sorted:
        return sort_out(
            (part, check(part.order, found, self.policy, self.now), found)
            for part, found in zip(parts, facts, strict=True)
        )

    def _planned(self, plan_of: Plan, parts: Sequence[Part]) -> Fulfilment:
        if not parts:
            raise self._unavailable()
        try:
            return plan_of(parts)
        except TotalNotAcceptedError as error:
            total, accepted = (self._show(amount, parts[0]) for amount in (error.total, error.accepted))
            is_offer = parts[0].order.read.offered is not None
            words = f"It may bring only {total}" if is_offer else f"It may cost up to {total}"
            raise PriceMovedError(
                f"{words}; {accepted} was accepted", total=str(error.total), accepted=str(error.accepted)
            ) from None
        except FulfilmentError as error:
            raise InvalidInputError(str(error)) from None

    def _check_means(self, plan: Fulfilment) -> None:
        """What the node would only say by a revert of some currency or token."""
        part = plan.parts[0]
        if plan.intention is Intention.SALE:
            if self.means.units < part.units:
                raise CallRevertedError("The account does not have the token that it would give", reason="NotHolder")
        elif plan.currency is not None and self.means.balance < plan.total:
            total, balance = self._show(plan.total, part), self._show(self.means.balance, part)
            raise InsufficientFundsError(f"It costs {total}; the account has {balance}")

    def _request(self, plan: Fulfilment) -> TxRequest:
        return TxRequest.model_validate(
            {
                "chain_id": self.chain.chain_id,
                "from_": self.taker.account,
                "to": self.taker.seaport,
                "data": encode(call_of(plan)),
                "value": plan.value,
            }
        )

    async def _try(self, txs: Sequence[TxRequest], approvals: Sequence[MissingApproval]) -> list[Outcome]:
        before = [approval_request(self.chain.chain_id, self.taker.account, one) for one in approvals]
        return await self.trials.run(self.client, txs, before, self.now)

    async def _measured(self, tx: TxRequest) -> TxRequest:
        gas = await self.trials.gas(self.client, tx, self.now)
        return tx if gas is None else tx.model_copy(update={"gas": with_margin(gas)})

    async def _leave_out_refused(
        self, outcome: ExecutionRevertedError, plan_of: Plan, approvals: Sequence[MissingApproval]
    ) -> None:
        """Try the parts one by one, and go on without those that Seaport refuses. Raises CallRevertedError if each of
        them alone would be accepted, or if there is only one."""
        refusal = self._explained(outcome)
        if len(self.parts) == 1:
            raise as_error(refusal)
        alone = [self._request(self._planned(plan_of, [part])) for part in self.parts]
        kept: list[Part] = []
        for part, one in zip(self.parts, await self._try(alone, approvals), strict=True):
            if isinstance(one, ExecutionRevertedError) and not _is_skip(one):
                self.missing.append(refused(part, self._explained(one).sentence))
            else:
                kept.append(part)
        if len(kept) == len(self.parts):
            raise as_error(refusal)
        self.parts = kept

    async def _leave_out_skipped(self, filled: Sequence[bool]) -> None:
        """Go on without the parts that Seaport skips. Their orders have changed since they were asked about."""
        skipped = [part for part, is_filled in zip(self.parts, filled, strict=True) if not is_filled]
        kept = [part for part, is_filled in zip(self.parts, filled, strict=True) if is_filled]
        facts = await self.inspector.facts(self.chain.chain_id, [part.order for part in skipped])
        unexplained, missing = self._sorted(skipped, facts)
        self.missing += [*missing, *(refused(part, "Seaport skips the order.") for part in unexplained)]
        self.parts = kept

    def _unavailable(self) -> OrdersUnavailableError:
        missing = [
            {"orderHash": "0x" + one.part.order.hash.hex(), "code": one.code, "problem": one.problem}
            for one in self.missing
        ]
        detail = missing[0]["problem"] if len(missing) == 1 else ""
        return OrdersUnavailableError(detail, missing=missing)

    def _explained(self, reverted: ExecutionRevertedError) -> DecodedRevert:
        return explain(reverted.data, Currency(self.chain.native_symbol, self.chain.decimals))

    def _show(self, amount: int, part: Part) -> str:
        currency = self.policy.currencies[part.order.read.currency]
        return f"{show_price(amount, currency.decimals)} {currency.symbol}"


def _filled(outcome: bytes | ExecutionRevertedError, plan: Fulfilment) -> Sequence[bool] | None:
    """Which parts were filled. None if Seaport reverted for another reason than that it would skip all of them."""
    if isinstance(outcome, ExecutionRevertedError):
        return [False] * len(plan.parts) if _is_skip(outcome) else None
    try:
        return filled_in(outcome, plan)
    except ValueError:
        raise UpstreamUnavailableError(
            "The registered Seaport does not answer as one", upstream=Upstream.NODE
        ) from None


def _is_skip(reverted: ExecutionRevertedError) -> bool:
    return explain(reverted.data).name == NONE_AVAILABLE
