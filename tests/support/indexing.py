"""What tests of the indexer share: a chain driven by hand, and an indexer over it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from contracts import load_artifact
from steadymint.chain.nodes.chain import FACTORY
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.database import prepare_connection
from steadymint.domain.indexing import SpanSummary
from steadymint.domain.types import ChainId
from steadymint.indexing.indexed_chain import IndexedChain
from steadymint.indexing.indexer import Indexer
from steadymint.indexing.projection import no_fault
from steadymint.indexing.reading.source import LogSource
from steadymint.stack.anvil import DEV_ACCOUNTS, Anvil
from steadymint.stack.deploy import Deployment
from tests.support.local_chain import LocalChain
from tests.support.postgres import fresh_database

ALICE, BOB, CAROL = (account.address.lower() for account in DEV_ACCOUNTS[:3])
ZERO = "0x" + "0" * 40
NO_REFERENCE = b"\0" * 32


def signature_of(entry: dict[str, Any]) -> str:
    return f"{entry['name']}({','.join(_type(parameter) for parameter in entry['inputs'])})"


def _type(parameter: dict[str, Any]) -> str:
    if parameter["type"].startswith("tuple"):
        inner = ",".join(_type(component) for component in parameter["components"])
        return f"({inner}){parameter['type'][5:]}"
    return parameter["type"]


def call_data(contract: str, function: str, *arguments: Any) -> str:
    """Calldata of a function of one of our artifacts; of overloads the one with as many arguments."""
    entry = next(
        entry
        for entry in load_artifact(contract).abi
        if entry["type"] == "function" and entry["name"] == function and len(entry["inputs"]) == len(arguments)
    )
    types = [_type(parameter) for parameter in entry["inputs"]]
    return "0x" + (keccak(text=signature_of(entry))[:4] + encode(types, arguments)).hex()


def init(owner: str = ALICE, name: str = "Cool Cats", **changes: Any) -> tuple[Any, ...]:
    """A `CollectionInit` with an open, free mint."""
    mint = changes.pop("mint", (0, 0, 0, 0, b"\0" * 32))
    given = {
        "symbol": "CATS",
        "base_uri": "ipfs://base/",
        "contract_uri": "ipfs://contract",
        "max_supply": 0,
        "bps": 250,
        "receiver": owner,
        "payout": owner,
    } | changes
    head = (owner, name, given["symbol"], given["base_uri"], given["contract_uri"], given["max_supply"])
    return (*head, given["bps"], given["receiver"], given["payout"], mint)


@dataclass
class Driver:
    """Sends transactions from unlocked accounts and mines blocks by hand."""

    anvil: Anvil
    contracts: Deployment
    salts: int = 0

    async def send(self, sender: str, to: str, data: str, value: int = 0) -> str:
        """The hash; the transaction waits for a block unless the node mines at once."""
        transaction = {"from": sender, "to": to, "data": data, "gas": hex(12_000_000), "value": hex(value)}
        return await self.anvil.rpc("eth_sendTransaction", transaction)

    async def receipt(self, tx_hash: str) -> dict[str, Any]:
        await self._mined(tx_hash)
        receipt = await self.anvil.rpc("eth_getTransactionReceipt", tx_hash)
        assert int(receipt["status"], 16) == 1, "reverted"
        return receipt

    async def create(self, kind: int = 0, sender: str = ALICE, salt: bytes | None = None, **changes: Any) -> str:
        """A new collection, mined at once; its address."""
        self.salts += 1
        salt = salt or self.salts.to_bytes(32, "big")
        predict = call_data("CollectionFactory", "predict", sender, kind, salt)
        word = await self.anvil.rpc("eth_call", {"to": self.contracts.factory, "data": predict}, "latest")
        data = call_data(
            "CollectionFactory", "createCollection", kind, salt, init(changes.pop("owner", sender), **changes)
        )
        await self.receipt(await self._mined(await self.send(sender, self.contracts.factory, data)))
        return "0x" + word[26:]

    async def mint(
        self, contract: str, quantity: int = 1, sender: str = ALICE, to: str | None = None, ref: bytes = NO_REFERENCE
    ) -> str:
        data = call_data("Collection721", "mint", to or sender, quantity, [], ref)
        return await self._mined(await self.send(sender, contract, data))

    async def mint_batch(
        self,
        contract: str,
        ids: Sequence[int],
        quantities: Sequence[int],
        sender: str = ALICE,
        to: str | None = None,
        ref: bytes = NO_REFERENCE,
    ) -> str:
        data = call_data("Collection1155", "mintBatch", to or sender, list(ids), list(quantities), [], ref)
        return await self._mined(await self.send(sender, contract, data))

    async def transfer(self, contract: str, token_id: int, sender: str, to: str) -> str:
        data = call_data("Collection721", "transferFrom", sender, to, token_id)
        return await self._mined(await self.send(sender, contract, data))

    async def transfer_1155(self, contract: str, token_id: int, quantity: int, sender: str, to: str) -> str:
        data = call_data("Collection1155", "safeTransferFrom", sender, to, token_id, quantity, b"")
        return await self._mined(await self.send(sender, contract, data))

    async def call(self, contract: str, artifact: str, function: str, *arguments: Any, sender: str = ALICE) -> str:
        return await self._mined(await self.send(sender, contract, call_data(artifact, function, *arguments)))

    async def _mined(self, tx_hash: str) -> str:
        """Automatic mining follows a transaction by a moment."""
        async with asyncio.timeout(30):
            while await self.anvil.rpc("eth_getTransactionReceipt", tx_hash) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        return tx_hash


def indexed_chain(driver: Driver, **changes: Any) -> IndexedChain:
    given = {
        "chain_id": ChainId(driver.anvil.caip2),
        "number": driver.anvil.chain_id,
        "symbol": "ETH",
        "decimals": 18,
        "confirmations": 2,
        "roles": {driver.contracts.factory: FACTORY},
        "start_block": driver.contracts.start_block,
    } | changes
    return IndexedChain(**given)


@dataclass
class Index:
    """Indexers over one database, one after another."""

    driver: Driver
    dsn: str
    options: dict[str, Any] = field(default_factory=dict)
    chain: dict[str, Any] = field(default_factory=dict)

    async def catch_up(self, *, fault: Callable[[str], None] = no_fault, dsn: str | None = None) -> SpanSummary:
        """Index everything that is deep enough now."""
        chain = indexed_chain(self.driver, **self.chain)
        head = await self.driver.anvil.block_number()
        async with self.indexer(fault=fault, dsn=dsn) as indexer:
            return await indexer.run(asyncio.Event(), until_block=head - chain.confirmations + 1)

    def indexer(self, *, fault: Callable[[str], None] = no_fault, dsn: str | None = None) -> _Opened:
        return _Opened(self, fault, dsn or self.dsn)


class Polled:
    """`Heads` that look fifty times a second."""

    async def news(self) -> None:
        await asyncio.sleep(0.02)


class _Opened:
    def __init__(self, index: Index, fault: Callable[[str], None], dsn: str) -> None:
        self._index, self._fault, self._dsn = index, fault, dsn

    async def __aenter__(self) -> Indexer:
        index = self._index
        endpoint = EndpointConfig(id=1, url=index.driver.anvil.url)
        self._rpc = RpcClient(ChainId(index.driver.anvil.caip2), [endpoint])
        source = LogSource(self._rpc, **index.options.get("source", {}))
        options = {key: value for key, value in index.options.items() if key != "source"}
        chain = indexed_chain(index.driver, **index.chain)
        return Indexer(chain, dsn=self._dsn, source=source, heads=Polled(), fault=self._fault, **options)

    async def __aexit__(self, *_: object) -> None:
        await self._rpc.close()


CATALOG_TABLES = (
    "collections",
    "collection_bindings",
    "collection_roles",
    "collection_mint_config",
    "collection_events",
    "collection_stats",
    "tokens",
    "token_balances",
    "collection_owners",
    "metadata_queue",
    "ownership_transfers",
    "activities",
    "processed_events",
    "order_fills",
    "order_cancels",
    "order_validations",
    "counter_increments",
    "sales",
    "collection_volume_hours",
    "account_stats",
    "orders",
    "approvals",
    "approvals_history",
)
NOT_OF_THE_CHAIN = {
    "processed_events": {"processed_at"},
    "collections": {"no", "chain_no"},
    "account_stats": {"updated_at"},
    "activities": {"suspicious", "tx_sender"},
}
"""Columns of our own clock (such as when an order was first active), what nodes are asked for later, and numbers that
depend on what was there before."""
# What is to be read, whether it stands there by itself or in a span, which depends on what came in one batch. How often
# and why it was asked for depends on rollbacks.
TO_BE_READ = """
select subject_id, collection_id, kind from catalog_service.metadata_queue
union
select t.id, t.collection_id, 'token' from catalog_service.sync_state s join catalog_service.tokens t
    on t.collection_id = s.collection_id
    and t.token_number between split_part(s.cursor, ':', 2)::numeric and split_part(s.cursor, ':', 3)::numeric
