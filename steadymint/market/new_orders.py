"""An order that the market takes, and the values of its row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, Self
from uuid import UUID

from steadymint.domain.market.checks import Verdict
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.facts import OrderFacts
from steadymint.domain.market.fees import WHOLE
from steadymint.domain.market.policy import MarketPolicy
from steadymint.domain.market.prices import show_price
from steadymint.domain.market.standing import NEVER, Standing, standing_of
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32, ChainId

OURS: Final = "steadymint"
"""The marketplace of orders that are handed in here."""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order that the market takes."""

    order: SubmittedOrder
    standing: Standing
    spender: Address | None
    """Who moves what the maker gives; None if nobody is known who does."""
    royalty_receiver: Address | None
    collection_id: UUID
    token_set: int | None
    """The number of the token set of a trait offer."""
    marketplace: str = OURS
    """The slug of the marketplace that shows it."""

    @classmethod
    def of(cls, order: SubmittedOrder, verdict: Verdict, facts: OrderFacts, now: int, **place: Any) -> Self:
        """An order as the facts, and the verdict on them, say that it stands. `place`: the other members."""
        royalty = None if facts.royalty is None else facts.royalty.receiver
        standing = standing_of(order.read, verdict, facts, now)
        return cls(order=order, standing=standing, spender=facts.spender, royalty_receiver=royalty, **place)


def hash_text(order_hash: bytes) -> Bytes32:
    return Bytes32("0x" + order_hash.hex())


def values_of(chain_id: ChainId, new: NewOrder, policy: MarketPolicy, checked_block: int) -> tuple[Any, ...]:
    """What `Orders.insert` writes."""
    order, standing = new.order, new.standing
    read, signed = order.read, order.components
    currency = policy.currencies[read.currency]
    price = show_price(standing.unit_price, currency.decimals)
    return (
        chain_id,
        hash_text(order.hash),
        read.side.value,
        read.maker,
        read.contract,
        new.collection_id,
        read.token_id,
        new.token_set,
        read.standard.value,
        read.quantity,
        read.in_parts,
        standing.unit_price,
        Decimal(price),
        price,
        _price_at_end(order),
        read.currency,
        currency.symbol,
        currency.is_native,
        _share(order, None if policy.fee is None else policy.fee.recipient),
        _share(order, new.royalty_receiver),
        policy.domain.seaport,
        None if signed.zone == ZERO_ADDRESS else signed.zone,
        None if new.spender == policy.domain.seaport else new.spender,
        signed.counter,
        signed.salt,
        _moment(min(read.start_time, NEVER - 1)),
        _moment(read.end_time) if read.end_time < NEVER else None,
        shown_components(signed),
        *_standing(new, checked_block),
        new.marketplace,
    )


def values_of_standing(chain_id: ChainId, new: NewOrder, checked_block: int) -> tuple[Any, ...]:
    """What a known order takes of one with a better signature."""
    return (chain_id, hash_text(new.order.hash), *_standing(new, checked_block))


def _standing(new: NewOrder, checked_block: int) -> tuple[Any, ...]:
    standing = new.standing
    return (
        new.order.signature,
        standing.quantity_filled,
        standing.fillable,
        standing.approved_alone,
        standing.is_cancelled,
        standing.is_expired,
        list(standing.reasons),
        None if standing.due_at is None else _moment(standing.due_at),
        checked_block,
    )


def shown_components(components: OrderComponents) -> dict[str, Any]:
    """Seaport's own JSON of an order. Numbers are decimal strings."""
    return components.model_dump(mode="json", by_alias=True)


def _price_at_end(order: SubmittedOrder) -> int | None:
    """The price of one unit at the end, rounded up; None if the price does not move."""
    read = order.read
    prices = (read.offered,) if read.offered is not None else read.payments
    start, end = sum(one.start for one in prices), sum(one.end for one in prices)
    return None if start == end else -(-end // read.quantity)


def _share(order: SubmittedOrder, recipient: Address | None) -> int:
    """What the recipient gets of the price at the start, in basis points."""
    read = order.read
    paid = sum(payment.start for payment in read.fees if payment.recipient == recipient)
    whole = read.offered.start if read.offered is not None else sum(payment.start for payment in read.payments)
    return paid * WHOLE // whole


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
