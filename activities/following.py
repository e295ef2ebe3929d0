"""Following a transaction: one long, cheap wait from the hash to the row in the catalog.

Nothing is remembered between attempts. If a worker is killed at any line, another one reads the chain and the intent's
row again and arrives at the same steps: every step has a key, and a key is written only once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Final, Protocol
from uuid import UUID

from temporalio import activity

from activities.background import heartbeating
from steadymint.domain.errors import (
    HashAlreadyTrackedError,
    NotFoundError,
    NotOwnerError,
    SteadymintError,
    TransactionMismatchError,
)
from steadymint.domain.flows import Followed, FollowOrder, Refusal
from steadymint.domain.intents import FINAL_STEPS, IntentError, IntentView, Record, Step, TxRequest
from steadymint.domain.transactions import Deep, Mined, NonceUsed, Reorged, SeenTransaction, TxState
from steadymint.domain.types import Address, Bytes32, ChainId, TxHash
from steadymint.durable.failures import activity_boundary

HEARTBEAT_EVERY: Final = 3.0
"""Seconds; a third of the heartbeat timeout, so that two may be lost."""

WATCHDOG: Final = 30.0
"""Seconds after which the row is read again even if no nudge came: the last resort, behind the nudges' own."""


class TrackedIntent(Record):
    """What the intent's row says about itself."""

    view: IntentView
    account: Address
    reference: Bytes32
    tx_request: TxRequest
    tx_hash: TxHash | None


class Intents(Protocol):
    async def tracked(self, intent_id: UUID) -> TrackedIntent:
        """Raises NotFoundError."""
        ...

    async def step(self, intent_id: UUID, to: Step, key: str, **changes: Any) -> IntentView | None:
        """Takes the step once for `key` and tells viewers; None where the state machine has no such edge.

        Raises HashAlreadyTrackedError.
        """
        ...


class Chain(Protocol):
    async def inspect(self, chain_id: ChainId, tx_hash: TxHash) -> SeenTransaction | None:
        """The transaction as the node knows it, pending or mined. None if it knows none."""
        ...

    def follow(
        self, chain_id: ChainId, tx_hash: TxHash, sender: Address, nonce: int | None
    ) -> AbstractAsyncContextManager[AsyncIterator[TxState]]: ...

    async def revert_reason(self, chain_id: ChainId, tx_hash: TxHash) -> IntentError: ...

    async def same_call(self, chain_id: ChainId, sender: Address, nonce: int, tx: TxRequest) -> TxHash | None:
        """The hash that used the nonce if it made the very same call (a speed-up), else None."""
        ...


class Index(Protocol):
    async def has_passed(self, chain_id: ChainId, block_number: int, reference: Bytes32) -> bool:
        """Whether the indexer has committed this block and has no sighting of the reference left to settle."""
        ...


class Nudges(Protocol):
    async def wait(self, intent_id: UUID, timeout: float) -> bool:
        """Until the indexer has settled the intent (True) or `timeout` seconds are over (False)."""
        ...


