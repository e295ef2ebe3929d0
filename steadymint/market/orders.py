"""The orders of the catalog: how one that was handed in becomes a row, and the row as it is shown.

An order is one row, whoever hands it in and how often. Its id follows from its chain and its hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, Self
from uuid import UUID

import asyncpg

from steadymint.catalog.reads.query import VISIBLE
from steadymint.domain.market.checks import Verdict
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.facts import OrderFacts
from steadymint.domain.market.fees import WHOLE
from steadymint.domain.market.policy import MarketPolicy
from steadymint.domain.market.prices import show_price
from steadymint.domain.market.sides import Side
from steadymint.domain.market.standing import NEVER, Standing, standing_of
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import UINT256_MAX, ZERO_ADDRESS, Address, Bytes32, ChainId
from steadymint.market.checking.causes import LATER

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


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """An order as lists show it. Amounts are in the smallest unit, prices those of one unit of the token."""

    id: UUID
    chain_id: ChainId
    order_hash: Bytes32
    side: Side
    status: str
    """`expired` from its end on, also before the row says so."""
    reasons: Sequence[str]
    maker: Address
    contract: Address
    token_number: int | None
    token_standard: str
    quantity: int
    quantity_filled: int
    fillable: int
    in_parts: bool
    price_amount: int
    price_native: Decimal | int
    price_native_text: str
    price_end_amount: int | None
    currency_address: Address | None
    currency_symbol: str
    is_native: bool
    """Whether the currency is the chain's own or a wrapped form of it."""
    fee_bps: int
    royalty_bps: int
    start_at: datetime
    end_at: datetime | None
    traits: Mapping[str, Sequence[str]] | None
    """What the tokens of a trait offer have in common, if that is known."""
    checked_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OrderRow(ListedOrder):
    """An order with all that it takes to fill it."""

    components: Mapping[str, Any]
    signature: bytes


STATUS: Final = "case when o.status in ('active', 'inactive') and o.end_at <= now() then 'expired' else o.status end"
"""The status of an order `o` now. Time alone changes no row, so the checker marks an order a little after its end."""
LISTED_COLUMNS: Final = f"""
o.id, o.chain_id, o.order_hash, o.side, {STATUS} as status, o.reasons, o.maker, o.contract, o.token_number,
o.token_standard, o.quantity, o.quantity_filled, least(o.fillable, o.quantity - o.quantity_filled) as fillable,
o.in_parts, o.price_amount, o.price_native, o.price_native_text, o.price_end_amount, o.currency_address,
o.currency_symbol, o.is_native, o.fee_bps, o.royalty_bps, o.start_at, o.end_at, s.traits, o.checked_at, o.created_at"""
"""Those of a `ListedOrder`, of an order `o` and its token set `s`. A fill is in the row before the order is checked
again, so fewer units may be left than could be filled at the last check."""
COLUMNS: Final = LISTED_COLUMNS + ", o.components, o.signature"

_BY_HASH: Final = f"""
select {COLUMNS} from catalog_service.orders o left join catalog_service.token_sets s on s.no = o.token_set
where o.chain_id = $1 and o.order_hash = any($2)"""  # noqa: S608 - no value in it

_SHOWN: Final = f"""{_BY_HASH}
and exists (select from catalog_service.collections c where c.id = o.collection_id and {VISIBLE})"""

_SIGNED: Final = """
select order_hash, components from catalog_service.orders where chain_id = $1 and order_hash = any($2)"""

_KNOWN: Final = "select order_hash from catalog_service.orders where chain_id = $1 and order_hash = any($2)"

# An order whose signature nobody has accepted yet takes a better one. All else of a known order stays as it is: the
# cause that is written with it has it checked again. The cause lies behind what the index has read: a block that is
# written at the same moment does not see the order.
_INSERT: Final = f"""
with added as (
    insert into catalog_service.orders as o (
        id, chain_id, order_hash, side, maker, contract, collection_id, token_number, token_id, token_set,
        token_standard, quantity, in_parts, marketplace_id, price_amount, price_native, price_native_text,
        price_end_amount, currency_address, currency_symbol, is_native, fee_bps, royalty_bps, seaport, zone, conduit,
        counter, salt, start_at, end_at, components, signature, quantity_filled, fillable, approved_alone, is_cancelled,
        is_expired, reasons, due_at, checked_block)
    values (
        catalog_service.order_id($1::text, $2::text), $1::text, $2::text, $3, $4, $5::text, $6, $7::numeric,
        catalog_service.token_id($1::text, $5::text, $7::numeric), $8,
        $9, $10, $11, catalog_service.marketplace_id($38), $12, $13, $14,
        $15, $16, $17, $18, $19, $20, $21, $22, $23,
        $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37)
    on conflict (chain_id, order_hash) do update set
        signature = excluded.signature, quantity_filled = excluded.quantity_filled, fillable = excluded.fillable,
        approved_alone = excluded.approved_alone, is_cancelled = excluded.is_cancelled,
        is_expired = excluded.is_expired, reasons = excluded.reasons, due_at = excluded.due_at,
        checked_block = excluded.checked_block, checked_at = now()
    where o.reasons && array['unsigned', 'signature_not_accepted']
        and not excluded.reasons && array['unsigned', 'signature_not_accepted']
    returning xmax = 0 as created
), caused as (
    insert into catalog_service.order_causes as c (chain_id, cause, order_id, block)
    select $1::text, 'order', catalog_service.order_id($1::text, $2::text), 1 + greatest($37, (
        select last_block from indexer_service.indexer_checkpoints where chain_id = $1::text)){LATER}
)
select coalesce((select created from added), false)"""  # noqa: S608 - no value in it

