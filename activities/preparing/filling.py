"""What preparing a purchase and a sale share."""

from __future__ import annotations

from steadymint.domain.errors import InvalidInputError
from steadymint.domain.intents.approve import ApproveTerms
from steadymint.domain.intents.fills import FillOutcome, MissingOrder
from steadymint.domain.market.findings import MissingApproval
from steadymint.domain.market.fulfilment.outcomes import PreparedFulfilment
from steadymint.domain.market.policy import Currency
from steadymint.domain.market.prices import parse_price, show_price
from steadymint.domain.types import Bytes32, Wei


def amount_in(text: str, currency: Currency, member: str) -> Wei:
    """The amount of a decimal string. `member`: where it stands in the request. Raises InvalidInputError."""
    try:
        return parse_price(text, currency.decimals)
    except ValueError as error:
        raise InvalidInputError(f"{member}: {error} ({currency.symbol})") from None


def outcome_of(prepared: PreparedFulfilment, currency: Currency) -> FillOutcome:
    """What was found out, as the intent keeps it."""
    plan = prepared.fulfilment
    return FillOutcome(
        total_amount=plan.total,
        limit_amount=plan.limit,
        total=show_price(plan.total, currency.decimals),
        limit=show_price(plan.limit, currency.decimals),
        currency=plan.currency,
        currency_symbol=currency.symbol,
        order_hashes=tuple(_hash(part.order.hash) for part in plan.parts),
        missing=tuple(
            MissingOrder(order_hash=_hash(one.part.order.hash), code=one.code, problem=one.problem)
            for one in prepared.missing
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
