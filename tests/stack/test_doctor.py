"""What `steadymint doctor` says of workers and chains: whatever would keep a mint waiting has a name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from steadymint.cli import check_chains, check_workers, findings
from steadymint.cli.check_stores import check_redis
from steadymint.cli.doctor import findings_of
from steadymint.cli.findings import Finding
from steadymint.database import create_pool
from steadymint.outbound import connecting
from steadymint.settings import Settings
from steadymint.stack.local import CONFIRMATIONS, register_local_chain
from tests.support.fake_provider import Calls, FakeProvider, Refusal, answers_of, error
from tests.support.local_chain import LocalChain

CHAIN = "eip155:31337"
FAR = 200
"""Blocks that the local chain, with a block a second, makes in far more than a minute."""
QUEUES = ("flows", "chain", "chain-wait", "market", "media", "metadata", "webhooks", f"index-{CHAIN}")


@pytest.fixture
async def pool(database: str, chain: LocalChain) -> AsyncIterator[asyncpg.Pool]:
    async with await create_pool(database, min_size=1, max_size=2) as opened:
        await register_local_chain(opened, chain.anvil, chain.contracts)
        yield opened


@pytest.fixture
def settings(database: str, temporal: str, temporal_namespace: str, pool: asyncpg.Pool) -> Settings:
    groups: dict[str, Any] = {
        "postgres": {"dsn": database},
        "temporal": {"address": temporal, "namespace": temporal_namespace},
        "mongo": {"timeout": 0.1},  # nobody asks what is said of it
    }
    return Settings(**groups)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is looked at twice."""
    monkeypatch.setattr(check_workers, "LOOK_AGAIN", ())
    monkeypatch.setattr(check_chains, "LOOK_AGAIN", ())


async def found(settings: Settings, name: str) -> Finding:
    (one,) = [one for one in await findings_of(settings) if one.name == name]
    return one


@activity.defn
async def nothing() -> None:
    pass


@workflow.defn
class Nothing:
    @workflow.run
    async def run(self) -> None:
        pass


async def test_queues_without_a_worker_are_named_and_served_ones_are_fit(
    settings: Settings, temporal_client: Client
) -> None:
    async with AsyncExitStack() as workers:
        for queue in QUEUES[:-1]:
            kind: dict[str, Any] = {"workflows": [Nothing]} if queue == "flows" else {"activities": [nothing]}
            worker = Worker(temporal_client, task_queue=queue, workflow_runner=UnsandboxedWorkflowRunner(), **kind)
            await workers.enter_async_context(worker)
        lacking = await found(settings, "workers")
        assert (lacking.fit, lacking.mark) == (False, "FAILED")
        assert lacking.detail.startswith(
            f"no worker serves index-{CHAIN}: work for it waits. Start `steadymint worker`"
        )
        await workers.enter_async_context(Worker(temporal_client, task_queue=QUEUES[-1], activities=[nothing]))
        whole = await found(settings, "workers")
        assert (whole.fit, whole.detail.endswith(f" for {', '.join(QUEUES)}")) == (True, True), whole.detail


@dataclass
class Index:
    """The checkpoint of the chain's index, against a chain that stands at `head`."""

    pool: asyncpg.Pool
    chain: LocalChain

    async def stands(self, behind: int, **columns: Any) -> None:
        """So many blocks behind what is deep enough, with these columns."""
        head = int(await self.chain.anvil.rpc("eth_blockNumber"), 16)
        given = {"updated_at": datetime.now(UTC), "state": "live", "halted_reason": None} | columns
        await self.pool.execute("delete from indexer_service.indexer_checkpoints")
        await self.pool.execute(
            "insert into indexer_service.indexer_checkpoints (chain_id, last_block, last_block_hash, updated_at, state,"
            " halted_reason) values ($1, $2, $3, $4, $5, $6)",
            CHAIN,
            head - CONFIRMATIONS + 1 - behind,
            "0x" + "11" * 32,
            *given.values(),
        )


