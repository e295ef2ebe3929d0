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

BLOCKS_AT_ONCE: Final = 1000
"""Blocks of one transaction. Empty ones cost nothing; the events of a thousand full ones are some tens of megabytes."""

_BEHIND: Final = """
select published_block, last_block from indexer_service.indexer_checkpoints where chain_id = $1"""

_COLLECTION_EVENTS: Final = """
select e.block_number, e.log_index, e.tx_hash, e.contract, e.name, e.args, e.at
from catalog_service.collection_events e
where e.chain_id = $1 and e.block_number > $2 and e.block_number <= $3 order by e.block_number, e.log_index"""

_MINTS: Final = """
select block_number, min(log_index) as log_index, tx_hash, contract, to_addr, at,
    array_agg(token_id::text order by log_index, batch_index) as token_ids,
    array_agg(quantity::text order by log_index, batch_index) as quantities, min(standard) as standard
from catalog_service.ownership_transfers
where chain_id = $1 and block_number > $2 and block_number <= $3
  and from_addr = '0x0000000000000000000000000000000000000000'
group by block_number, tx_hash, contract, to_addr, at order by 1, 2"""

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
        mints = await self._pool.fetch(_MINTS, self._chain_id, after, upto)
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
