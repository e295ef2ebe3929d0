"""Movements that nobody is known to have allowed say so, and who sent them, however the chain was read and whenever
nodes answer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from steadymint.database import create_pool, prepare_connection
from steadymint.domain.importing import ImportOrder, Inspection
from steadymint.domain.types import Address, ChainId
from steadymint.indexing.importing.registration import Registrations, time_of
from steadymint.indexing.store.chain_tables import open_tables
from steadymint.indexing.store.writer import SESSION, Writer
from steadymint.indexing.telling import tx_senders
from steadymint.indexing.telling.tx_senders import TxSenders
from steadymint.indexing.telling.unapproved import Departure, Facts, Position, Wanted, judged
from tests.support.departures import FakeNodes, Key, Story, Teller, expected
from tests.support.forged_logs import CATS, EDITIONS
from tests.support.indexing import fetch
from tests.support.projected import Projected, begun

BLOCKS = 12
STANDARDS = {CATS: "erc721", EDITIONS: "erc1155"}
SAID = """
select block_number, log_index, batch_index, suspicious, tx_sender from catalog_service.activities
where chain_id = $1 and (suspicious is not null or tx_sender is not null)"""


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tx_senders, "EVERY", 0.0)


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


async def live(index: Projected, story: Story, other: Story, chance: random.Random) -> FakeNodes:
    """Read the chain in batches of any width, off a fork and back at times, while nodes are asked now and then; a first
    reading is sealed somewhere on the way, and the process may start anew."""
    nodes = FakeNodes(chance, story.senders | other.senders)
    senders = TxSenders(index.writer, nodes)
    turns = sorted(chance.randrange(1, BLOCKS + 1) for _ in range(3))
    turn = turns[0]
    for upto in (*turns, BLOCKS):
        fork = chance.randrange(upto)
        await index.take_all(
            story.then(other, fork).blocks[:upto] if chance.random() < 0.3 else story.blocks[:upto], chance
        )
        if upto >= turn:
            await index.seal()
            senders.due(STANDARDS)
            for _ in range(chance.randrange(8)):
                await senders.step()
                await asyncio.sleep(0)
        if chance.random() < 0.5:
            await senders.close()
            senders = TxSenders(index.writer, nodes)
        await index.back_to(min(fork, index.checkpoint.block))
    await index.take_all(story.blocks, chance)
    await index.seal()
    senders.due(STANDARDS)
    await finish(senders)
    return nodes


async def test_the_rows_follow_from_the_chain_alone(database: str) -> None:
    seen = set[str | None]()
    for seed in range(7):
        chance, chain_id = random.Random(seed), ChainId(f"eip155:{seed + 1}")
        lies, approvals = chance.choice((0.0, 0.15)), chance.choice((0.0, 0.1, 0.3))
        story, other = (Teller(chance, 2 * seed + nth, lies, approvals).story(BLOCKS) for nth in range(2))
        async with imported(database, chain_id, history=chance.random() < 0.5) as index:
            await live(index, story, other, chance)
        said: dict[Key, tuple[str | None, str]] = {}
        for row in await fetch(database, SAID, chain_id):
            block, log_index, nth, reason, sender = row.values()
            said[block, log_index, nth] = reason, sender
        contradicting = {key for key, (reason, _) in said.items() if reason not in (None, "not_approved")}
        for key in contradicting:
            said[key] = "contradicts", said[key][1]
        assert said == expected(story, contradicting), f"seed {seed}"
        seen |= {reason for reason, _ in said.values()}
    assert seen == {None, "not_approved", "contradicts"}


FAMOUS, STRANGER = "0x" + "f0" * 20, "0x" + "57" * 20


def departures(number: int, account: int, address: str) -> list[Departure]:
    """Departures of one account, each in a transaction of its own."""
    return [
        Departure(Position(nth, nth, 0), account, address, str(nth), f"{address}:{nth}", False) for nth in range(number)
    ]


def test_one_transaction_of_an_account_is_asked_for_unless_somebody_else_sent_it() -> None:
    famous, wanted = departures(9, 1, FAMOUS), Wanted()
    judged(famous, {}, Facts(), wanted)
    assert list(wanted.transactions) == [famous[0].tx]

    found = judged(famous, {}, Facts({famous[0].tx: FAMOUS}), wanted := Wanted())
    assert (found.is_done, len(found.verdicts), len(wanted.transactions)) == (True, 1, 0)

    brought = {famous[0].position: "its mint"}
    found = judged(famous, brought, Facts({famous[0].tx: STRANGER}), wanted := Wanted())
    assert (found.is_done, found.upto, found.verdicts) == (False, None, [])
    assert list(wanted.transactions) == ["its mint", *(one.tx for one in famous[1:])]
    assert list(wanted.accounts) == [FAMOUS]


@pytest.mark.parametrize(
    "facts",
    [
        Facts({f"{FAMOUS}:0": None}),
        Facts({f"{FAMOUS}:0": STRANGER, "its mint": None}, {FAMOUS: False}),
        Facts({f"{FAMOUS}:0": STRANGER, "its mint": STRANGER}, {FAMOUS: None}),
    ],
    ids=["its sender", "who minted it", "its code"],
)
def test_what_no_node_knows_is_passed_by_and_not_judged(facts: Facts) -> None:
    first, second = departures(1, 1, FAMOUS)[0], departures(2, 2, STRANGER)[1]
    facts.senders[second.tx] = STRANGER

    found = judged([first, second], {first.position: "its mint"}, facts, Wanted())

    assert found.is_done
    assert [verdict.departure for verdict in found.verdicts] == [second]
