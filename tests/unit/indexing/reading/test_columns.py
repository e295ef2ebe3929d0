"""Replies read by columns say what they say when they are read log by log, or are not read so."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from steadymint.indexing.reading.columns import Columns, Scanner
from steadymint.indexing.reading.logs import Log, logs_reply
from steadymint.indexing.subjects.movements.topics import TRANSFER
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CATS,
    EDITIONS,
    MAX,
    STRANGER,
    ZERO,
    log,
    reply_of,
    single,
    topic,
    transfer,
)

PEOPLE = (ALICE, BOB, STRANGER, ZERO, "0x" + "12" * 19 + "34")


def transfers(chance: random.Random, number: int) -> list[Log]:
    """Of several contracts, some of them in one block."""
    block, index, found = 0xFFFFE, 0, list[Log]()
    for _ in range(number):
        if chance.random() < 0.3:
            block, index = block + chance.randrange(1, 20), 0
        index += chance.choice((1, 1, 15))
        people, contract = chance.sample(PEOPLE, 2), chance.choice((CATS, CATS, EDITIONS))
        found.append(transfer(*people, chance.randrange(10**12), contract=contract, block=block, index=index))
    return found


def scanned(text: bytes) -> Columns | None:
    return Scanner(TRANSFER).scan(text)


def said(log: Log) -> tuple[Any, ...]:
    """What a log says, however its numbers are written."""
    time = None if log.block_timestamp is None else int(log.block_timestamp, 16)
    numbers = int(log.block_number, 16), int(log.log_index, 16), time
    arguments = [log.topics[:1], *map(value, log.topics[1:])]
    return numbers, log.address, arguments, log.data or "0x", log.block_hash, log.transaction_hash.lower(), log.removed


def value(topic: str) -> int | str:
    return int(topic[2:], 16) if re.fullmatch("0x[0-9a-fA-F]+", topic) else topic


def said_by(columns: Columns) -> list[tuple[Any, ...]]:
    """What all logs of the reply say, in order."""
    found = [said(log) for log in columns.rest]
    senders, recipients = columns.accounts.numbers.reshape(2, -1)
    for row in range(len(columns)):
        block = int(columns.blocks[row])
        time = None if columns.times is None else int(columns.times[row])
        names = columns.accounts.names
        arguments = [int(names[senders[row]], 16), int(names[recipients[row]], 16), int(columns.tokens[row])]
        address = columns.contracts.names[columns.contracts.numbers[row]]
        tx_hash = "0x" + columns.hashes[row].tobytes().hex()
        numbers = block, int(columns.indexes[row]), time
        found.append((numbers, address, [[TRANSFER], *arguments], "0x", columns.block_hashes[block], tx_hash, False))
    return sorted(found, key=lambda one: one[0][:2])


def test_every_plain_transfer_is_in_the_columns_and_says_what_its_log_says() -> None:
    logs = transfers(random.Random(1), 3000)
    columns = scanned(reply_of(logs).text)

    assert columns is not None
    assert len(columns) >= len(logs) - 1  # the last one ends with the text
    assert said_by(columns) == [said(log) for log in logs]
    assert [said(log) for log in columns.logs(columns.blocks * 0)] == [said(logs[0])] * len(columns)


ODD: dict[str, Log] = {
    "another event": single(ALICE, BOB, 1, 5, block=10**7),
    "a number of 256 bits": transfer(ALICE, BOB, MAX, block=10**7),
    "a number of 2^40": transfer(ALICE, BOB, 1 << 40, block=10**7),
    "data": transfer(ALICE, BOB, 1, block=10**7, data="0x" + "0" * 64),
    "three topics": log(CATS, [TRANSFER, topic(ALICE), topic(BOB)], block=10**7),
    "no topics": log(CATS, [], block=10**7),
    "an account of more than 20 bytes": log(CATS, [TRANSFER, topic(MAX), topic(BOB), topic(1)], block=10**7),
    "a log index that no place holds": transfer(ALICE, BOB, 1, block=10**7, log_index="0x1000000"),
    "a number that ends nowhere": transfer(ALICE, BOB, 1, block=10**7, log_index="0x" + "0" * 20 + "1"),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_log_that_is_no_plain_transfer_stays_a_log_among_those_that_are(odd: Log) -> None:
    logs = transfers(random.Random(2), 40)
    later = transfer(ALICE, BOB, 1, block=10**7 + 1)
    columns = scanned(reply_of([*logs, odd, later]).text)

    assert columns is not None
    assert (len(columns), said(columns.rest[0])) == (len(logs), said(odd))
    assert said_by(columns) == [said(log) for log in (*logs, odd, later)]


UNFIT: dict[str, Callable[[list[Log]], Any]] = {
    "a log twice": lambda logs: logs.insert(3, logs[3]),
    "disorder": lambda logs: logs.insert(3, logs.pop(9)),
    "transactions in disorder": lambda logs: logs.extend(
        transfer(ALICE, BOB, at, block=10**7, index=at, transaction_index=hex(9 - at)) for at in range(3)
    ),
    "two hashes of a block": lambda logs: logs.insert(3, follower(logs[2], block_hash="0x" + "1" * 64)),
    "two hashes of a block, in a log of another kind": lambda logs: logs.insert(
        3, follower(logs[2], block_hash="0x" + "1" * 64, data="0x00")
    ),
    "two times of a block": lambda logs: logs.insert(3, follower(logs[2], block_timestamp="0x1")),
    "a log that has left the chain": lambda logs: logs.insert(3, follower(logs[2], removed=True)),
    "a contract in capitals": lambda logs: logs.insert(3, follower(logs[2], address="0x" + "CA" * 20)),
    "a hash that is none": lambda logs: logs.insert(3, follower(logs[2], transaction_hash="0x" + "g" * 64)),
    "an account that is none": lambda logs: logs[3].topics.__setitem__(1, topic("0x" + "g" * 40)),
}


def follower(one: Log, **changes: Any) -> Log:
    """The next log of the block."""
    return msgspec.structs.replace(one, log_index=hex(int(one.log_index, 16) + 1), **changes)


@pytest.mark.parametrize("spoil", UNFIT.values(), ids=UNFIT)
def test_a_reply_in_which_something_does_not_fit_together_is_read_log_by_log(spoil: Callable[[list[Log]], Any]) -> None:
    logs = transfers(random.Random(3), 40)
    assert scanned(reply_of(logs).text) is not None
    spoil(logs)

    assert scanned(reply_of(logs).text) is None


NODES: dict[str, Callable[[dict[str, Any]], str]] = {
    "members in another order": lambda reply: json.dumps(reply, sort_keys=True, separators=(",", ":")),
    "spaces": lambda reply: json.dumps(reply, separators=(",", ": ")),
    "the result first": lambda reply: json.dumps({"result": reply.pop("result"), **reply}, separators=(",", ":")),
    "no times": lambda reply: json.dumps(without(reply, "blockTimestamp"), separators=(",", ":")),
    "no index of the transaction": lambda reply: json.dumps(without(reply, "transactionIndex"), separators=(",", ":")),
}


def without(reply: dict[str, Any], member: str) -> dict[str, Any]:
    return {**reply, "result": [{name: one[name] for name in one if name != member} for one in reply["result"]]}


@pytest.mark.parametrize("write", NODES.values(), ids=NODES)
def test_any_node_is_understood_that_writes_all_its_logs_alike(write: Callable[[dict[str, Any]], str]) -> None:
    logs = transfers(random.Random(4), 60)
    text = write(json.loads(reply_of(logs).text)).encode()
    columns = scanned(text)

    assert columns is not None
    assert len(columns) >= len(logs) - 1
    assert said_by(columns) == [said(log) for log in logs_reply.decode(text).result or []]
    if columns.times is None:
        assert set(columns.timeless) | {log.block_number for log in columns.rest} == {log.block_number for log in logs}


@pytest.mark.parametrize(
    "text", [b"", b"{", b"{}", b'{"result":[]}', b'{"result":null}', b'{"error":{"code":1}}', b"["]
)
def test_what_has_no_logs_is_left_to_who_reads_log_by_log(text: bytes) -> None:
    scanner = Scanner(TRANSFER)
    assert scanner.scan(text) is None
    assert scanner.scan(reply_of(transfers(random.Random(6), 9)).text) is not None
    assert scanner.scan(text) is None  # now it knows how the node writes


def test_no_byte_that_is_changed_makes_a_reply_say_something_else() -> None:
    """Bytes are replaced, left out, put in and moved. What is read by columns still is what the JSON says."""
    chance = random.Random(5)
    scanner, read = Scanner(TRANSFER), 0
    for _ in range(1000):
        text = bytearray(reply_of(transfers(chance, chance.randrange(2, 12))).text)
        for _ in range(chance.choice((1, 1, 2))):
            spoil(text, chance)
        columns = scanner.scan(bytes(text))
        if columns is not None:
            read += 1
            logs = logs_reply.decode(bytes(text)).result or []
            assert said_by(columns) == [said(log) for log in logs]
    assert 100 < read < 950


def spoil(text: bytearray, chance: random.Random) -> None:
    at, other = chance.randrange(len(text)), chance.randrange(len(text))
    how = chance.randrange(5)
    if how == 0:
        text[at] = chance.choice(b'0123456789abcdefxA"\\,:{}[] \n\0\xff')
    elif how == 1:
        del text[at]
    elif how == 2:
        text.insert(at, chance.choice(b'0f"\\,:{}[] '))
    elif how == 3:
        text[at:at] = text[min(at, other) : max(at, other)]
    else:
        text[at], text[other] = text[other], text[at]
