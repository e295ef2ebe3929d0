"""Implements `activities.importing.Importer`: what the import's activities need of chains and tables."""

from __future__ import annotations

import asyncpg

from steadymint.catalog.imports import import_progress
from steadymint.chain.nodes.client import ChainClients
from steadymint.domain.importing import ImportOrder, ImportProgress, Inspection, Registered, RegisterOrder
from steadymint.indexing.importing.contract import inspect
from steadymint.indexing.importing.creation import check_created, first_block
from steadymint.indexing.importing.registration import Registrations, time_of


class Importer:
    """Inspects and registers contracts of all chains."""

    def __init__(self, pool: asyncpg.Pool, clients: ChainClients) -> None:
        self._pool = pool
        self._registrations = Registrations(pool)
        self._clients = clients

    async def inspect(self, order: ImportOrder) -> Inspection:
        """Raises ContractNotFoundError, NotACollectionError, AlreadyInCatalogError, UnknownChainError."""
        client = await self._clients.of(order.chain_id)
        await self._registrations.check_new(order)
        found = await inspect(client, order.contract)
        await self._registrations.announce_anew(order)
        return found

    async def register(self, given: RegisterOrder) -> Registered:
        """Find the first block of the contract's history, and make its rows. Raises like `Registrations.register`."""
        order = given.order
        client = await self._clients.of(order.chain_id)
        chain = await self._clients.registry.get(order.chain_id)
        checkpoint = await self._registrations.checkpoint(order.chain_id)

        async def code_at(block: int) -> bytes:
            return await client.code(order.contract, block)

        await check_created(code_at, checkpoint)
        if order.from_block is not None:
            first, exact = order.from_block, False
        else:
            first, exact = await first_block(code_at, checkpoint)
        header = await client.header(first)
        return await self._registrations.register(
            order, given.inspection, first, time_of(header.timestamp), chain_number=chain.number, exact=exact
        )

    async def progress(self, order: ImportOrder) -> ImportProgress | None:
        """The progress of the import; None if it has no row."""
        return await import_progress(self._pool, order.chain_id, order.contract)
