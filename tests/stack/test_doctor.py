"""What `steadymint doctor` says of workers and chains: whatever would keep a mint waiting has a name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from steadymint.cli import doctor
from steadymint.cli.doctor import Finding, findings_of
from steadymint.database import create_pool
from steadymint.settings import Settings
from steadymint.stack.local import register_local_chain
from tests.support.local_chain import LocalChain

CHAIN = "eip155:31337"
QUEUES = ("flows", "chain", "chain-wait", "media", "metadata", f"index-{CHAIN}")


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
    """Where no worker is looked for."""
    monkeypatch.setattr(doctor, "LOOK_AGAIN", ())


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
        assert (lacking.fit, lacking.detail) == (False, f"no worker serves index-{CHAIN}: work for it waits")
        await workers.enter_async_context(Worker(temporal_client, task_queue=QUEUES[-1], activities=[nothing]))
        whole = await found(settings, "workers")
        assert (whole.fit, whole.detail.endswith(f" for {', '.join(QUEUES)}")) == (True, True), whole.detail


@pytest.mark.usefixtures("impatient")
async def test_the_index_is_measured_against_the_chain_as_it_is_now(
    settings: Settings, pool: asyncpg.Pool, chain: LocalChain
) -> None:
    name = f"{CHAIN} index"
    assert (await found(settings, name)).detail == "nothing is read yet"
    head = int(await chain.anvil.rpc("eth_blockNumber"), 16)
    await pool.execute(
        "insert into indexer_service.indexer_checkpoints (chain_id, last_block, last_block_hash, head_block)"
        " values ($1, $2, $3, $2)",
        CHAIN,
        head,
        "0x" + "11" * 32,
    )
    assert (await found(settings, name)).detail == f"block {head}, 0 behind the head"
    await chain.anvil.rpc("anvil_mine", "0x7")
    assert (await found(settings, name)).detail == f"block {head}, 7 behind the head"
    await pool.execute("update indexer_service.indexer_checkpoints set halted_reason = 'another genesis'")
    halted = await found(settings, name)
    assert (halted.fit, halted.detail) == (False, f"halted at block {head}: another genesis")


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
