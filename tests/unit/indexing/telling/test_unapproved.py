"""Movements that nobody is known to have allowed say so, and who sent them, however the chain was read and whenever
nodes answer."""

from __future__ import annotations

import asyncio
import random

import pytest

from steadymint.domain.types import ChainId
from steadymint.indexing.reading.lookups import Question
from steadymint.indexing.telling import node_facts
from steadymint.indexing.telling.tx_senders import TxSenders
from steadymint.indexing.telling.unapproved import Departure, Facts, Position, Wanted, judged
from tests.support.departures import FakeNodes, ForgedChain, Forger, Key, expected
from tests.support.imported_pair import STANDARDS, finish, imported
from tests.support.indexing import fetch
from tests.support.projected import Projected

BLOCKS = 12
SAID = """
select block_number, log_index, batch_index, suspicious, tx_sender from catalog_service.activities
where chain_id = $1 and (suspicious is not null or tx_sender is not null)"""


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_facts, "EVERY", 0.0)


async def live(index: Projected, chain: ForgedChain, other: ForgedChain, chance: random.Random) -> FakeNodes:
    """Read the chain in batches of any width, off a fork and back at times, while nodes are asked now and then; a first
    reading is sealed somewhere on the way, and the process may start anew."""
    nodes = FakeNodes(chance, chain.senders | other.senders)
    senders = TxSenders(index.writer, nodes)
    turns = sorted(chance.randrange(1, BLOCKS + 1) for _ in range(3))
    turn = turns[0]
    for upto in (*turns, BLOCKS):
        fork = chance.randrange(upto)
        await index.take_all(
            chain.then(other, fork).blocks[:upto] if chance.random() < 0.3 else chain.blocks[:upto], chance
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
    await index.take_all(chain.blocks, chance)
    await index.seal()
    senders.due(STANDARDS)
    await finish(senders)
    return nodes


async def test_the_rows_follow_from_the_chain_alone(database: str) -> None:
    seen = set[str | None]()
    for seed in range(7):
        chance, chain_id = random.Random(seed), ChainId(f"eip155:{seed + 1}")
        lies, approvals = chance.choice((0.0, 0.15)), chance.choice((0.0, 0.1, 0.3))
        chain, other = (Forger(chance, 2 * seed + nth, lies, approvals).chain(BLOCKS) for nth in range(2))
        async with imported(database, chain_id, history=chance.random() < 0.5) as index:
            await live(index, chain, other, chance)
        said: dict[Key, tuple[str | None, str]] = {}
        for row in await fetch(database, SAID, chain_id):
            block, log_index, nth, reason, sender = row.values()
            said[block, log_index, nth] = reason, sender
        contradicting = {key for key, (reason, _) in said.items() if reason not in (None, "not_approved")}
        for key in contradicting:
            said[key] = "contradicts", said[key][1]
        assert said == expected(chain, contradicting), f"seed {seed}"
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
    assert wanted == {Question("transaction", famous[0].tx): 0}

    found = judged(famous, {}, Facts({famous[0].tx: FAMOUS}), wanted := Wanted())
    assert (found.is_done, len(found.verdicts), len(wanted)) == (True, 1, 0)

    received = {famous[0].position: "its mint"}
    found = judged(famous, received, Facts({famous[0].tx: STRANGER}), wanted := Wanted())
    assert (found.is_done, found.upto, found.verdicts) == (False, None, [])
    asked = [("transaction", "its mint"), ("account", FAMOUS), *(("transaction", one.tx) for one in famous[1:])]
    assert list(wanted) == asked


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
