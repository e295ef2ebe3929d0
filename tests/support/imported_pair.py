"""An index that has imported an ERC-721 and an ERC-1155, and asks nodes who sent what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from steadymint.database import create_pool, prepare_connection
from steadymint.domain.importing import ImportOrder, Inspection
from steadymint.domain.types import Address, ChainId
from steadymint.indexing.importing.registration import Registrations, time_of
from steadymint.indexing.store.chain_tables import open_tables
from steadymint.indexing.store.writer import SESSION, Writer
from steadymint.indexing.telling.tx_senders import TxSenders
from tests.support.forged_logs import CATS, EDITIONS
from tests.support.projected import Projected, begun

STANDARDS = {CATS: "erc721", EDITIONS: "erc1155"}


@asynccontextmanager
async def imported(dsn: str, chain_id: ChainId, *, history: bool = False) -> AsyncIterator[Projected]:
    """An index of a chain that has imported both collections from its first block on."""
    connection = await asyncpg.connect(dsn, server_settings=SESSION)
    pool = await create_pool(dsn, min_size=1, max_size=1)
    try:
        await prepare_connection(connection)
        writer = Writer(connection, chain_id, await open_tables(connection, chain_id))
        index, number = await begun(writer, dsn, history=history), int(chain_id.partition(":")[2])
        for contract, standard in STANDARDS.items():
            order = ImportOrder(chain_id=chain_id, contract=Address(contract))
            found = Inspection.model_validate({"standard": standard, "name": "", "symbol": ""})
            await Registrations(pool).register(order, found, 0, time_of(0), chain_number=number, exact=True)
        await pool.execute("update catalog_service.collections set index_status = 'synced'")
        yield index
    finally:
        await pool.close()
        await connection.close()


async def finish(senders: TxSenders) -> None:
    """Ask until nothing is due."""
    while True:
        try:
            async with asyncio.timeout(0.05):
                await senders.news()
        except TimeoutError:
            return
        await senders.step()
