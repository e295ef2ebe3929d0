"""Intents that stand at each step of their way, and what must be true of each at its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from temporalio.client import WorkflowExecutionStatus

from contracts import load_artifact
from steadymint_client import StatusEvent
from tests.support.full_stack import FullStack, until
from tests.support.people import Person

_UNPREPARED = WorkflowExecutionStatus.FAILED
"""How a flow ends that could not prepare its intent, as while the node was down; the next request begins another."""

TOLD = ["prepared", "tracked", "confirming", "indexed", "ready"]


Prepare = Callable[[Person], Awaitable[dict[str, Any]]]
"""Prepares an intent that gives the person one token."""


def mint_of(contract: str) -> Prepare:
    async def prepare(person: Person) -> dict[str, Any]:
        return await person.prepare_mint(contract)

    return prepare


@dataclass
class Watched:
    """One intent that gives one token, and its viewer."""

    person: Person
    prepared: dict[str, Any]
    watching: asyncio.Task[list[StatusEvent]]

    @classmethod
    async def begin(cls, person: Person, prepare: Prepare) -> Watched:
        prepared = await prepare(person)
        return cls(person, prepared, asyncio.create_task(person.watch(prepared["intentId"])))

    @property
    def kind(self) -> str:
        return self.prepared["kind"]

    @property
    def intent_id(self) -> str:
        return self.prepared["intentId"]

    async def send(self) -> None:
        """Sends and tracks, for as long as it takes."""
        await self.person.send_and_track(self.prepared)

    async def until(self, step: str) -> None:
        await self.person.until(self.intent_id, step)


@asynccontextmanager
async def one_at_each_step(full_stack: FullStack, person: Person, prepare: Prepare) -> AsyncIterator[list[Watched]]:
    """Four intents of one wallet: prepared; in the pool; in a block; in a block, one confirmation before the last.

    They are `[prepared, tracked, confirming, nearly]`.
    """
    nearly, confirming, tracked, prepared = [await Watched.begin(person, prepare) for _ in range(4)]
    try:
        for one in (nearly, confirming):  # of three confirmations the one then has two, the other one
            await one.send()
            await full_stack.blocks.mine()
            await one.until("confirming")
        await tracked.send()
        await tracked.until("tracked")
        yield [prepared, tracked, confirming, nearly]
    finally:
        for one in (prepared, tracked, confirming, nearly):
            one.watching.cancel()


async def ends_whole(full_stack: FullStack, one: Watched, contract: str, patience: float = 120.0) -> str:
    """Waits for the end, then holds it to everything that was promised. The id of the token."""
    async with asyncio.timeout(patience):
        events = await one.watching
    assert [(event.seq, event.step) for event in events] == list(enumerate(TOLD, start=1))
    last = events[-1].data
    (token_id,) = last["tokenIds"] if one.kind == "mint" else [fill["tokenId"] for fill in last["fills"]]
    log = await full_stack.pool.fetch(
        "select seq, step from orchestrator_service.intent_steps where intent_id = $1 order by seq", one.intent_id
    )
    assert [tuple(line) for line in log] == list(enumerate(TOLD, start=1))
    await _one_token(full_stack, one, contract, token_id)
    await _one_row(full_stack, one, token_id, last["txHash"])
    await _one_completed_flow(full_stack, one)
    return token_id


async def _one_token(full_stack: FullStack, one: Watched, contract: str, token_id: str) -> None:
    token = full_stack.web3.eth.contract(
        address=full_stack.web3.to_checksum_address(contract), abi=list(load_artifact("Collection721").abi)
    )
    owner = one.person.wallet.address
    assert await token.functions.ownerOf(int(token_id)).call() == owner
    shown = await one.person.client.patiently(
        "GET", f"/v1/collections/{full_stack.chain_id}/{contract}/tokens/{token_id}"
    )
    assert shown.body["owner"] == owner


async def _one_row(full_stack: FullStack, one: Watched, token_id: str, tx_hash: str) -> None:
    """The one mint, or the one sale by the one fill, that the transaction has left in the catalog."""
    row = (token_id, one.person.wallet.address.lower())
    if one.kind == "mint":
        activities = await full_stack.pool.fetch(
            "select type, token_number::text, to_address from catalog_service.activities where tx_hash = $1", tx_hash
        )
        assert [tuple(found) for found in activities] == [("mint", *row)]
        return
    sales = await full_stack.pool.fetch(
        "select s.token_number::text, s.buyer_address, s.order_hash from catalog_service.sales s"
        " join catalog_service.order_fills f using (chain_id, tx_hash, order_hash) where s.tx_hash = $1",
        tx_hash,
    )
    (order,) = one.prepared["orders"]
    assert [tuple(found) for found in sales] == [(*row, order["orderHash"])]
    standing = "select status, quantity_filled::int from catalog_service.orders where order_hash = $1"
    assert tuple(await full_stack.pool.fetchrow(standing, order["orderHash"])) == ("filled", 1)


async def _one_completed_flow(full_stack: FullStack, one: Watched) -> None:
    workflow_id = f"{one.kind}:{one.intent_id}"
    handle = full_stack.temporal.get_workflow_handle(workflow_id)

    async def closed() -> bool:
        return (await handle.describe()).status is not WorkflowExecutionStatus.RUNNING

    await until(closed, f"the end of {workflow_id}")
    assert (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    assert (await handle.result())["step"] == "ready"

    async def closed_runs() -> list[WorkflowExecutionStatus | None]:
        """All runs, once the visibility store, which lags behind, shows each of them as closed."""
        listed = full_stack.temporal.list_workflows(f"WorkflowId = '{workflow_id}'")
        found = [execution.status async for execution in listed if execution.status is not _UNPREPARED]
        return [] if WorkflowExecutionStatus.RUNNING in found else found

    runs = await until(closed_runs, f"{workflow_id} in the visibility store")
    assert runs == [WorkflowExecutionStatus.COMPLETED], runs


async def nothing_else_was_minted(full_stack: FullStack, contract: str, token_ids: set[str]) -> None:
    """The catalog holds exactly these tokens."""
    rows = await full_stack.pool.fetch(
        "select token_number::text from catalog_service.tokens where contract_address = $1", contract.lower()
    )
    assert {row["token_number"] for row in rows} == token_ids
    assert len(rows) == len(token_ids)
