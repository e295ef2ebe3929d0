"""What a test does to the flow of an intent on the bench, and what it waits for."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.kinds import AnyOrder, IntentKind
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.mint import MintOrder
from steadymint.domain.intents.rows import Settled, Sighting
from steadymint.domain.types import BlockNumber, IntentId, TxHash
from tests.support.intents import ALICE, CHAIN, tx_hash
from tests.workflows.flow_bench import FlowBench, block, deep


def sighting(order: MintOrder, hash_: TxHash, number: int = 10, fork: int = 0) -> Sighting:
    facts = order.terms.facts(ALICE)
    return Sighting(
        match_key=reference_of(order.intent_id),
        kind=IntentKind.MINT,
        chain_id=CHAIN,
        block_number=BlockNumber(number),
        block_hash=block(number, fork),
        log_index=0,
        tx_hash=hash_,
        facts=facts,
        effects={"tokenIds": ["1"]},
    )


async def settle(bench: FlowBench, order: MintOrder, hash_: TxHash, number: int = 10, fork: int = 0) -> Settled:
    """What the indexer does when the mint is N confirmations deep."""
    (settled,) = await bench.repository.settle([sighting(order, hash_, number, fork)])
    return settled


async def fulfil(bench: FlowBench, order: AnyOrder, hash_: TxHash, number: int = 10, fork: int = 0) -> list[str]:
    """The block is N deep for whoever settles the intent. The steps by which it has ended then."""
    if isinstance(order, MintOrder):
        await settle(bench, order, hash_, number, fork)
        return ["indexed", "ready"]
    bench.chain.say(hash_, deep(number, fork=fork))
    await until_step(bench, order.intent_id, Step.READY)
    return ["ready"]


async def until_made(bench: FlowBench, intent_id: UUID) -> None:
    for _ in range(500):
        if await bench.steps(intent_id):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("never prepared")


async def until_hash(bench: FlowBench, intent_id: UUID, hash_: TxHash) -> None:
    for _ in range(500):
        if (await bench.repository.get(IntentId(intent_id))).tx_hash == hash_:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never bound to {hash_}")


async def until_step(bench: FlowBench, intent_id: UUID, step: Step) -> None:
    for _ in range(500):
        if (await bench.repository.get(IntentId(intent_id))).step is step:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never {step}: {await bench.steps(intent_id)}")


async def followed(bench: FlowBench, order: MintOrder, *states: Any) -> TxHash:
    hash_ = tx_hash()
    await bench.flows.prepare(order)
    bench.chain.say(hash_, *states)
    await bench.flows.begin_tracking(f"mint:{order.intent_id}", hash_)
    await until_hash(bench, order.intent_id, hash_)
    return hash_