class Following:
    """The activity `follow_transaction`."""

    def __init__(self, intents: Intents, chain: Chain, index: Index, nudges: Nudges) -> None:
        self._intents = intents
        self._chain = chain
        self._index = index
        self._nudges = nudges

    @activity.defn
    @activity_boundary
    async def follow_transaction(self, order: FollowOrder) -> Followed:
        """Waits until the intent is final; records `tracked`, `confirming`, `reorged`, `replaced` and `failed`.

        `indexed` and `ready` are the indexer's to write, for all intents of a block at once. A hash that cannot be the
        intent's is refused and the intent left as it was.
        """
        async with heartbeating(HEARTBEAT_EVERY):
            try:
                return Followed(view=await self._follow(order))
            except (NotOwnerError, TransactionMismatchError, HashAlreadyTrackedError, NotFoundError) as refused:
                return Followed(refusal=Refusal(code=refused.code, detail=refused.detail))

    async def _follow(self, order: FollowOrder) -> IntentView:
        while True:
            intent = await self._intents.tracked(order.intent_id)
            if _is_final(intent, order):
                return intent.view
            seen = await self._admit(intent, order)
            settled = asyncio.create_task(self._settled(order.intent_id))
            watched = asyncio.create_task(self._watch(intent, order, seen))
            try:
                await asyncio.wait((settled, watched), return_when=asyncio.FIRST_COMPLETED)
                if settled.done():
                    return settled.result()
                sped_up = watched.result()
                if isinstance(sped_up, IntentView):
                    return sped_up
                order = order.model_copy(update={"tx_hash": sped_up})
            finally:
                await _cancel(settled, watched)

    async def _admit(self, intent: TrackedIntent, order: FollowOrder) -> SeenTransaction | None:
        """Checks what can be known of the hash now, and records `tracked`."""
        seen = await self._chain.inspect(order.chain_id, order.tx_hash)
        if seen is not None:
            check_is_the_prepared_call(intent, seen)
        changes: dict[str, Any] = {"tx_hash": order.tx_hash}
        if seen is not None:
            changes["tx_nonce"] = seen.nonce
        if intent.view.step in (Step.PREPARED, Step.EXPIRED) or intent.tx_hash != order.tx_hash:
            await self._intents.step(order.intent_id, Step.TRACKED, f"tracked:{order.tx_hash}", **changes)
        return seen

    async def _watch(
        self, intent: TrackedIntent, order: FollowOrder, seen: SeenTransaction | None
    ) -> IntentView | TxHash:
        """The final view where the chain says no, or the hash that sped this one up. A yes comes from the indexer."""
        sender = seen.sender if seen else intent.account
        nonce = seen.nonce if seen else None
        async with self._chain.follow(order.chain_id, order.tx_hash, sender, nonce) as states:
            async for state in states:
                match state:
                    case Mined():
                        await self._mined(intent, order, state)
                    case Reorged():
                        await self._step(order, Step.REORGED, f"reorged:{order.tx_hash}:{state.block_hash}")
                    case Deep(succeeded=False):
                        reason = await self._chain.revert_reason(order.chain_id, order.tx_hash)
                        return await self._end(order, Step.FAILED, f"reverted:{state.block_hash}", reason)
                    case Deep():
                        return await self._unindexed(intent, order, state)
                    case NonceUsed():
                        sped_up = await self._sped_up(intent, order, sender, state)
                        return sped_up or await self._replaced(intent, order, state)
                    case _:
                        pass
        raise AssertionError("a follow never ends by itself")

    async def _mined(self, intent: TrackedIntent, order: FollowOrder, state: Mined) -> None:
        """The sender is checked again: at `track` the node may not have known the transaction yet."""
        seen = await self._chain.inspect(order.chain_id, order.tx_hash)
        if seen is not None:
            check_is_the_prepared_call(intent, seen)
        await self._step(
            order,
            Step.CONFIRMING,
            f"confirming:{order.tx_hash}:{state.block_hash}",
            block_number=state.block_number,
            block_hash=state.block_hash,
            tx_nonce=seen.nonce if seen else None,
        )

    async def _unindexed(self, intent: TrackedIntent, order: FollowOrder, state: Deep) -> IntentView:
        """N deep and successful, yet if the indexer has passed the block without a sighting it was another call."""
        await self._passed(intent, order, state.block_number)
        error = IntentError(
            code=TransactionMismatchError.code,
            detail="The transaction succeeded, but the contract did not report what was prepared",
        )
        return await self._end(order, Step.FAILED, f"unfulfilled:{state.block_hash}", error)

    async def _sped_up(
        self, intent: TrackedIntent, order: FollowOrder, sender: Address, state: NonceUsed
    ) -> TxHash | None:
        return await self._chain.same_call(order.chain_id, sender, state.nonce, intent.tx_request)

    async def _replaced(self, intent: TrackedIntent, order: FollowOrder, state: NonceUsed) -> IntentView:
        """Another transaction used the nonce. It may still have fulfilled the intent in a way that only the indexer
        can see (through a contract wallet), so the indexer passes the block first."""
        await self._passed(intent, order, state.block_number)
        error = IntentError(
            code="replaced", detail="The wallet sent another transaction with the same nonce; prepare again"
        )
        return await self._end(order, Step.REPLACED, f"replaced:{order.tx_hash}", error)

    async def _passed(self, intent: TrackedIntent, order: FollowOrder, block_number: int) -> None:
        while not await self._index.has_passed(order.chain_id, block_number, intent.reference):
            await self._nudges.wait(order.intent_id, 1.0)

    async def _end(self, order: FollowOrder, step: Step, key: str, error: IntentError) -> IntentView:
        view = await self._step(order, step, key, error=error)
        return view or (await self._intents.tracked(order.intent_id)).view

    async def _step(self, order: FollowOrder, step: Step, key: str, **changes: Any) -> IntentView | None:
        given = {name: value for name, value in changes.items() if value is not None}
        return await self._intents.step(order.intent_id, step, key, tx_hash=order.tx_hash, **given)

    async def _settled(self, intent_id: UUID) -> IntentView:
        """Nudge or no nudge, the row decides."""
        while True:
            await self._nudges.wait(intent_id, WATCHDOG)
            view = (await self._intents.tracked(intent_id)).view
            if view.step in FINAL_STEPS:
                return view


def check_is_the_prepared_call(intent: TrackedIntent, seen: SeenTransaction) -> None:
    """A direct call must be the prepared one to the letter. A relayed one (ERC-4337 bundle, Safe) must carry the
    intent's reference; whether it fulfilled the intent is then decided by the decoded event.

    Raises NotOwnerError or TransactionMismatchError.
    """
    asked = intent.tx_request
    if seen.sender == asked.from_ and (seen.to, seen.data, seen.value) == (asked.to, asked.data, asked.value):
        return
    if seen.to != asked.to and intent.reference[2:] in seen.data:
        return
    if seen.sender != intent.account:
        raise NotOwnerError
    raise TransactionMismatchError


def _is_final(intent: TrackedIntent, order: FollowOrder) -> bool:
    """A final row ends the wait, unless this hash is what brings an expired intent back to life."""
    if intent.view.step is Step.EXPIRED:
        return intent.tx_hash == order.tx_hash
    return intent.view.step in FINAL_STEPS


async def _cancel(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError, SteadymintError):
            await task
