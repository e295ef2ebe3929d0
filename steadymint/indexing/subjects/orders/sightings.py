"""Sightings of purchases and sales: the fills of one transaction that may fulfil an intent are seen together.

Nearly all fills are of no intent of ours. So only those are noted that somebody waits for, or has waited for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import asyncpg

from steadymint.chain.calls.trades import may_concern, trades_of
from steadymint.domain.intents.fills import FilledOrder, effects_of
from steadymint.domain.intents.kinds import KINDS
from steadymint.domain.intents.rows import Sighting
from steadymint.domain.market.events import Fulfilled, Matched
from steadymint.domain.market.sales import Sale
from steadymint.domain.types import (
    Address,
    BlockHash,
    BlockNumber,
    Bytes32,
    ChainId,
    Quantity,
    TxHash,
    Wei,
)
from steadymint.indexing.store.chain_tables import LOG_BITS
from steadymint.indexing.subjects.orders.gathered import Logged, OrderLogs
from steadymint.indexing.subjects.orders.sale_rows import Money, shown_price

Traded = Logged[Fulfilled | Matched]

# Whoever gets the calldata of an intent gets it after its row is committed, so no transaction comes before the row.
_KNOWN: Final = """
select k from unnest($1::text[]) as k where exists (
    select from orchestrator_service.tx_intents i where i.match_key = k)"""


async def sightings_of_intents(
    connection: asyncpg.Connection,
    chain_id: ChainId,
    logs: OrderLogs,
    blocks: Mapping[int, tuple[str, int]],
    money: Money,
) -> list[Sighting]:
    """What the fills show of intents that there are. `blocks`: number -> hash and time."""
    transactions = [(together, _keys(chain_id, together)) for together in _transactions(logs.trades)]
    keys = {key for _, possible in transactions for key in possible}
    if not keys:
        return []
    known = {Bytes32(row["k"]) for row in await connection.fetch(_KNOWN, list(keys))}
    return [
        seen
        for together, possible in transactions
        if not known.isdisjoint(possible)
        for seen in _seen(chain_id, together, blocks, money)
        if seen.match_key in known
    ]


def _transactions(trades: Iterable[Traded]) -> Iterator[list[Traded]]:
    """The events of each Seaport in each transaction."""
    found: defaultdict[tuple[str, str], list[Traded]] = defaultdict(list)
    for logged in trades:
        found[logged.tx_hash, logged.seaport].append(logged)
    yield from found.values()


def _keys(chain_id: ChainId, together: Sequence[Traded]) -> set[Bytes32]:
    """The keys of all intents that the transaction may be about."""
    return {
        KINDS[kind].key_of(chain_id, facts)
        for logged in together
        if isinstance(logged.event, Fulfilled)
        for kind, facts in may_concern(Address(logged.seaport), logged.event)
    }


def _seen(
    chain_id: ChainId, together: Sequence[Traded], blocks: Mapping[int, tuple[str, int]], money: Money
) -> Iterator[Sighting]:
    """A sighting is known by the place of a log, so each takes one of the transaction's."""
    first = together[0]
    trades = trades_of(Address(first.seaport), [logged.event for logged in together])
    for logged, trade in zip(together, trades, strict=False):
        yield Sighting(
            match_key=KINDS[trade.kind].key_of(chain_id, trade.facts),
            kind=trade.kind,
            chain_id=chain_id,
            block_number=BlockNumber(first.block),
            block_hash=BlockHash(blocks[first.block][0]),
            log_index=logged.place & (1 << LOG_BITS) - 1,
            tx_hash=TxHash(first.tx_hash),
            facts=trade.facts,
            effects=effects_of(_filled(trade.sales, money)),
        )


def _filled(sales: Collection[Sale], money: Money) -> Iterator[FilledOrder]:
    """The sales by order and token. Units of one that were filled in several steps are added up."""
    together: defaultdict[tuple[Any, ...], list[Sale]] = defaultdict(list)
    for sold in sales:
        together[sold.order_hash, sold.contract, sold.token_id].append(sold)
    for (order_hash, contract, token_id), parts in together.items():
        price, currency = sum(part.price for part in parts), parts[0].currency
        shown = shown_price(price, currency, money)
        yield FilledOrder(
            order_hash=order_hash,
            contract=contract,
            token_id=token_id,
            quantity=Quantity(sum(part.quantity for part in parts)),
            price=shown.text,
            price_amount=Wei(price),
            proceeds_amount=Wei(sum(part.proceeds for part in parts)),
            currency=currency,
            currency_symbol=shown.symbol,
        )
