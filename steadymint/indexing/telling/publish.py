"""Writes the events of a chain's blocks into the outbox, in chain order.

The indexer's own transaction writes no events: the rows it commits and the checkpoint it moves say all that an event
says, and a live block must not wait for more. `published_block` is up to where the events of a chain are in the outbox.
It moves in the transaction that writes them, so that no event is lost or written twice, whatever dies when.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import asyncpg

from steadymint.domain.errors import ConflictError
from steadymint.domain.types import ChainId
from steadymint.events.event import COLLECTIONS, COLLECTIONS_DOMAIN, MINTS, MINTS_DOMAIN, DomainEvent
from steadymint.events.outbox import append
from steadymint.indexing.store.chain_tables import first_place

BLOCKS_AT_ONCE: Final = 1000
"""Blocks of one transaction. Empty ones cost nothing; the events of a thousand full ones are some tens of megabytes."""

_BEHIND: Final = """
select published_block, last_block from indexer_service.indexer_checkpoints where chain_id = $1 and state = 'live'"""

_COLLECTION_EVENTS: Final = """
select e.block_number, e.log_index, e.tx_hash, e.contract, e.name, e.args, e.at
from catalog_service.collection_events e
where e.chain_id = $1 and e.block_number > $2 and e.block_number <= $3 order by e.block_number, e.log_index"""

# $2 and $3 are places: after the one, before the other.
_MINTS: Final = """
select m.block_number, m.log_index, catalog_service.hex(m.tx) as tx_hash, c.contract_address as contract,
    catalog_service.hex(a.address) as to_addr, catalog_service.time_of(m.at) as at, m.token_ids, m.quantities,
    c.standard
from (
    select place >> 24 as block_number, (min(place) & 16777215)::integer as log_index, tx, collection, recipient, at,
        array_agg(token_number::text order by place, batch) as token_ids,
        array_agg(coalesce(quantity, 1)::text order by place, batch) as quantities
    from catalog_service.movements
    where chain = (select no from catalog_service.chain_numbers where chain_id = $1) and place >= $2 and place < $3
      and kind <= 1
    group by 1, tx, collection, recipient, at
) m
join catalog_service.collections c on c.no = m.collection
join catalog_service.accounts a on a.no = m.recipient
order by 1, 2"""

# By compare-and-set: a rollback may have taken it back meanwhile, and those blocks must be told anew.
_PUBLISHED: Final = """
update indexer_service.indexer_checkpoints set published_block = $3
where chain_id = $1 and published_block is not distinct from $2 and last_block >= $3"""


class PublishedElsewhereError(ConflictError):
    """`published_block` is not where it was: a rollback has taken it back, or another process has moved it on."""

    code = "published_elsewhere"
    retryable = True
    title = "The events of these blocks are written by someone else"


class Publisher:
    """Writes what one chain's checkpoint has passed."""

    def __init__(self, pool: asyncpg.Pool, chain_id: ChainId) -> None:
        self._pool = pool
        self._chain_id = chain_id

    async def run(self) -> None:
        """Write the events of every block up to the checkpoint."""
        while True:
            row = await self._pool.fetchrow(_BEHIND, self._chain_id)
            if row is None or row["published_block"] is None or row["published_block"] >= row["last_block"]:
                return
            after = row["published_block"]
            upto = min(after + BLOCKS_AT_ONCE, row["last_block"])
            events = await self._between(after, upto)
            async with self._pool.acquire() as leased, leased.transaction():
                connection: Any = leased
                # The checkpoint is locked last: the indexer moves it with every block.
                await append(connection, events)
                if await connection.execute(_PUBLISHED, self._chain_id, after, upto) != "UPDATE 1":
                    raise PublishedElsewhereError

    async def _between(self, after: int, upto: int) -> list[DomainEvent]:
        collections = await self._pool.fetch(_COLLECTION_EVENTS, self._chain_id, after, upto)
        mints = await self._pool.fetch(_MINTS, self._chain_id, first_place(after + 1), first_place(upto + 1))
        told = [(_place(row), self._of_collection(row)) for row in collections]
        told += [(_place(row), self._of_mint(row)) for row in mints]
        return [event for _, events in sorted(told, key=_first) for event in events]

    def _of_collection(self, row: Mapping[str, Any]) -> list[DomainEvent]:
        """`created`, of the birth only, and `upserted`, of every change."""
        place = {"chainId": self._chain_id, "contract": row["contract"], "txHash": row["tx_hash"]}
        place["blockNumber"] = row["block_number"]
        key, chain = f"{row['tx_hash']}:{row['log_index']}:{row['block_number']}", _dashed(self._chain_id)
        told: list[DomainEvent] = []
        if row["name"] == "CollectionCreated":
            payload = {**place, **row["args"]}
            told.append(DomainEvent(COLLECTIONS, f"created.{chain}", key, row["at"], payload))
        upserted = f"upserted.{chain}.{row['contract']}"
        told.append(DomainEvent(COLLECTIONS_DOMAIN, upserted, key, row["at"], {**place, "change": row["name"]}))
        return told

    def _of_mint(self, row: Mapping[str, Any]) -> list[DomainEvent]:
        """`minted` and `upserted`, one each for all tokens that one transaction gave one account."""
        key, chain = f"{row['tx_hash']}:{row['log_index']}:{row['block_number']}", _dashed(self._chain_id)
        payload = {
            "chainId": self._chain_id,
            "contract": row["contract"],
            "txHash": row["tx_hash"],
            "blockNumber": row["block_number"],
            "to": row["to_addr"],
            "standard": row["standard"],
            "tokenIds": row["token_ids"],
            "quantities": row["quantities"],
        }
        upserted = f"upserted.{chain}.{row['contract']}.{row['token_ids'][0]}"
        return [
            DomainEvent(MINTS, f"minted.{chain}", key, row["at"], payload),
            DomainEvent(MINTS_DOMAIN, upserted, key, row["at"], payload),
        ]


def _place(row: Mapping[str, Any]) -> tuple[int, int]:
    return row["block_number"], row["log_index"]


def _first(told: tuple[tuple[int, int], list[DomainEvent]]) -> tuple[int, int]:
    return told[0]


def _dashed(chain_id: ChainId) -> str:
    """`eip155-1`: a routing key's dots and a chain id's colon must not mix."""
    return chain_id.replace(":", "-")
