"""Where the ways that flows go are acted out, so that `scripts/record_histories.py` can write down their histories.

Chain, index and catalog are the bench's fakes. Everything in a history that a replay reads comes from the product.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper

from steadymint.domain.intents.identity import workflow_id_of
from steadymint.domain.intents.kinds import KINDS, AnyOrder, IntentKind, SettledBy
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.rows import IntentRow, Settled, Sighting
from steadymint.domain.types import BlockNumber, IntentId, TxHash
from tests.support.intents import CHAIN
from tests.workflows.flow_bench import FlowBench, block, deep


@dataclass
class Stage:
    """What a case has to work with."""

    bench: FlowBench
    skipper: TimeSkipper

    @property
    def client(self) -> Client:
        return self.bench.client

    def handle(self, order: AnyOrder) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(_id(order))

    async def track(self, order: AnyOrder, hash_: TxHash) -> None:
        await self.bench.flows.begin_tracking(_id(order), hash_)
        await self.until(order, lambda row: row.tx_hash == hash_)

    async def until(self, order: AnyOrder, wanted: Step | Callable[[IntentRow], bool]) -> None:
        """Until the intent's row stands at the step, or is as wanted."""
        for _ in range(1000):
            row = await self.bench.repository.get(IntentId(order.intent_id))
            if row.step is wanted if isinstance(wanted, Step) else wanted(row):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"never {wanted}: {await self.bench.steps(order.intent_id)}")

    async def sighting(self, order: AnyOrder, hash_: TxHash, number: int, fork: int = 0) -> Sighting:
        """What an honest chain shows of the intent."""
        row = await self.bench.repository.get(IntentId(order.intent_id))
        return Sighting(
            match_key=row.match_key,
            kind=row.kind,
            chain_id=CHAIN,
            block_number=BlockNumber(number),
            block_hash=block(number, fork),
            log_index=0,
            tx_hash=hash_,
            facts=row.facts,
            effects=_effects(row),
        )

    async def settle(self, order: AnyOrder, hash_: TxHash, number: int = 10, fork: int = 0) -> Settled:
        """What the indexer does when the block is N deep."""
        (settled,) = await self.bench.repository.settle([await self.sighting(order, hash_, number, fork)])
        return settled

    async def fulfil(self, order: AnyOrder, hash_: TxHash) -> None:
        """Whoever settles intents of this kind sees the block N deep."""
        if KINDS[IntentKind(order.kind)].settled_by is SettledBy.INDEX:
            await self.settle(order, hash_)
        else:
            self.bench.chain.say(hash_, deep(10))

    async def orphan(self, order: AnyOrder, hash_: TxHash, number: int = 10) -> Settled:
        """What the indexer does when a block that it had settled has left the chain."""
        (orphaned,) = await self.bench.repository.orphan([await self.sighting(order, hash_, number)])
        return orphaned

    async def later(self, order: AnyOrder, hours: float) -> None:
        await self.skipper.fast_forward(self.handle(order), timedelta(hours=hours))

    async def ended(self, order: AnyOrder, step: str) -> str:
        """The id of the flow, once it has ended like this."""
        handle = self.handle(order)
        assert (await handle.result())["step"] == step
        return handle.id


def _effects(row: IntentRow) -> dict[str, Any]:
    if row.kind is IntentKind.MINT:
        return {"tokenIds": ["1"]}
    part = KINDS[row.kind].in_part
    return {"orderHashes": row.facts[part], "fills": []} if part else {}


STICKY: Final = "TASK_QUEUE_KIND_STICKY"

Case = Callable[[Stage], Awaitable[str]]
"""Acts one way out; the id of the flow whose last run is to be kept."""
CASES: dict[str, dict[str, Case]] = {}
"""By workflow and name. Filled by the modules `*_cases` beside this one."""


def case(workflow: str, name: str) -> Callable[[Case], Case]:
    def add(act: Case) -> Case:
        CASES.setdefault(workflow, {})[name] = act
        return act

    return add


def _id(order: AnyOrder) -> str:
    return workflow_id_of(order.kind, order.intent_id)


async def act(stage: Stage, workflow: str, name: str) -> str:
    """One case on a stage of its own; the id of the flow."""
    async with stage.bench.workers():
        return await CASES[workflow][name](stage)


def scrubbed(value: Any) -> Any:
    """A recorded history without stack traces, which hold paths, and without identities and the names of sticky queues,
    which hold host names. A replay reads none of them."""
    if isinstance(value, dict):
        told = {"stackTrace", "identity"} | ({"name"} if value.get("kind") == STICKY else set())
        return {key: scrubbed(one) for key, one in value.items() if key not in told}
    return [scrubbed(one) for one in value] if isinstance(value, list) else value
