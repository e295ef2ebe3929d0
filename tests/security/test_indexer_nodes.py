"""Attack cases X08 and X20: a node that leaves out logs or shows another chain is noticed."""

from __future__ import annotations

from typing import Any

import pytest

from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import ChainId
from steadymint.indexing.indexed_chain import IndexerHaltedError
from steadymint.indexing.reading import bloom
from steadymint.indexing.reading.logs import Header, Log
from steadymint.indexing.reading.source import LogSource, WithheldLogsError
from steadymint.indexing.subjects.table import FOLLOWED
from tests.support.fake_provider import FakeProvider, answers_of
from tests.support.forged_logs import ALICE, FACTORY, KNOWN, ZERO, single, topic, transfer
from tests.support.indexing import Driver, Index, catalog_of, fetch
from tests.support.nodes import FixedNodes


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

    async def spare(self, calls: int) -> tuple[Node, int]:
        return self, calls


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


async def test_x08_logs_of_history_that_a_node_left_out_are_in_the_catalog_and_counted_with_the_node(
    driver: Driver, index: Index
) -> None:
    contract = await driver.create(0)
    for _ in range(3):
        await driver.mint(contract)
        await driver.anvil.mine(30)

    async with answers_of(driver.anvil.url) as given:

        async def without_the_last(call: dict[str, Any]) -> dict[str, Any]:
            answer = await given(call)
            return {"result": answer["result"][:-1]} if call["method"] == "eth_getLogs" else answer

        providers = [FakeProvider(without_the_last), FakeProvider(given)]
        async with providers[0].serving(), providers[1].serving():
            configs = [EndpointConfig(id=7 + n, url=one.url, priority=n) for n, one in enumerate(providers)]
            async with RpcClient(ChainId(driver.anvil.caip2), configs) as rpc:
                index.options["source"] = {"nodes": FixedNodes(rpc)}
                summary = await index.catch_up()

    assert len((await catalog_of(index.dsn))["tokens"]) == 3
    assert summary.differed == {7: 1}
    (row,) = await fetch(index.dsn, "select counters from indexer_service.indexer_checkpoints")
    assert row["counters"]["differed_endpoint_7"] == 1


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
