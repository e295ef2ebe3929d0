"""Following a transaction: one long, cheap wait from the hash to the row in the catalog.

Nothing is remembered between attempts. If a worker is killed at any line, another one reads the chain and the intent's
row again and arrives at the same steps: every step has a key, and a key is written only once.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from temporalio import activity

from activities.background import beside, heartbeating
from activities.follower_needs import Chain, Index, Intents, Nudges, Passage, TrackedIntent
from steadymint.domain.errors import (
    HashAlreadyTrackedError,
    NotFoundError,
    NotOwnerError,
    SteadymintError,
    TransactionMismatchError,
    UpstreamUnavailableError,
)
from steadymint.domain.flows import Followed, FollowOrder, Refusal
from steadymint.domain.intents import FINAL_STEPS, IntentError, IntentView, Step
from steadymint.domain.transactions import Deep, Mined, NonceUsed, Reorged, SeenTransaction
from steadymint.domain.types import Address, BlockHash, TxHash
from steadymint.durable.failures import activity_boundary

HEARTBEAT_EVERY: Final = 3.0
"""Seconds; a third of the heartbeat timeout, so that two may be lost."""

WATCHDOG: Final = 30.0
"""Seconds after which the row is read again even if no nudge came: the last resort, behind the nudges' own."""

LOOK_AGAIN: Final = 1.0
"""Seconds between two looks at an indexer that is behind, or at nodes that do not agree."""

DOUBT: Final = 30.0
"""Seconds after which an intent that was in a block when its follower was killed, and that the next one finds in none,
is taken to have left it. A node that lags, or a head that is old after a pause, says the same for a moment."""


