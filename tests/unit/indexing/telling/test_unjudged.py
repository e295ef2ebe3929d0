"""Movements that are not judged yet: what is read of them, and that none is left out after a failure."""

from __future__ import annotations

import random

import pytest

from steadymint.domain.types import ChainId
from steadymint.indexing.chain_state import ChainState, Services
from steadymint.indexing.indexed_chain import IndexedChain
from steadymint.indexing.reading.source import LogSource
from steadymint.indexing.subjects.subject import no_fault
from steadymint.indexing.telling import node_facts
from steadymint.indexing.telling.after_commit import AfterCommit
from steadymint.indexing.telling.unapproved_rows import UnapprovedRows
from tests.support.departures import FakeNodes
from tests.support.forged_logs import ALICE, BOB, CATS, EDITIONS, ROLES, ZERO, batch, consecutive, single, transfer
from tests.support.imported_pair import finish, imported
from tests.support.indexing import fetch
from tests.unit.indexing.reading.test_source import Node

CHAIN = ChainId("eip155:1")
ROWS_READ = """
select coalesce(sum(idx_tup_fetch + seq_tup_read), 0)::bigint from pg_stat_xact_user_tables
where relname like 'movements%'"""
SHOWN = "select block_number, suspicious from catalog_service.activities where type <> 'mint' order by 1"


@pytest.mark.parametrize("standard", ["erc721", "erc1155"])
async def test_of_the_tokens_of_one_log_one_movement_is_read_for_each_departure(database: str, standard: str) -> None:
    contract, minted = CATS, consecutive(1, 3_000, block=1)
    moved = [transfer(ALICE, BOB, token, block=2, index=token) for token in range(1, 41)]
    if standard == "erc1155":
        contract, minted = EDITIONS, batch(ZERO, ALICE, range(1, 3_001), [1] * 3_000, block=1)
        moved = [single(ALICE, BOB, token, 1, block=2, index=token) for token in range(1, 41)]
    async with imported(database, CHAIN) as index:
        await index.take([minted], 1)
        await index.take(moved, 2)
        rows, connection = UnapprovedRows(index.writer), index.writer.connection
        await connection.execute("analyze")
        (found,) = await rows.unjudged([contract], 100)
        async with connection.transaction():
            before = await connection.fetchval(ROWS_READ)
            received = await rows.received(found.collection, found.departures)
            read = await connection.fetchval(ROWS_READ) - before
    assert len(set(received.values())) == 1
    assert None not in received.values()
    assert len(received) == 40
    assert read <= 3 * 40, "the movement itself, what is before it, and one of the mint"


async def test_what_a_failure_kept_from_being_noted_is_judged_after_it(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node_facts, "EVERY", 0.0)
    mint, move = transfer(ZERO, ALICE, 1, block=1), transfer(ALICE, BOB, 1, block=2)
    nodes = FakeNodes(random.Random(1), {one.transaction_hash: BOB for one in (mint, move)})
    source = LogSource(Node(10))
    source.lookups = nodes
    chain = IndexedChain(CHAIN, 1, "ETH", 18, 2, ROLES, 0)
    services = Services(database, source, None, AfterCommit(None, None), None, None, no_fault, None)
    async with imported(database, CHAIN) as index:
        state = ChainState(chain, index.writer, services)
        await index.take([mint], 1)
        await state.load()
        await finish(state.senders)
        await index.take([move], 2)  # written, and then something failed

        await state.reload()
        await finish(state.senders)
    assert await fetch(database, SHOWN) == [{"block_number": 2, "suspicious": "not_approved"}]
