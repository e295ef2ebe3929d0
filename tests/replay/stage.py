"""Where the ways that flows go are acted out, so that `scripts/record_histories.py` can write down their histories.

Chain, index and catalog are the bench's fakes. Everything in a history that a replay reads comes from the product.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper

from steadymint.domain import flows
from steadymint.domain.flows import CollectionOrder, IntentOrder, MintOrder
from steadymint.domain.indexing import INDEX_CHAIN
from steadymint.domain.intent_records import IntentRow, Sighting
from steadymint.domain.intents import IntentKind, Step, TxRequest, reference_of, workflow_id_of
from steadymint.domain.types import Address, BlockNumber, Bytes32, IntentId, TokenId, TxHash, Wei
from tests.support.intents import ALICE, BOB, CHAIN, COLLECTION
from tests.workflows.flow_bench import FlowBench, ScriptedChain, block


class ScriptedFactory(ScriptedChain):
    """A fake that also makes collections, always at one address."""

    async def create_collection(self, order: CollectionOrder, reference: Bytes32) -> tuple[TxRequest, Address]:
        call = TxRequest(chain_id=CHAIN, from_=order.caller.account, to=BOB, data=reference, value=Wei(0))
        return call, COLLECTION


@dataclass
class Stage:
    """What a case has to work with."""

    bench: FlowBench
    skipper: TimeSkipper

    @property
    def client(self) -> Client:
        return self.bench.client

    def handle(self, order: IntentOrder) -> WorkflowHandle[Any, Any]:
        return self.client.get_workflow_handle(workflow_id_of(_kind(order), IntentId(order.intent_id)))

    async def track(self, order: IntentOrder, hash_: TxHash) -> None:
        await self.bench.flows.begin_tracking(_kind(order), IntentId(order.intent_id), hash_)
        await self.until(order, lambda row: row.tx_hash == hash_)

    async def until(self, order: IntentOrder, wanted: Step | Callable[[IntentRow], bool]) -> None:
        """Until the intent's row stands at the step, or is as wanted."""
        for _ in range(1000):
            row = await self.bench.repository.get(IntentId(order.intent_id))
            if row.step is wanted if isinstance(wanted, Step) else wanted(row):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"never {wanted}: {await self.bench.steps(order.intent_id)}")

    def sighting(self, order: IntentOrder, hash_: TxHash, number: int, fork: int = 0) -> Sighting:
        mint = isinstance(order, MintOrder)
        return Sighting(
            reference=reference_of(IntentId(order.intent_id)),
            kind=_kind(order),
            chain_id=CHAIN,
            contract=COLLECTION,
            minter=ALICE,
            recipient=ALICE if mint else None,
            quantity=1 if mint else None,
            token_ids=(TokenId(1),) if mint else None,
            tx_hash=hash_,
            block_number=BlockNumber(number),
            block_hash=block(number, fork),
        )

    async def settle(self, order: IntentOrder, hash_: TxHash, number: int = 10, fork: int = 0) -> None:
        """What the indexer does when the block is N deep."""
        assert await self.bench.repository.settle([self.sighting(order, hash_, number, fork)])

    async def tell(self, order: IntentOrder, reason: str) -> None:
        """What the indexer does for a flow that cannot know."""
        view = (await self.bench.repository.get(IntentId(order.intent_id))).view
        await (self.bench.flows.tell_landed if reason == "landed" else self.bench.flows.tell_reorged)(view, order)

    async def later(self, order: IntentOrder, hours: float) -> None:
        await self.skipper.fast_forward(self.handle(order), timedelta(hours=hours))

    async def ended(self, order: IntentOrder, step: str) -> str:
        """The id of the flow, once it has ended like this."""
        handle = self.handle(order)
        assert (await handle.result())["step"] == step
        return handle.id


Case = Callable[[Stage], Awaitable[str]]
"""Acts one way out; the id of the flow whose last run is to be kept."""
CASES: dict[str, dict[str, Case]] = {flows.MINT: {}, flows.CREATE_COLLECTION: {}, INDEX_CHAIN: {}}
"""By workflow and name. Filled by the modules `*_cases` beside this one."""


def case(workflow: str, name: str) -> Callable[[Case], Case]:
    def add(act: Case) -> Case:
        CASES.setdefault(workflow, {})[name] = act
        return act

    return add


def _kind(order: IntentOrder) -> IntentKind:
    return IntentKind.MINT if isinstance(order, MintOrder) else IntentKind.COLLECTION


async def act(stage: Stage, workflow: str, name: str) -> str:
    """One case on a stage of its own; the id of the flow."""
    async with stage.bench.workers():
        return await CASES[workflow][name](stage)
