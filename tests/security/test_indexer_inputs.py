"""Attack cases X: whatever a contract emits or a node answers, the catalog holds only what our collections did."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import load_artifact
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.indexing.indexed_chain import IndexerHaltedError
from steadymint.indexing.reading import bloom
from steadymint.indexing.reading.logs import Header, Log
from steadymint.indexing.reading.source import LogSource, WithheldLogsError
from steadymint.indexing.subjects.collections.topics import BASE_URI_SET, CREATED, INIT_TYPE, MINT_CONFIG_SET
from steadymint.indexing.subjects.metadata.announcements import ALL, MANY, Announcements
from steadymint.indexing.subjects.metadata.topics import BATCH_METADATA_UPDATE, METADATA_UPDATE
from steadymint.indexing.subjects.movements.topics import MINTED, TRANSFER, TRANSFER_BATCH, TRANSFER_SINGLE
from steadymint.indexing.subjects.table import FOLLOWED
from steadymint.stack.deploy import create
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CATS,
    EDITIONS,
    FACTORY,
    KNOWN,
    MAX,
    STRANGER,
    ZERO,
    abi,
    batch,
    changed_nothing,
    folded,
    log,
    single,
    topic,
    transfer,
    words,
)
from tests.support.indexing import ALICE as WALLET
from tests.support.indexing import BOB as OTHER
from tests.support.indexing import Driver, Index, call_data, catalog_of, fetch, init

# -- X01, X02: foreign emitters ----------------------------------------------------------------------------------------


async def test_x01_x02_look_alikes_of_factory_and_collection_leave_no_row(driver: Driver, index: Index) -> None:
    fake = (await create(driver.anvil, "LookAlikeFactory"))["contractAddress"]
    victim = (await create(driver.anvil, "ForeignERC721"))["contractAddress"]
    forged = call_data("LookAlikeFactory", "forge", victim, WALLET, b"\1" * 32, 0, WALLET, init(WALLET, "Cool Cats"))
    await driver.receipt(await driver.send(WALLET, fake, forged))
    await driver.receipt(await driver.send(WALLET, victim, call_data("ForeignERC721", "mint", WALLET, 1)))
    coin = (await create(driver.anvil, "ForeignERC20"))["contractAddress"]
    await driver.receipt(await driver.send(WALLET, coin, call_data("ForeignERC20", "mint", WALLET, 1)))
    await driver.anvil.mine(2)

    await index.catch_up()

    assert {table: rows for table, rows in (await catalog_of(index.dsn)).items() if rows} == {}
    counters = (await fetch(index.dsn, "select counters from indexer_service.indexer_checkpoints"))[0]["counters"]
    assert counters["unregistered_factory"] == 1
    assert counters["foreign"] == 2


# -- X04, X10, X11: shapes that are not the event's --------------------------------------------------------------------

MALFORMED = {
    "four topics and data": log(CATS, [TRANSFER, topic(ZERO), topic(ALICE), topic(1)], words(1)),
    "an EIP-20 transfer": log(CATS, [TRANSFER, topic(ALICE), topic(BOB)], words(1)),
    "one topic": log(CATS, [TRANSFER], words(1, 2, 3)),
    "a dirty address": log(CATS, [TRANSFER, "0x" + "1" * 64, topic(BOB), topic(1)]),
    "a short topic": log(CATS, [TRANSFER, topic(ALICE), topic(BOB), "0x"]),
    "a topic that is no hex": log(CATS, [TRANSFER, topic(ALICE), topic(BOB), "0xzz"]),
    "an edition's event from an ERC-721": single(ZERO, ALICE, 1, 1, contract=CATS),
    "an ERC-721's event from an edition": transfer(ZERO, ALICE, 1, contract=EDITIONS),
    "single with one word": log(EDITIONS, [TRANSFER_SINGLE, topic(BOB), topic(ZERO), topic(ALICE)], words(1)),
    "single with odd data": log(EDITIONS, [TRANSFER_SINGLE, topic(BOB), topic(ZERO), topic(ALICE)], "0x123"),
    "batch without data": log(EDITIONS, [TRANSFER_BATCH, topic(BOB), topic(ZERO), topic(ALICE)]),
    "batch of different lengths": batch(ZERO, ALICE, [1, 2], [1]),
    "batch of length 2^255": log(
        EDITIONS, [TRANSFER_BATCH, topic(BOB), topic(ZERO), topic(ALICE)], words(64, 64, 1 << 255)
    ),
    "batch with an offset outside": log(
        EDITIONS, [TRANSFER_BATCH, topic(BOB), topic(ZERO), topic(ALICE)], words(64, 1 << 200, 1, 1)
    ),
    "batch with offsets that point at themselves": log(
        EDITIONS, [TRANSFER_BATCH, topic(BOB), topic(ZERO), topic(ALICE)], words(0, 32, 0, 0)
    ),
    "batch with an unaligned offset": log(
        EDITIONS, [TRANSFER_BATCH, topic(BOB), topic(ZERO), topic(ALICE)], words(65, 64, 1, 1)
    ),
    "mint of 2^255 ids": log(CATS, [MINTED, topic(1), topic(ALICE), topic(BOB)], words(1, 1 << 255, 0)),
    "mint past the last id": log(CATS, [MINTED, topic(1), topic(ALICE), topic(BOB)], words(MAX, 2, 0)),
    "creation without data": log(FACTORY, [CREATED, topic(STRANGER), topic(ALICE), topic(1)]),
    "creation with a string of 2^255 bytes": log(
        FACTORY, [CREATED, topic(STRANGER), topic(ALICE), topic(1)], words(0, 1, 96, *([64] * 14), 1 << 255)
    ),
    "rules of three words": log(CATS, [MINT_CONFIG_SET], words(1, 2, 3)),
    "rules beyond their types": log(CATS, [MINT_CONFIG_SET], words(MAX, MAX, MAX, MAX, MAX)),
    "a base URI with its offset outside": log(CATS, [BASE_URI_SET], words(1 << 255)),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_x04_x10_x11_a_log_of_another_shape_is_counted_and_the_batch_goes_on(name: str) -> None:
    result = folded([MALFORMED[name]])

    assert changed_nothing(result)
    assert result.counts["decode_error"] == 1
    after = folded([MALFORMED[name], transfer(ZERO, ALICE, 9, block=11)])
    assert [move.token_id for move in after.movements] == [9]


@pytest.mark.parametrize("topics", [[], ["0x" + "0" * 64]])
def test_x04_anonymous_events_are_set_aside(topics: list[str]) -> None:
    result = folded([log(CATS, topics, words(1))])

    assert changed_nothing(result)
    assert sum(result.counts.values()) == 1


@given(
    address=st.sampled_from([CATS, EDITIONS, FACTORY]),
    topic0=st.sampled_from(FOLLOWED),
    topics=st.lists(st.integers(0, MAX), max_size=3),
    data=st.binary(max_size=512),
)
def test_x04_x11_no_bytes_whatsoever_stop_a_batch(address: str, topic0: str, topics: list[int], data: bytes) -> None:
    forged = log(address, [topic0, *(topic(value) for value in topics)], "0x" + data.hex())

    result = folded([forged, transfer(ZERO, ALICE, 9, block=11)])

    assert result.tokens[CATS, 9].owner == ALICE


def test_x11_hostile_lengths_cost_next_to_nothing() -> None:
    tracemalloc.start()
    try:
        started = time.process_time()
        folded([MALFORMED["batch of length 2^255"], MALFORMED["creation with a string of 2^255 bytes"]])
        spent = time.process_time() - started
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000
    assert spent < 1  # the case says 10 ms; a loop over 2^255 would not end


# -- X05: repetition ---------------------------------------------------------------------------------------------------


def test_x05_overlapping_pages_give_one_row() -> None:
    page = [transfer(ZERO, ALICE, number, index=number) for number in range(5)]

    result = folded([*page, *page[3:], transfer(ZERO, ALICE, 9, index=9)])

    assert [move.token_id for move in result.movements] == [0, 1, 2, 3, 4, 9]


# -- X13, X14: extreme and contradictory movements, over real contracts that were made to lie --------------------------


async def lying(driver: Driver, kind: int) -> str:
    """A collection of our factory whose code now emits whatever it is told to."""
    contract = await driver.create(kind)
    await driver.anvil.rpc("anvil_setCode", contract, load_artifact("LogForge").deployed_bytecode)
    return contract


async def emit(driver: Driver, contract: str, *logs: Log) -> None:
    forged = [([bytes.fromhex(t[2:]) for t in one.topics], bytes.fromhex(one.data[2:])) for one in logs]
    await driver.receipt(await driver.send(WALLET, contract, call_data("LogForge", "emitLogs", forged)))


async def state(index: Index, contract: str) -> tuple[dict[int, Any], dict[tuple[int, str], int], str | None]:
    tokens = await fetch(
        index.dsn,
        "select token_number, supply, owner_address from catalog_service.tokens where contract_address = $1",
        contract,
    )
    balances = await fetch(
        index.dsn, "select token_id, owner, quantity from catalog_service.token_balances where contract = $1", contract
    )
    reason = await fetch(
        index.dsn, "select inconsistent_reason from catalog_service.collections where contract_address = $1", contract
    )
    return (
        {row["token_number"]: (row["supply"], row["owner_address"]) for row in tokens},
        {(row["token_id"], row["owner"]): row["quantity"] for row in balances},
        reason[0]["inconsistent_reason"],
    )


async def test_x13_the_largest_id_and_quantity_are_stored_exactly_and_their_overflow_is_marked(
    driver: Driver, index: Index
) -> None:
    editions = await lying(driver, 1)
    await emit(driver, editions, single(ZERO, WALLET, MAX, MAX))
    await driver.anvil.mine(1)
    await index.catch_up()
    assert await state(index, editions) == ({MAX: (MAX, None)}, {(MAX, WALLET): MAX}, None)

    await emit(driver, editions, *(single(ZERO, WALLET, MAX, MAX) for _ in range(12)))
    await driver.anvil.mine(1)
    await index.catch_up()

    tokens, balances, reason = await state(index, editions)
    assert reason is not None
    assert balances[MAX, WALLET] == tokens[MAX][0] == 13 * MAX
    totals = await fetch(index.dsn, "select total_supply from catalog_service.collections")
    assert totals[0]["total_supply"] == 13 * MAX


CONTRADICTIONS = {
    "burn of an unseen token": [transfer(WALLET, ZERO, 5)],
    "transfer before mint": [transfer(WALLET, OTHER, 5)],
    "mint of a token that stands": [transfer(ZERO, WALLET, 1)],
    "transfer by someone who does not hold it": [transfer(OTHER, WALLET, 1)],
    "from nobody to nobody": [transfer(ZERO, ZERO, 1)],
    "two mints at once": [transfer(ZERO, WALLET, 6), transfer(ZERO, OTHER, 6)],
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
async def test_x14_contradictions_of_an_erc721_never_make_a_second_owner(
    driver: Driver, index: Index, name: str
) -> None:
    cats = await lying(driver, 0)
    await emit(driver, cats, transfer(ZERO, WALLET, 1))
    await driver.anvil.mine(1)
    await index.catch_up()

    await emit(driver, cats, *CONTRADICTIONS[name])
    await driver.anvil.mine(1)
    await index.catch_up()

    tokens, balances, reason = await state(index, cats)
    assert reason is not None
    for token, (supply, owner) in tokens.items():
        held = {holder: quantity for (id_, holder), quantity in balances.items() if id_ == token}
        assert held == ({owner: 1} if supply else {})


async def test_x14_contradictions_of_an_edition_never_make_a_negative_balance(driver: Driver, index: Index) -> None:
    editions = await lying(driver, 1)
    await emit(driver, editions, single(ZERO, WALLET, 1, 5), single(WALLET, WALLET, 1, 5))
    await driver.anvil.mine(1)
    await index.catch_up()
    assert (await state(index, editions))[1:] == ({(1, WALLET): 5}, None)

    await emit(driver, editions, single(WALLET, OTHER, 1, 9), single(OTHER, ZERO, 2, 4), single(ZERO, ZERO, 3, 1))
    await driver.anvil.mine(1)
    await index.catch_up()

    tokens, balances, reason = await state(index, editions)
    assert reason is not None
    assert balances == {(1, OTHER): 9}
    assert tokens[2] == (0, None)
    assert 3 not in tokens


async def test_x14_supply_is_mints_less_burns(driver: Driver, index: Index) -> None:
    cats, editions = await lying(driver, 0), await lying(driver, 1)
    await emit(driver, cats, *(transfer(ZERO, WALLET, token) for token in range(6)), transfer(WALLET, ZERO, 2))
    await emit(driver, editions, batch(ZERO, WALLET, [1, 2, 3], [5, 6, 7]), batch(WALLET, ZERO, [1, 2], [5, 1]))
    await driver.anvil.mine(1)
    await index.catch_up()
    await emit(driver, cats, transfer(WALLET, ZERO, 4), transfer(ZERO, OTHER, 2))
    await driver.anvil.mine(1)

    await index.catch_up()

    rows = await fetch(
        index.dsn,
        "select c.total_supply, c.total_minted, s.items_count, s.owners_count, c.inconsistent_reason"
        " from catalog_service.collections c join catalog_service.collection_stats s on s.collection_id = c.id"
        " order by c.standard",
    )
    assert [tuple(row.values()) for row in rows] == [(12, 18, 2, 1, None), (5, 7, 5, 2, None)]


# -- X19, X22: spam and second lives ----------------------------------------------------------------------------------


def test_x19_metadata_updates_of_all_tokens_in_every_block_are_one_span() -> None:
    updates = [log(CATS, [BATCH_METADATA_UPDATE], words(0, MAX), block=block) for block in range(500)]

    said = folded(updates).announcements

    assert (said.tokens, said.ranges, said.contracts) == ({}, {CATS: (0, MAX)}, set())


def test_x19_updates_of_single_tokens_without_end_keep_a_few_thousand_ids_and_miss_none() -> None:
    updates = [log(CATS, [METADATA_UPDATE], words(3 * n), index=n) for n in range(20_000)]

    said = folded(updates).announcements

    kept, (first, last) = said.tokens.get(CATS, set()), said.ranges[CATS]
    assert len(kept) <= MANY
    assert all(first <= 3 * n <= last or 3 * n in kept for n in range(20_000))


def test_x19_many_contracts_that_announce_a_few_tokens_each_are_bounded_too() -> None:
    said = Announcements()
    for contract in range(2_000):
        for first in range(0, 500, 100):
            said.of_tokens(1, f"0x{contract:040x}", first, first + 99)

    assert said.kept == sum(len(ids) for ids in said.tokens.values()) <= ALL
    for contract in (0, 1_999):
        name = f"0x{contract:040x}"
        kept, (first, last) = said.tokens.get(name, set()), said.ranges.get(name, (0, -1))
        assert kept | set(range(first, last + 1)) == set(range(500))


def test_x22_a_second_creation_at_the_same_address_is_marked_and_replaces_nothing() -> None:
    init_type, init_value = INIT_TYPE, init(ALICE, "Impostor")
    data = abi(["uint8", "address", init_type], 1, BOB, init_value)
    again = log(FACTORY, [CREATED, topic(CATS), topic(BOB), topic(1)], data)

    result = folded([again, transfer(ZERO, ALICE, 9, block=11)])

    assert result.created == {}
    assert result.events == []
    assert result.inconsistent == {CATS}
    assert result.counts == {"created_again": 1}
    assert result.tokens[CATS, 9].owner == ALICE  # followed on under its first standard


# -- X08, X20: what a node may do --------------------------------------------------------------------------------------


class Node:
    """A node that answers by the book, except for what a test changes."""

    def __init__(self, logs: list[Log], *, served: list[Log] | None = None, receipts: bool = True) -> None:
        self.logs = logs
        self.served = logs if served is None else served
        self.receipts = receipts

    async def raw(self, method: str, params: Any = (), **_: Any) -> bytes:
        import msgspec

        if method == "eth_getBlockReceipts":
            if not self.receipts:
                raise UpstreamUnavailableError
            return msgspec.json.encode({"result": [{"logs": self.logs}]})
        return msgspec.json.encode({"result": self.served})

    async def batch(self, calls: Any, *, timeout: float | None = None) -> list[Any]:
        mask = 0
        for one in self.logs:
            for item in (one.address, *one.topics):
                mask |= bloom.mask_of(item)
        return [
            {
                "number": "0xa",
                "hash": f"0x{10:064x}",
                "parentHash": "0x0",
                "timestamp": "0x1",
                "logsBloom": f"0x{mask:0512x}",
            }
            for _ in calls
        ]


def watching() -> bloom.Watch:
    watch = bloom.Watch(FOLLOWED)
    watch.add([FACTORY, *KNOWN])
    return watch


async def test_x08_an_empty_page_is_noticed_by_the_blocks_own_bloom_and_read_from_the_receipts() -> None:
    node = Node([transfer(ZERO, ALICE, 1)], served=[])

    span = await LogSource(node).blocks(10, 10, watching())

    assert [one.topics[3] for one in span.logs] == [topic(1)]


async def test_x08_a_page_that_lacks_one_of_our_contracts_is_noticed() -> None:
    node = Node([transfer(ZERO, ALICE, 1), single(ZERO, ALICE, 1, 1, index=1)], served=[transfer(ZERO, ALICE, 1)])

    span = await LogSource(node).blocks(10, 10, watching())

    assert len(span.logs) == 2


async def test_x08_a_node_whose_receipts_hold_less_than_its_logs_is_not_believed() -> None:
    node = Node([transfer(ZERO, ALICE, 1)], served=[transfer(ZERO, ALICE, 1), transfer(ZERO, ALICE, 2, index=1)])
    node.logs = [single(ZERO, ALICE, 1, 1)]

    with pytest.raises(WithheldLogsError):
        await LogSource(node).blocks(10, 10, watching())


def test_x08_a_block_without_logs_of_ours_raises_no_alarm() -> None:
    header = Header("0xa", "0x0", "0x0", "0x1", "0x" + "0" * 512)

    assert not watching().misses(header.logs_bloom, set())


async def test_x20_another_chain_under_the_same_number_stops_the_indexer(
    driver: Driver, index: Index, new_chain: Any
) -> None:
    await driver.create(0)
    await driver.anvil.mine(30)
    await index.catch_up()
    before = await catalog_of(index.dsn)
    impostor = await new_chain(extra=("--timestamp", "1600000000"))
    await impostor.anvil.mine(60)
    other = Index(Driver(impostor.anvil, impostor.contracts), index.dsn)

    with pytest.raises(IndexerHaltedError):
        await other.catch_up()

    assert await catalog_of(index.dsn) == before
