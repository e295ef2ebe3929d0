"""How fast orders are checked again: ten thousand listings that hang on one approval, which their maker takes back.

The baseline is one `UPDATE` of as many rows that have the same columns and indexes and no triggers. What lies above it
is the question to the node, the floors, the totals of the account, and an event for each order.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks.options import Options
from benchmarks.report import DidNotHappenError, Goal, Measure
from migrations.runner import migrate_postgres
from steadymint.catalog.cache import CatalogCache
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.registry import ChainRegistry
from steadymint.database import create_pool
from steadymint.domain.types import ChainId
from steadymint.market.checking.causes import LATER
from steadymint.market.checking.checker import OrderChecker
from steadymint.market.checking.service import ChainMarket
from steadymint.market.policies import policy_of
from steadymint.stack.anvil import Anvil
from steadymint.stack.deploy import deploy
from steadymint.stack.home import NODE_DIR
from steadymint.stack.local import register_local_chain
from steadymint.stack.postgres import Postgres
from tests.support.catalog_rows import CHAIN, collection_row, insert
from tests.support.market import open_market
from tests.support.orders import ALICE, CATS, listed, put_orders

GOAL: Final = Goal("ratio", ">=", 0.3)
PAGE: Final = 500
"""Orders that are put into the catalog in one statement."""

_BARE: Final = "create table bare_orders (like catalog_service.orders including all)"
_REFUSE: Final = "update {} set reasons = '{{not_approved}}', fillable = 0, checked_block = 1, checked_at = now()"
_ALLOW: Final = "update {} set reasons = '{{}}', fillable = 1"


async def measure(options: Options) -> list[Measure]:
    """Checks after one approval is taken back."""
    orders = options.of(10_000, 1_000)
    with tempfile.TemporaryDirectory(prefix="steadymint-bench-") as name:
        directory = Path(name)
        directory.chmod(0o755)  # PostgreSQL does not run as root
        anvil, postgres = Anvil(directory / "anvil", NODE_DIR), Postgres(directory / "postgres", database="migrated")
        try:
            await anvil.start()
            await postgres.start()
            await migrate_postgres(postgres.url)
            contracts = await deploy(anvil)
            async with await create_pool(postgres.url, min_size=1, max_size=4) as pool:
                await register_local_chain(pool, anvil, contracts)
                clients = ChainClients(ChainRegistry(pool))
                try:
                    market = ChainMarket(clients, policy_of, ChainId(CHAIN))
                    return [
                        await _measured(
                            pool, OrderChecker(pool, ChainId(CHAIN), market, CatalogCache(None)), orders, options
                        )
                    ]
                finally:
                    await clients.close()
        finally:
            await postgres.stop()
            await anvil.stop()


async def _measured(pool: asyncpg.Pool, checker: OrderChecker, orders: int, options: Options) -> Measure:
    await _fill(pool, orders)
    checks, bare = list[float](), list[float]()
    for _ in range(options.of(5, 2)):
        bare.append(await _update(pool, "bare_orders"))
        await pool.execute(_ALLOW.format("catalog_service.orders"))
        await pool.execute(
            f"""insert into catalog_service.order_causes as c (chain_id, cause, account, contract, block)
            values ($1, 'approval', $2, $3, 0) {LATER}""",
            CHAIN, ALICE, CATS,
        )  # fmt: skip
        started = time.perf_counter()
        done = await checker.round()
        checks.append(time.perf_counter() - started)
        if done.changed != orders:
            raise DidNotHappenError(f"{done.changed} of {orders} orders were made inactive")
    median, baseline = orders / statistics.median(checks), orders / statistics.median(bare)
    against = "an UPDATE of as many rows, without triggers"
    name = f"{orders:,} listings after one approval is taken back"
    return Measure(name, median, "orders/s", baseline, against, GOAL, notes={"s": [round(one, 2) for one in checks]})


async def _fill(pool: asyncpg.Pool, orders: int) -> None:
    """Listings of as many tokens of one collection, and a table that is the same but for the triggers."""
    await open_market(pool)
    collection = collection_row(1)
    await insert(pool, "catalog_service.collections", [collection])
    for first in range(0, orders, PAGE):
        await put_orders(pool, *(listed(token, salt=token) for token in range(first, min(first + PAGE, orders))))
    await pool.execute(
        """update catalog_service.orders
        set token_id = catalog_service.token_id(chain_id, contract, token_number), collection_id = $1""",
        collection["id"],
    )
    await pool.execute(_BARE)
    columns = await pool.fetchval(
        """select string_agg(column_name, ', ') from information_schema.columns
        where table_schema = 'catalog_service' and table_name = 'orders' and is_generated = 'NEVER'"""
    )
    await pool.execute(f"insert into bare_orders ({columns}) select {columns} from catalog_service.orders")
    await pool.execute("analyze catalog_service.orders, bare_orders")


async def _update(pool: asyncpg.Pool, table: str) -> float:
    await pool.execute(_ALLOW.format(table))
    started = time.perf_counter()
    await pool.execute(_REFUSE.format(table))
    return time.perf_counter() - started