@pytest.fixture
async def index(pool: asyncpg.Pool, chain: LocalChain) -> Index:
    await chain.anvil.rpc("anvil_mine", hex(FAR))
    return Index(pool, chain)


@pytest.mark.usefixtures("impatient")
async def test_an_index_that_follows_the_head_is_fit_and_told_in_blocks_of_now(
    settings: Settings, index: Index, chain: LocalChain
) -> None:
    await index.stands(0)
    follows = await found(settings, f"{CHAIN} index")
    assert (follows.fit, follows.address) == (True, f"index-chain:{CHAIN}")
    assert ", 0 behind the newest that is deep enough" in follows.detail
    await chain.anvil.rpc("anvil_mine", "0x7")
    behind = await found(settings, f"{CHAIN} index")
    assert behind.fit
    assert ", 7 behind the newest that is deep enough" in behind.detail


@pytest.mark.parametrize(
    ("behind", "columns", "mark", "words"),
    [
        (FAR, {}, "BEHIND", "is behind, at block"),
        (FAR, {"state": "history"}, "BEHIND", "reads the chain for the first time"),
        (1, {"updated_at": datetime(2026, 1, 1, tzinfo=UTC)}, "STUCK", "stands still at block"),
        (FAR, {"updated_at": datetime(2026, 1, 1, tzinfo=UTC)}, "STUCK", "whether a worker serves `index-"),
        (0, {"halted_reason": "another genesis"}, "HALTED", "another genesis. Intents of"),
    ],
    ids=["behind", "history", "stuck", "stuck-far", "halted"],
)
@pytest.mark.usefixtures("impatient")
async def test_an_index_that_is_far_behind_or_stuck_is_never_ok(
    settings: Settings, index: Index, behind: int, columns: dict[str, Any], mark: str, words: str
) -> None:
    await index.stands(behind, **columns)
    finding = await found(settings, f"{CHAIN} index")
    assert (finding.fit, finding.mark) == (False, mark)
    assert words in finding.detail


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("counter", "says"),
    [
        ("renumbered", "; 12 logs have indexes of our own, since a node counts them in each transaction anew"),
        ("differed_endpoint_3", "; endpoint 3 left out or made up 12 logs of history"),
    ],
)
async def test_an_index_whose_node_counts_logs_anew_or_leaves_some_out_says_so(
    counter: str, says: str, settings: Settings, index: Index, pool: asyncpg.Pool
) -> None:
    await index.stands(0)
    assert "12" not in (await found(settings, f"{CHAIN} index")).detail
    await pool.execute(
        "update indexer_service.indexer_checkpoints set counters = jsonb_build_object($1::text, 12)", counter
    )
    follows = await found(settings, f"{CHAIN} index")
    assert follows.fit
    assert says in follows.detail


@asynccontextmanager
async def beside(pool: asyncpg.Pool, chain: LocalChain, change: Callable[[Any], Any]) -> AsyncIterator[str]:
    """A second endpoint of the chain, whose blocks are changed. Its name in the findings."""
    async with answers_of(chain.anvil.url) as given:

        async def answer(call: dict[str, Any]) -> dict[str, Any]:
            reply = await given(call)
            return {"result": change(reply["result"])} if "Block" in call["method"] else reply

        def refuse(_calls: Calls, batched: bool) -> Refusal | None:
            return error(-32005, "Batched requests are not supported") if batched else None

        async with FakeProvider(answer, refuse=refuse).serving() as provider:
            number = await pool.fetchval(
                "insert into chain_registry_service.chain_endpoints (chain_id, url, priority, local)"
                " select chain_id, $1, 5, true from chain_registry_service.chain_endpoints returning id",
                provider.url,
            )
            yield f"{CHAIN} #{number}"


def back(blocks: int) -> Callable[[Any], Any]:
    """The head as of so many blocks ago; other blocks as they are."""
    return lambda block: block | {"number": hex(max(0, int(block["number"], 16) - blocks))}


