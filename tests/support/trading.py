"""A market on real parts: two collections on a chain with Seaport, registered, in the catalog, and with people who
trade. Their tokens, money and approvals are those of the contract tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from migrations.seed import register_chain
from steadymint.catalog.cache import CatalogCache
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.registry import ChainRegistry
from steadymint.domain.market.intake import HandedOrder, HandedOrders, TakenOrder
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address, ChainId
from steadymint.market.building import OrderBuilding
from steadymint.market.intake import OrderIntake
from steadymint.stack.local import local_seed
from steadymint.stack.market import Market
from tests.contracts.order_stage import MARKETPLACE, Stage, lower
from tests.support.catalog_rows import collection_row, identity, insert
from tests.support.local_chain import LocalChain

CHAIN = ChainId("eip155:31337")
RULES: dict[str, Any] = {"feeBps": 250, "feeRecipient": MARKETPLACE, "royalty": "require"}


@dataclass
class Trading:
    """The market, and how orders get into it."""

    stage: Stage
    pool: asyncpg.Pool
    clients: ChainClients
    intake: OrderIntake
    building: OrderBuilding
    local_chain: LocalChain
    market: Market

    async def rule(self, **rules: Any) -> None:
        """Let other rules hold. Those who ask have to be told: they keep what they have read for a second."""
        seed = await local_seed(self.local_chain.anvil, self.local_chain.contracts, self.market)
        await register_chain(
            self.pool, seed.model_copy(update={"features": seed.features | {"market": RULES | rules}}), local=True
        )
        self.clients.registry = ChainRegistry(self.pool)

    async def take(self, *orders: SubmittedOrder | HandedOrder) -> Sequence[TakenOrder]:
        handed = tuple(one if isinstance(one, HandedOrder) else handed_in(one) for one in orders)
        return (await self.intake.take(HandedOrders(chain_id=CHAIN, orders=handed))).orders

    async def rows(self) -> list[asyncpg.Record]:
        return await self.pool.fetch("select * from catalog_service.orders order by created_at, id")

    async def add_to_catalog(self, contract: Address, number: int, **given: Any) -> UUID:
        """A row of the collection at the contract."""
        id_ = identity(CHAIN, contract)
        row = collection_row(number, id=id_, chain_id=CHAIN, contract_address=contract, **given)
        await insert(self.pool, "catalog_service.collections", [row])
        return id_


def handed_in(order: SubmittedOrder, **given: Any) -> HandedOrder:
    """The order as the API hands it to a worker."""
    return HandedOrder(components=order.components, signature="0x" + order.signature.hex(), **given)


def codes(taken: TakenOrder) -> list[str]:
    """What is wrong with an order that was handed in."""
    return [finding.code.value for finding in taken.findings]


async def open_trading(stage: Stage, pool: asyncpg.Pool, chain: LocalChain, market: Market) -> Trading:
    """Register the market of the stage. Close its clients at the end."""
    clients = ChainClients(ChainRegistry(pool))
    opened = Trading(
        stage,
        pool,
        clients,
        OrderIntake(pool, clients, CatalogCache(None)),
        OrderBuilding(pool, clients),
        chain,
        market,
    )
    await opened.rule()
    return opened


@pytest.fixture
async def trading(stage: Stage, chain: LocalChain, market: Market, pool: asyncpg.Pool) -> AsyncIterator[Trading]:
    opened = await open_trading(stage, pool, chain, market)
    await opened.add_to_catalog(lower(stage.cats.address), 1)
    await opened.add_to_catalog(lower(stage.prints.address), 2, standard="erc1155")
    yield opened
    await opened.clients.close()