where s.source = 'metadata' and s.cursor is not null"""


# What the indexer says of an order. The reasons of one that is not open mean nothing.
ORDERS = """
select id, quantity_filled, is_cancelled, status, case when status in ('active', 'inactive') then reasons end as reasons
from catalog_service.orders"""
# A sale and a listing update the time by our own clock.
STATS = """
select s.collection_id, s.items_count, s.owners_count, s.listed_count, s.sales_count, s.volume_all,
    s.floor_price_native, case when s.sales_count = 0 and not exists (
        select from catalog_service.orders o where o.collection_id = s.collection_id
    ) then s.last_updated_at end as last_updated_at
from catalog_service.collection_stats s"""
ON_CHAIN = """select *, nullif(suspicious, 'not_approved') as contradicts from catalog_service.activities
where type not in ('listed', 'offer')"""
QUERIES = {"metadata_queue": TO_BE_READ, "orders": ORDERS, "collection_stats": STATS, "activities": ON_CHAIN}
QUERIES |= {name: f"select * from wallet_service.{name}" for name in ("approvals", "approvals_history")}


async def catalog_of(dsn: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every catalog table that the chain decides, in one order."""
    connection = await asyncpg.connect(dsn)
    await prepare_connection(connection)
    try:
        return {table: await _rows(connection, table) for table in CATALOG_TABLES}
    finally:
        await connection.close()


async def _rows(connection: asyncpg.Connection, table: str) -> list[tuple[Any, ...]]:
    whole = f"select * from catalog_service.{table}"
    rows = await connection.fetch(QUERIES.get(table, whole))
    hidden = NOT_OF_THE_CHAIN.get(table, set())
    return sorted((tuple((name, value) for name, value in row.items() if name not in hidden) for row in rows), key=repr)


async def fetch(dsn: str, query: str, *arguments: Any) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(dsn)
    await prepare_connection(connection)
    try:
        return [dict(row) for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


@pytest.fixture
async def fresh_index(postgres: str) -> AsyncIterator[str]:
    """A second migrated database: what an index from scratch gives."""
    async for dsn in fresh_database(postgres):
        yield dsn


@pytest.fixture
def driver(chain: LocalChain) -> Driver:
    return Driver(chain.anvil, chain.contracts)


@pytest.fixture
def index(driver: Driver, database: str) -> Index:
    return Index(driver, database)
