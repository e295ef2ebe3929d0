"""What a test does to the flow of an intent on the bench, and what it waits for."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from steadymint.domain.intents import purchase
from steadymint.domain.intents.identity import workflow_id_of
from steadymint.domain.intents.kinds import KINDS, AnyOrder, IntentKind, SettledBy
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.purchase import PurchaseOrder
from steadymint.domain.intents.rows import Settled, Sighting
from steadymint.domain.types import BlockNumber, IntentId, TxHash
from tests.support.intents import ALICE, CHAIN, COLLECTION, tx_hash
from tests.workflows.flow_bench import FlowBench, block, call_of, deep

PATIENCE = 3_000
"""Looks, of 20 ms or more: a machine may be busy with much else."""


def sighting(order: AnyOrder, hash_: TxHash, number: int = 10, fork: int = 0) -> Sighting:
    """What the chain shows of the order, done as a whole."""
    if isinstance(order, PurchaseOrder):
        hashes = [item.order_hash for item in order.terms.items]
        facts, effects = purchase.facts(COLLECTION, ALICE, hashes), {"orderHashes": sorted(hashes), "fills": []}
    else:
        facts, effects = order.terms.facts(ALICE), {"tokenIds": ["1"]}
    kind = KINDS[IntentKind(order.kind)]
    return Sighting(
        match_key=kind.match_key(IntentId(order.intent_id), CHAIN, facts),
        kind=kind.name,
        chain_id=CHAIN,
        block_number=BlockNumber(number),
        block_hash=block(number, fork),
        log_index=0,
        tx_hash=hash_,
        facts=facts,
        effects=effects,
    )


async def settle(bench: FlowBench, order: AnyOrder, hash_: TxHash, number: int = 10, fork: int = 0) -> Settled:
    """What the indexer does when the transaction is N confirmations deep."""
    (settled,) = await bench.repository.settle([sighting(order, hash_, number, fork)])
    return settled


async def fulfil(bench: FlowBench, order: AnyOrder, hash_: TxHash, number: int = 10, fork: int = 0) -> list[str]:
    """The block is N deep for whoever settles the intent. The steps by which it has ended then."""
    if KINDS[IntentKind(order.kind)].settled_by is SettledBy.INDEX:
        await settle(bench, order, hash_, number, fork)
        return ["indexed", "ready"]
    bench.chain.say(hash_, deep(number, fork=fork))
    await until_step(bench, order.intent_id, Step.READY)
    return ["ready"]


async def until_made(bench: FlowBench, intent_id: UUID) -> None:
    for _ in range(PATIENCE):
        if await bench.steps(intent_id):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("never prepared")


async def until_hash(bench: FlowBench, intent_id: UUID, hash_: TxHash) -> None:
    for _ in range(PATIENCE):
        if (await bench.repository.get(IntentId(intent_id))).tx_hash == hash_:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never bound to {hash_}")


async def until_step(bench: FlowBench, intent_id: UUID, step: Step) -> None:
    for _ in range(PATIENCE):
        if (await bench.repository.get(IntentId(intent_id))).step is step:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never {step}: {await bench.steps(intent_id)}")


async def followed(bench: FlowBench, order: AnyOrder, *states: Any, known: bool = False) -> TxHash:
    """`known`: whether nodes know the transaction."""
    hash_ = tx_hash()
    await bench.flows.prepare(order)
    if known:
        bench.chain.known[hash_] = call_of(order, hash_)
    bench.chain.say(hash_, *states)
    await bench.flows.begin_tracking(workflow_id_of(order.kind, order.intent_id), hash_)
    await until_hash(bench, order.intent_id, hash_)
    return hash_
