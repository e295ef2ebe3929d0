"""Transfers by columns count as if each had been folded."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator, Sequence
from typing import Any

from steadymint.chain.nodes import chain
from steadymint.indexing.batch import Batch
from steadymint.indexing.fold import Fold
from steadymint.indexing.reading.columns import Scanner
from steadymint.indexing.reading.logs import Header, Log
from steadymint.indexing.reading.source import Span
from steadymint.indexing.subjects.movements.batch_rows import FIRST_MINT, MINT, BatchRows
from steadymint.indexing.subjects.movements.topics import MINTED, TRANSFER
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CAROL,
    CATS,
    CHAIN,
    EDITIONS,
    FACTORY,
    KNOWN,
    MAX,
    STRANGER,
    ZERO,
    log,
    reply_of,
    single,
    topic,
    transfer,
    words,
)
from tests.support.projected import creation

CREATED = "0x" + "99" * 20
_FIRST = struct.pack("!h", FIRST_MINT)
EDGE = Header("0x0", "", "", "0x0")


def story(chance: random.Random, blocks: int) -> list[Log]:
    """Everything that may stand beside plain transfers."""
    found: list[Log] = []
    created_at = chance.randrange(100, 100 + blocks)
    for block in range(100, 100 + blocks):
        count = chance.randrange(12)
        paid = chance.random() < 0.2
        for index in range(count):
            place: dict[str, Any] = {"block": block, "index": index}
            people = chance.sample((ALICE, BOB, CAROL, ZERO), 2)
            token = chance.choice((*range(6), 10**12 - 1, 10**12, 1 << 40, MAX))
            contract = chance.choice((CATS, CATS, CATS, CREATED, EDITIONS, STRANGER))
            found.append(transfer(*people, token, contract=contract, **place))
            if paid and index == count // 2:
                topics = [MINTED, topic(0), topic(ALICE), topic(BOB)]
                found[-1] = log(CATS, topics, words(0, 6, 60), **place)
            elif chance.random() < 0.05:
                found[-1] = chance.choice((single(ALICE, BOB, 1, 3, **place), transfer(ZERO, ZERO, token, **place)))
        if block == created_at:
            found.append(creation(CREATED, 0, block=block, index=count))
    return found


def folded(replies: Sequence[Sequence[Log]], scanner: Scanner | None) -> Batch:
    fold = Fold(CHAIN, {FACTORY: chain.FACTORY}, KNOWN)
    for logs in replies:
        fold.take(Span(EDGE, EDGE, [reply_of(logs, scanner)], []))
    return fold.batch


def rows_of(batch: Batch) -> list[tuple[bytes | None, ...]]:
    """What is copied into `movements`, in the order of the chain. Whether a mint is a token's first is settled when the
    reading is sealed."""
    kinds = {_FIRST: struct.pack("!h", MINT)}
    rows = [(row[0], kinds.get(row[1], row[1]), *row[2:]) for row in _read(copied(batch))]
    return sorted(rows, key=lambda row: (row[3], row[7]))


def copied(batch: Batch) -> bytes:
    known = {**KNOWN, **batch.created}
    rows = BatchRows(batch, known, 18).render()
    numbers = {name: int(name, 16) % 2**30 for name in rows.names}
    return rows.movements(1, numbers, {contract: int(contract, 16) % 2**30 for contract in known})


def _read(payload: bytes) -> Iterator[tuple[bytes | None, ...]]:
    at = 19
    while (count := struct.unpack_from("!h", payload, at)[0]) >= 0:
        at += 2
        row: list[bytes | None] = []
        for _ in range(count):
            (size,) = struct.unpack_from("!i", payload, at)
            at += 4
            row.append(None if size < 0 else payload[at : at + size])
            at += max(size, 0)
        row[10] = _numeric(row[10])
        yield tuple(row)


def _numeric(value: bytes | None) -> bytes:
    """Without leading zeros, which the server strips."""
    assert value is not None
    count, weight, *_ = struct.unpack_from("!hhhh", value)
    digits = struct.unpack_from(f"!{count}h", value, 8)
    number = sum(digit * 10_000 ** (weight - at) for at, digit in enumerate(digits))
    return str(number).encode()


def test_any_replies_come_to_the_same_rows_by_columns_as_log_by_log() -> None:
    by_columns = 0
    for seed in range(60):
        chance = random.Random(seed)
        logs = story(chance, 30)
        cut = chance.randrange(len(logs))
        while 0 < cut < len(logs) and logs[cut].block_number == logs[cut - 1].block_number:
            cut += 1  # a reply ends with a block
        replies = [part for part in (logs[:cut], logs[cut:]) if part]
        expected, found = folded(replies, None), folded(replies, Scanner(TRANSFER))

        assert rows_of(found) == rows_of(expected), seed
        assert +found.counts == +expected.counts, seed
        assert (found.logs, found.blocks, found.created) == (expected.logs, expected.blocks, expected.created), seed
        by_columns += sum(len(one.places) for one in found.plain)
    assert by_columns > 1000


def test_a_first_mint_is_marked_once_for_each_token_of_each_contract() -> None:
    other = {"contract": CREATED}
    logs = [
        creation(CREATED, 0, block=1),
        transfer(ZERO, ALICE, 1, block=2),
        transfer(ZERO, ALICE, 1, block=2, index=1, **other),
        transfer(ALICE, ZERO, 1, block=3),
        transfer(ZERO, BOB, 1, block=4),
        transfer(ALICE, BOB, 2, block=5),
        transfer(ZERO, BOB, 2, block=6),
        transfer(ZERO, BOB, 3, block=7),
    ]
    rows = _read(copied(folded([logs], Scanner(TRANSFER))))

    assert [int.from_bytes(row[3] or b"") >> 24 for row in rows if row[1] == _FIRST] == [2, 2]