# In the order of all writers: orders by their ids, then collections.
_LOCK: Final = """
select from catalog_service.orders where chain_id = $1 and order_hash = any($2) order by id for no key update"""
_LOCK_COLLECTIONS: Final = "select catalog_service.lock_collections($1)"

# What the index knows of orders that were filled before they were handed in: their sales are ours from now on.
_SETTLE: Final = """
select catalog_service.settle_orders(array(
    select catalog_service.order_id($1, one) from unnest($2::text[]) one))"""


class Orders:
    """The orders of all chains."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def by_hash(self, chain_id: ChainId, hashes: Iterable[Bytes32]) -> dict[Bytes32, OrderRow]:
        """The orders with these hashes, by hash. Unknown ones are left out."""
        rows = await self._pool.fetch(_BY_HASH, chain_id, list(hashes))
        return {row["order_hash"]: OrderRow(**row) for row in rows}

    async def shown(self, chain_id: ChainId, order_hash: Bytes32) -> OrderRow | None:
        """The order with this hash; None if there is none, or its collection is hidden."""
        row = await self._pool.fetchrow(_SHOWN, chain_id, [order_hash])
        return None if row is None else OrderRow(**row)

    async def orders_by_hash(self, chain_id: ChainId, hashes: Sequence[Bytes32]) -> dict[Bytes32, OrderComponents]:
        """What was signed, by hash, whatever the status of the order. Unknown ones are left out."""
        rows = await self._pool.fetch(_SIGNED, chain_id, list(hashes))
        return {Bytes32(row["order_hash"]): OrderComponents.model_validate(row["components"]) for row in rows}

    async def known(self, chain_id: ChainId, hashes: Iterable[bytes]) -> set[bytes]:
        """Which of the orders are in the catalog."""
        rows = await self._pool.fetch(_KNOWN, chain_id, [hash_text(one) for one in hashes])
        return {bytes.fromhex(row["order_hash"][2:]) for row in rows}

    async def insert(
        self, chain_id: ChainId, orders: Sequence[NewOrder], policy: MarketPolicy, checked_block: int
    ) -> set[bytes]:
        """Write the orders, all or none, and have each checked again once the index has passed `checked_block`, at
        which the chain was asked. Returns the hashes of those that are new. Repeating it changes nothing."""
        filled = [hash_text(new.order.hash) for new in orders if new.standing.quantity_filled]
        if len(orders) == 1 and not filled:  # a statement is all or nothing by itself, without two more round trips
            (new,) = orders
            is_new = await self._pool.fetchval(_INSERT, *_values(chain_id, new, policy, checked_block))
            return {new.order.hash} if is_new else set()
        created: set[bytes] = set()
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_LOCK, chain_id, [hash_text(new.order.hash) for new in orders])
            await connection.execute(_LOCK_COLLECTIONS, list({new.collection_id for new in orders}))
            # In one order, so that two who hand in the same orders do not wait for each other.
            for new in sorted(orders, key=lambda new: new.order.hash):
                if await connection.fetchval(_INSERT, *_values(chain_id, new, policy, checked_block)):
                    created.add(new.order.hash)
            if filled:
                await connection.execute(_SETTLE, chain_id, filled)
        return created


def hash_text(order_hash: bytes) -> Bytes32:
    return Bytes32("0x" + order_hash.hex())


def _values(chain_id: ChainId, new: NewOrder, policy: MarketPolicy, checked_block: int) -> tuple[Any, ...]:
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
        order.signature,
        standing.quantity_filled,
        standing.fillable,
        standing.approved_alone,
        standing.is_cancelled,
        standing.is_expired,
        list(standing.reasons),
        None if standing.due_at is None else _moment(standing.due_at),
        checked_block,
        new.marketplace,
    )


def shown_components(components: OrderComponents) -> dict[str, Any]:
    """Seaport's own JSON of an order. Numbers are decimal strings."""
    return components.model_dump(mode="json", by_alias=True)


def _price_at_end(order: SubmittedOrder) -> int | None:
    """The price of one unit at the end, rounded up; None if the price does not move. It is at most a uint256, also of
    payments that add up to more and that nobody can make."""
    read = order.read
    prices = (read.offered,) if read.offered is not None else read.payments
    start, end = sum(one.start for one in prices), sum(one.end for one in prices)
    return None if start == end else min(-(-end // read.quantity), UINT256_MAX)


def _share(order: SubmittedOrder, recipient: Address | None) -> int:
    """What the recipient gets of the price at the start, in basis points."""
    read = order.read
    paid = sum(payment.start for payment in read.fees if payment.recipient == recipient)
    whole = read.offered.start if read.offered is not None else sum(payment.start for payment in read.payments)
    return paid * WHOLE // whole


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
