"""What preparing a purchase and a sale share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from steadymint.domain.errors import InvalidInputError, OrdersUnavailableError
from steadymint.domain.intents.approve import ApproveTerms
from steadymint.domain.intents.fills import FillOutcome, MissingOrder, PlannedOrder
from steadymint.domain.market.findings import MissingApproval
from steadymint.domain.market.fulfilment.outcomes import PreparedFulfilment
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.market.policy import Currency
from steadymint.domain.market.prices import parse_price, show_price
from steadymint.domain.types import Address, Bytes32, Quantity, Wei

OWN_ORDER: Final = "own_order"
"""The code of an order that the account has made itself."""


def amount_in(text: str, currency: Currency, member: str) -> Wei:
    """The amount of a decimal string. `member`: where it stands in the request. Raises InvalidInputError."""
    try:
        return parse_price(text, currency.decimals)
    except ValueError as error:
        raise InvalidInputError(f"{member}: {error} ({currency.symbol})") from None


def without_own(parts: Sequence[Part], account: Address) -> tuple[list[Part], tuple[MissingOrder, ...]]:
    """The parts whose orders are by others, and the account's own as missing. Nobody buys from themselves: it costs
    fees, and the sale would not count.

    Raises OrdersUnavailableError if all are the account's own.
    """
    others = [part for part in parts if part.order.read.maker != account]
    own = tuple(
        MissingOrder(order_hash=_hash(part.order.hash), code=OWN_ORDER, problem="You made this order yourself.")
        for part in parts
        if part.order.read.maker == account
    )
    if not others:
        missing = [one.model_dump(mode="json", by_alias=True) for one in own]
        raise OrdersUnavailableError(own[0].problem if len(own) == 1 else "", missing=missing)
    return others, own


def outcome_of(prepared: PreparedFulfilment, currency: Currency, own: tuple[MissingOrder, ...] = ()) -> FillOutcome:
    """What was found out, as the intent keeps it. `own`: orders that were left out before."""
    plan = prepared.fulfilment
    return FillOutcome(
        total_amount=plan.total,
        limit_amount=plan.limit,
        total=show_price(plan.total, currency.decimals),
        limit=show_price(plan.limit, currency.decimals),
        currency=plan.currency,
        currency_symbol=currency.symbol,
        orders=tuple(
            PlannedOrder(order_hash=_hash(part.order.hash), quantity=Quantity(part.units)) for part in plan.parts
        ),
        missing=(
            *own,
            *(
                MissingOrder(order_hash=_hash(one.part.order.hash), code=one.code, problem=one.problem)
                for one in prepared.missing
            ),
        ),
        approvals=tuple(map(_terms, prepared.approvals)),
        simulated=prepared.simulated,
    )


def _terms(approval: MissingApproval) -> ApproveTerms:
    return ApproveTerms(
        approval=approval.kind, contract=approval.contract, spender=approval.spender, amount=approval.amount
    )


def _hash(raw: bytes) -> Bytes32:
    return Bytes32("0x" + raw.hex())
