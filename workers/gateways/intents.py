"""Intents' rows, as the flows' activities see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from activities.follower_needs import Passage, TrackedIntent
from steadymint.domain.flows import Caller, CollectionOrder, IntentOrder, MintOrder
from steadymint.domain.intent_records import Settled
from steadymint.domain.intents import IntentKind, IntentView, Step, reference_of
from steadymint.domain.types import BlockHash, Bytes32, ChainId, IntentId
from steadymint.durable.flows import IntentFlows
from steadymint.intents.recorder import IntentRecorder
from steadymint.intents.repository import IntentRepository, NewIntent


class FlowIntents:
    """The Protocols `Intents` of preparing and following, and `IntentLog` of closing."""

    def __init__(self, repository: IntentRepository, recorder: IntentRecorder) -> None:
        self._repository = repository
        self._recorder = recorder

    async def create(self, intent: NewIntent) -> IntentView:
        return await self._recorder.create(intent)

    async def step(self, intent_id: UUID, to: Step, key: str, **changes: Any) -> IntentView | None:
        return await self._recorder.step(intent_id, to, key, **changes)

    async def view(self, intent_id: UUID) -> IntentView:
        return (await self._repository.get(IntentId(intent_id))).view

    async def extend(self, intent_id: UUID, until: datetime) -> None:
        await self._repository.extend(IntentId(intent_id), until)

    async def tracked(self, intent_id: UUID) -> TrackedIntent:
        row = await self._repository.get(IntentId(intent_id))
        return TrackedIntent(
            view=row.view,
            account=row.account,
            reference=reference_of(row.intent_id),
            tx_request=row.tx_request,
            tx_hash=row.tx_hash,
            block_hash=row.block_hash,
        )


# A block of history is remembered by its number only; the newest, where reorgs happen, are all remembered by hash.
_PASSAGE = """
select case
    when not coalesce((select last_block >= $2 from indexer_service.indexer_checkpoints where chain_id = $1), false)
        then 'ahead'
    when exists (select from indexer_service.recent_blocks where chain_id = $1 and number = $2 and hash <> $3)
        then 'elsewhere'
    when exists (
        select from indexer_service.intent_sightings where reference = $4 and chain_id = $1 and settled_at is null)
        then 'ahead'
    else 'passed' end"""


class IndexProgress:
    """The Protocol `Index` of following."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def passage(
        self, chain_id: ChainId, block_number: int, block_hash: BlockHash | None, reference: Bytes32
    ) -> Passage:
        return Passage(await self._pool.fetchval(_PASSAGE, chain_id, block_number, block_hash, reference))


class Teller:
    """The indexer's `FlowTeller`: finds whom to tell in the intent's row. Being told twice changes nothing."""

    def __init__(self, repository: IntentRepository, flows: IntentFlows, *, deadline: int) -> None:
        self._repository = repository
        self._flows = flows
        self._deadline = deadline

    async def landed(self, settled: Sequence[Settled]) -> None:
        for one in settled:
            await self._flows.tell_landed(_by_its_transaction(one), await self._order(one))

    async def reorged(self, settled: Sequence[Settled]) -> None:
        for one in settled:
            await self._flows.tell_reorged(_by_its_transaction(one), await self._order(one))

    async def _order(self, settled: Settled) -> IntentOrder:
        row = await self._repository.get(settled.intent_id)
        kind = MintOrder if settled.kind is IntentKind.MINT else CollectionOrder
        return kind(
            intent_id=row.intent_id,
            chain_id=row.chain_id,
            caller=Caller(user_id=row.user_id, account=row.account),
            request_hash=row.request_hash,
            deadline_seconds=self._deadline,
        )


def _by_its_transaction(settled: Settled) -> IntentView:
    """The intent as its flow is told. Its row may have to leave the hash to another intent: to one of the same
    multicall, or to one that had claimed it before any node knew the transaction."""
    return settled.view.model_copy(update={"tx_hash": settled.tx_hash})
