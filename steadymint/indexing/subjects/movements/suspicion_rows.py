"""The rows of `suspicions` that a batch adds. Inside its transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import asyncpg

from steadymint.indexing.store.chain_tables import ChainTables, place_of
from steadymint.indexing.subjects.movements.batch_rows import BatchRows
from steadymint.indexing.subjects.movements.suspicion import Standing, suspicions

_INSERT: Final = """
insert into catalog_service.suspicions (chain, collection, place, batch, reason, tx)
select {chain}, * from unnest($1::integer[], $2::bigint[], $3::integer[], $4::smallint[], $5::bytea[])"""


async def write_suspicions(
    connection: asyncpg.Connection,
    tables: ChainTables,
    rows: BatchRows,
    contracts: Iterable[str],
    standing: Standing,
    collections: Mapping[str, int],
) -> None:
    """Of the contracts that contradict themselves in this batch, since the others have none. `standing` is what was so
    before it, of their tokens; `collections` maps contract to the collection's number."""
    singles = {contract: rows.is_single(contract) for contract in contracts}
    given = [
        (
            collections[movement.contract],
            place_of(movement.block, movement.log_index),
            movement.batch_index,
            reason,
            bytes.fromhex(movement.tx_hash[2:]),
        )
        for movement, reason in suspicions(rows.batch.movements, singles, standing)
    ]
    if given:
        await connection.execute(tables.fill(_INSERT), *map(list, zip(*given, strict=True)))