@dataclass(slots=True)
class _Place:
    """Where a follower believes its intent to be. Two attempts at one follow believe the same, so that the keys of
    their steps are the same; and what happens again after something else has happened is another step."""

    since: datetime
    """Time of the last line of the log that it knows."""
    block: BlockHash | None = None
    """Confirming in this one."""
    seen: bool = False
    """Whether this attempt has found it there as well."""


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

        Nothing else ends the wait: a node that refuses to answer, or a chain that an operator has disabled, may be
        another one tomorrow.
        """
        async with heartbeating(HEARTBEAT_EVERY):
            try:
                return Followed(view=await self._follow(order))
            except (NotOwnerError, TransactionMismatchError, HashAlreadyTrackedError, NotFoundError) as refused:
                return Followed(refusal=Refusal(code=refused.code, detail=refused.detail))
            except SteadymintError as error:
                if error.retryable:
                    raise
                raise UpstreamUnavailableError(error.detail, retry_after=error.retry_after) from error

    async def _follow(self, order: FollowOrder) -> IntentView:
        while True:
            intent = await self._intents.tracked(order.intent_id)
            if _is_final(intent, order):
                return intent.view
            place = _place_of(intent)
            seen = await self._admit(intent, order, place)
            settled = asyncio.create_task(self._settled(order.intent_id))
            watched = asyncio.create_task(self._watch(intent, order, place, seen))
            try:
                await asyncio.wait((settled, watched), return_when=asyncio.FIRST_COMPLETED)
                if settled.done():
                    return settled.result()
                watch_next = watched.result()
                if isinstance(watch_next, IntentView):
                    return watch_next
                order = order.model_copy(update={"tx_hash": watch_next})
            finally:
                await _cancel(settled, watched)

    async def _admit(self, intent: TrackedIntent, order: FollowOrder, place: _Place) -> SeenTransaction | None:
        """Checks what can be known of the hash now, and records `tracked`."""
        seen = await self._chain.inspect(order.chain_id, order.tx_hash)
        if seen is not None:
            check_is_the_prepared_call(intent, seen)
        if intent.view.step in (Step.PREPARED, Step.EXPIRED) or intent.tx_hash != order.tx_hash:
            nonce = seen.nonce if seen else None
            await self._step(order, place, Step.TRACKED, f"tracked:{order.tx_hash}", bound_to=None, tx_nonce=nonce)
        return seen

    async def _watch(
        self, intent: TrackedIntent, order: FollowOrder, place: _Place, seen: SeenTransaction | None
    ) -> IntentView | TxHash:
        """The final view where the chain says no, or the hash that is to be followed from now on: one that sped this
        one up, or this one anew. A yes comes from the indexer."""
        sender = seen.sender if seen else intent.account
        nonce = seen.nonce if seen else None
        async with (
            self._chain.follow(order.chain_id, order.tx_hash, sender, nonce) as states,
            beside(self._doubt(order, place)),
        ):
            async for state in states:
                match state:
                    case Mined():
                        await self._mined(intent, order, place, state)
                    case Reorged():
                        await self._reorged(order, place, state.block_hash)
                    case Deep(succeeded=False):
                        reason = await self._chain.revert_reason(order.chain_id, order.tx_hash)
                        return await self._end(order, place, Step.FAILED, f"reverted:{state.block_hash}", reason)
                    case Deep():
                        return await self._unindexed(intent, order, place, state)
                    case NonceUsed():
                        sped_up = await self._sped_up(intent, order, sender, state)
                        return sped_up or await self._replaced(intent, order, place, state)
                    case _:
                        pass
        raise AssertionError("a follow never ends by itself")

    async def _mined(self, intent: TrackedIntent, order: FollowOrder, place: _Place, state: Mined) -> None:
        """The sender is checked again: at `track` the node may not have known the transaction yet."""
        seen = await self._chain.inspect(order.chain_id, order.tx_hash)
        if seen is not None:
            check_is_the_prepared_call(intent, seen)
        if place.block == state.block_hash:
            place.seen = True
            return  # an attempt before this one has said so
        taken = await self._step(
            order,
            place,
            Step.CONFIRMING,
            f"confirming:{order.tx_hash}:{state.block_hash}",
            block_number=state.block_number,
            block_hash=state.block_hash,
            tx_nonce=seen.nonce if seen else None,
        )
        place.block, place.seen = state.block_hash if taken else None, True

    async def _reorged(self, order: FollowOrder, place: _Place, block_hash: BlockHash) -> None:
        """Where the intent is `ready` only the indexer takes that back: our node may merely lag behind its."""
        key, standing = f"reorged:{order.tx_hash}:{block_hash}", (Step.CONFIRMING,)
        await self._step(order, place, Step.REORGED, key, standing=standing)

    async def _doubt(self, order: FollowOrder, place: _Place) -> None:
        """The block may have left the chain while nobody was following."""
        await asyncio.sleep(DOUBT)
        if place.block is not None and not place.seen:
            await self._reorged(order, place, place.block)

    async def _unindexed(
        self, intent: TrackedIntent, order: FollowOrder, place: _Place, state: Deep
    ) -> IntentView | TxHash:
        """N deep and successful, yet if the indexer has passed the block without a sighting it was another call."""
        if not await self._passed(intent, order, state.block_number, state.block_hash):
            return order.tx_hash
        error = IntentError(
            code=TransactionMismatchError.code,
            detail="The transaction succeeded, but the contract did not report what was prepared",
        )
        return await self._end(order, place, Step.FAILED, f"unfulfilled:{state.block_hash}", error)

    async def _sped_up(
        self, intent: TrackedIntent, order: FollowOrder, sender: Address, state: NonceUsed
    ) -> TxHash | None:
        found = await self._chain.same_call(order.chain_id, sender, state.nonce, intent.tx_request)
        if found == order.tx_hash:  # one node knew of no receipt of what another has in a block
            await asyncio.sleep(LOOK_AGAIN)
        return found

    async def _replaced(
        self, intent: TrackedIntent, order: FollowOrder, place: _Place, state: NonceUsed
    ) -> IntentView | TxHash:
        """Another transaction used the nonce. It may still have fulfilled the intent in a way that only the indexer
        can see (through a contract wallet), so the indexer passes the block first."""
        await self._passed(intent, order, state.block_number, None)
        error = IntentError(
            code="replaced", detail="The wallet sent another transaction with the same nonce; prepare again"
        )
        return await self._end(order, place, Step.REPLACED, f"replaced:{order.tx_hash}", error)

    async def _passed(
        self, intent: TrackedIntent, order: FollowOrder, block_number: int, block_hash: BlockHash | None
    ) -> bool:
        """Waits until the indexer has passed the block. False if it stands on another fork, so that the chain must be
        looked at again."""
        while True:
            passage = await self._index.passage(order.chain_id, block_number, block_hash, intent.reference)
            if passage is Passage.PASSED:
                return True
            await self._nudges.wait(order.intent_id, LOOK_AGAIN)
            if passage is Passage.ELSEWHERE:
                return False

    async def _end(
        self, order: FollowOrder, place: _Place, step: Step, key: str, error: IntentError
    ) -> IntentView | TxHash:
        """The intent as it ended. If it did not, it is bound to another hash meanwhile; whoever follows that ends it,
        and this follower is about to be cancelled."""
        view = await self._step(order, place, step, key, error=error)
        if view is None:
            view = (await self._intents.tracked(order.intent_id)).view
        if view.step not in FINAL_STEPS:
            await asyncio.Event().wait()
        return view

    async def _step(self, order: FollowOrder, place: _Place, step: Step, key: str, **changes: Any) -> IntentView | None:
        """Takes the step of what has happened since the last line. A follower whose hash has been superseded may go on
        for some seconds until it hears of it: it changes nothing any more."""
        given = {"bound_to": order.tx_hash} | changes
        given = {name: value for name, value in given.items() if value is not None}
        key = f"{key}:{place.since.isoformat()}"
        view = await self._intents.step(order.intent_id, step, key, tx_hash=order.tx_hash, **given)
        if view is not None:
            place.since, place.block = view.updated_at, None
        return view

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


def _place_of(intent: TrackedIntent) -> _Place:
    confirming = intent.view.step is Step.CONFIRMING
    return _Place(intent.view.updated_at, intent.block_hash if confirming else None)


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
