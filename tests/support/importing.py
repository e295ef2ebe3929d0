"""What tests of imports share: contracts that nobody's factory made, and their import by an indexer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID

from steadymint.catalog.imports import import_progress
from steadymint.chain.nodes.client import EvmClient
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.database import create_pool
from steadymint.domain.importing import ImportOrder, ImportProgress
from steadymint.domain.types import Address, ChainId
from steadymint.indexing.importing.contract import inspect
from steadymint.indexing.importing.creation import CodeAt, check_created, first_block
from steadymint.indexing.importing.registration import Registrations, time_of
from steadymint.indexing.projection import no_fault
from steadymint.stack.deploy import create
from tests.support.indexing import ALICE, BOB, CAROL, CATALOG_TABLES, Driver, Index, catalog_of


async def foreign_drop(driver: Driver, first: int = 3) -> Address:
    """An owned ERC-721 that mints in its constructor."""
    return Address((await create(driver.anvil, "ForeignDrop", ALICE, first))["contractAddress"])


async def foreign_editions(driver: Driver) -> Address:
    """A plain ERC-1155."""
    return Address((await create(driver.anvil, "ForeignERC1155"))["contractAddress"])


async def move(driver: Driver, drop: Address, token_id: int, sender: str, recipient: str) -> None:
    await driver.call(drop, "ForeignDrop", "transferFrom", sender, recipient, token_id, sender=sender)


async def past(driver: Driver, drop: Address, editions: Address) -> None:
    """Twenty blocks and more of it."""
    for token_id in range(10, 20):
        await driver.call(drop, "ForeignDrop", "mint", ALICE, token_id)
    await driver.call(drop, "ForeignDrop", "approve", CAROL, 10)
    await driver.call(drop, "ForeignDrop", "approve", CAROL, 12)
    await driver.call(drop, "ForeignDrop", "setApprovalForAll", BOB, True)
    await move(driver, drop, 10, ALICE, BOB)
    await move(driver, drop, 10, BOB, CAROL)
    await driver.call(drop, "ForeignDrop", "burn", 11)
    await driver.call(drop, "ForeignDrop", "setTokenURI", 12, "ipfs://twelve")
    await driver.call(drop, "ForeignDrop", "transferOwnership", BOB)
    await driver.call(editions, "ForeignERC1155", "mintBatch", ALICE, [1, 2, 3], [10, 20, 30])
    await driver.call(editions, "ForeignERC1155", "safeTransferFrom", ALICE, BOB, 1, 4, b"")
    await driver.anvil.mine(12)


async def register(
    index: Index,
    contract: Address,
    dsn: str | None = None,
    requested_by: UUID | None = None,
    state_of: Callable[[CodeAt], CodeAt] = lambda code_at: code_at,
) -> ImportOrder:
    """What the flow does before the indexer goes on. `state_of` changes what the node tells of old state."""
    chain_id = ChainId(index.driver.anvil.caip2)
    order = ImportOrder(chain_id=chain_id, contract=contract, requested_by=requested_by)
    pool = await create_pool(dsn or index.dsn, min_size=1, max_size=1)
    try:
        async with RpcClient(chain_id, [EndpointConfig(id=1, url=index.driver.anvil.url)]) as rpc:
            client = EvmClient(rpc)
            await Registrations(pool).check_new(order)
            found = await inspect(client, contract)
            code_at = state_of(lambda block: client.code(contract, block))
            checkpoint = await Registrations(pool).checkpoint(chain_id)
            await check_created(code_at, checkpoint)
            first, exact = await first_block(code_at, checkpoint)
            at = time_of((await client.header(first)).timestamp)
            await Registrations(pool).register(order, found, first, at, chain_number=31337, exact=exact)
    finally:
        await pool.close()
    return order


async def run_until_imported(
    index: Index, *contracts: Address, fault: Callable[[str], None] = no_fault, dsn: str | None = None
) -> list[ImportProgress]:
    """Index until the imports of these have ended."""
    dsn, stop = dsn or index.dsn, asyncio.Event()
    chain_id = ChainId(index.driver.anvil.caip2)
    pool = await create_pool(dsn, min_size=1, max_size=1)
    try:
        async with index.indexer(fault=fault, dsn=dsn) as indexer:
            running = asyncio.ensure_future(indexer.run(stop))
            try:
                async with asyncio.timeout(150):
                    while True:
                        found = [await import_progress(pool, chain_id, contract) for contract in contracts]
                        progress = [one for one in found if one is not None and one.status in ("done", "failed")]
                        if running.done() or len(progress) == len(contracts):
                            break
                        await asyncio.sleep(0.02)
                stop.set()
                await running
            finally:
                running.cancel()
            return progress
    finally:
        await pool.close()


async def chain_rows(dsn: str) -> dict[str, object]:
    """The catalog without the queue of metadata: a later import asks for all at once what an earlier one asked for
    token by token."""
    catalog = await catalog_of(dsn)
    return {table: catalog[table] for table in CATALOG_TABLES if table != "metadata_queue"}