@pytest.mark.parametrize(("behind", "mark"), [(3, "ok"), (FAR, "LAGS")])
@pytest.mark.usefixtures("impatient")
async def test_an_endpoint_says_how_far_it_is_behind_the_others_and_one_without_batches_is_asked_singly(
    settings: Settings, index: Index, pool: asyncpg.Pool, behind: int, mark: str
) -> None:
    await index.stands(0)
    async with beside(pool, index.chain, back(behind)) as name:
        endpoint = await found(settings, name)
    assert (endpoint.mark, endpoint.fit) == (mark, mark == "ok"), endpoint.detail
    assert f", {behind} behind the newest endpoint" in endpoint.detail
    assert endpoint.fit or "confirmed late" in endpoint.detail


@pytest.mark.parametrize(("local", "mark"), [(False, "STALE"), (True, "ok")])
@pytest.mark.usefixtures("impatient")
async def test_an_endpoint_whose_head_is_old_is_not_ok_unless_it_is_a_development_node(
    settings: Settings, pool: asyncpg.Pool, chain: LocalChain, monkeypatch: pytest.MonkeyPatch, local: bool, mark: str
) -> None:
    monkeypatch.setattr(connecting, "is_public", lambda _address: True)  # a node of the tests is never public
    async with beside(pool, chain, lambda block: block | {"timestamp": hex(1_700_000_000)}) as name:
        await pool.execute("update chain_registry_service.chain_endpoints set local = $1 where priority = 5", local)
        endpoint = await found(settings, name)
    assert endpoint.mark == mark, endpoint.detail
    assert local or "the node has stopped, or the chain has" in endpoint.detail


@pytest.mark.usefixtures("impatient", "pool")
async def test_an_index_that_has_read_nothing_is_not_ok(settings: Settings) -> None:
    finding = await found(settings, f"{CHAIN} index")
    assert (finding.fit, finding.mark) == (False, "STUCK")
    assert "has read nothing yet" in finding.detail


@pytest.mark.usefixtures("impatient")
async def test_an_index_whose_chain_no_node_tells_is_not_ok(
    settings: Settings, index: Index, pool: asyncpg.Pool, hung: str
) -> None:
    await index.stands(0)
    await pool.execute("update chain_registry_service.chain_endpoints set url = $1", f"http://{hung}")
    shown = {one.name: one for one in await findings_of(settings) if one.name.startswith(CHAIN)}
    (endpoint,) = [one for name, one in shown.items() if "#" in name]
    assert (endpoint.fit, endpoint.address) == (False, f"http://{hung}")
    assert "it is there and hangs" in endpoint.detail
    assert shown[f"{CHAIN} index"].mark == "UNKNOWN"


@pytest.fixture
async def hung(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The address of a server that takes connections and never answers."""
    monkeypatch.setattr(findings, "PATIENCE", 0.5)

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_redis_that_hangs_is_named_with_its_address_what_follows_and_what_to_do(hung: str) -> None:
    groups: dict[str, Any] = {"redis": {"url": f"redis://:secret@{hung}/0"}}
    finding = await check_redis(Settings(**groups), patience=0.5)
    assert not finding.fit
    assert hung in finding.address
    assert "secret" not in finding.address
    assert "it is there and hangs" in finding.detail
    assert "Statuses reach viewers up to five seconds late" in finding.detail


@pytest.mark.usefixtures("impatient")
async def test_a_chain_that_cannot_be_reached_or_indexed_says_what_is_missing(
    settings: Settings, pool: asyncpg.Pool
) -> None:
    assert (await found(settings, CHAIN)).fit
    await pool.execute("update chain_registry_service.chain_contracts set name = 'old'")
    assert "no contract named 'factory'" in (await found(settings, CHAIN)).detail
    await pool.execute(
        "update chain_registry_service.chain_endpoints set auth_type = 'bearer', secret_ref = 'RPC_NONE'"
    )
    lacking = await found(settings, CHAIN)
    assert (lacking.fit, lacking.detail.startswith("no endpoint is usable")) == (False, True)
