"""A follower of one transaction: what the chain shows of it becomes steps of its intent."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final

from activities.background import beside
from activities.following.admission import can_fulfil, check_can_fulfil
from activities.following.lookout import Lookout
from activities.following.needs import FollowingNeeds
from steadymint.domain.errors import IntentErrorCode, NotOwnerError, SteadymintError, TransactionMismatchError
from steadymint.domain.intents.kinds import KINDS, SettledBy
from steadymint.domain.intents.machine import FINAL_STEPS, Step
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.intents.view import IntentError, IntentView
from steadymint.domain.transactions import BlockState, Deep, Mined, NonceUsed, Reorged, SeenTransaction
from steadymint.domain.types import Address, BlockHash, TxHash

WATCHDOG: Final = 30.0
"""Seconds after which the row is read again even if no nudge came: the last resort, behind the nudges' own."""

INDEXER_LAG: Final = 0.25
"""Seconds that the indexer is given after a block is N deep here, before it is asked. It hears of the same block, and
writes its rows in a few milliseconds. If each of a block's mints asked at once, that alone would hold it up."""

LOOK_AGAIN: Final = 1.0
"""Seconds between two looks at an indexer that is behind, or at nodes that do not agree."""

DOUBT: Final = 30.0
"""Seconds after which an intent that was in a block when its follower was killed, and that the next one finds in none,
is taken to have left it. A node that lags, or a head that is old after a pause, says the same for a moment."""


FOLLOWED: Final = (Step.TRACKED, Step.CONFIRMING, Step.REORGED, Step.EXPIRED)
"""Where an intent may stand that a follower finds in a block. One that has failed or was replaced is brought back by
the indexer alone. A follower that was stopped may hear of that seconds later, and find the same transaction again."""

FOLLOWED_BY_RECEIPT: Final = (Step.TRACKED, Step.CONFIRMING, Step.REORGED)
"""The same where no indexer would bring an expired intent to its end. Its flow has ended, and a follower that has not
heard of that yet must not open the intent. A report does, which begins with `tracked`."""


class Follower:
    """Follows one transaction of one intent, for one attempt. Use it once.

    Two attempts at the same transaction believe the same about where the intent stands, so the keys of their steps are
    the same. What happens again after something else has happened is another step.
    """

    def __init__(self, needs: FollowingNeeds, intent: IntentRow, lookout: Lookout) -> None:
        self._needs = needs
        self._intent = intent
        self._lookout = lookout
        self._tx_hash = lookout.tx_hash
        self._by_index = KINDS[intent.kind].settled_by is SettledBy.INDEX
        self._since = intent.view.updated_at
        """Time of the last line of the log that this follower knows."""
        self._block = intent.block_hash if intent.step is Step.CONFIRMING else None
        """The block in which the intent is confirming."""
        self._seen_there = False
        """Whether this attempt has found the transaction in that block as well."""

    async def run(self) -> IntentView | TxHash:
        """The final view, or the hash that is to be followed from now on: one that sped this one up, or this one anew.

        Raises NotOwnerError, TransactionMismatchError or HashAlreadyTrackedError for a hash that cannot be the
        intent's. If the intent was bound to it, because no node knew the transaction, it is bound to none.
        """
        try:
            return await self._run()
        except (NotOwnerError, TransactionMismatchError):
            await self._step(Step.PREPARED, f"refused:{self._tx_hash}")
            raise

    async def _run(self) -> IntentView | TxHash:
        seen = await self._admit()
        settled = asyncio.create_task(self._until_settled())
        watched = asyncio.create_task(self._watch(seen))
        async with beside(self._lookout.watch()):
            try:
                await asyncio.wait((settled, watched), return_when=asyncio.FIRST_COMPLETED)
                return settled.result() if settled.done() else watched.result()
            finally:
                await _cancel(settled, watched)

    # -- the two waits ------------------------------------------------------------------------------------------------

    async def _until_settled(self) -> IntentView:
        """Until the row is final. Nudge or no nudge, the row decides."""
        while (view := await self._needs.nudges.wait(self._intent.intent_id, WATCHDOG)) is None:
            row = await self._row()
            if row.final:
                return row.view
        return view

    async def _watch(self, seen: SeenTransaction | None) -> IntentView | TxHash:
        """Until the chain says no, or says yes where nobody indexes the contract."""
        sender = seen.sender if seen else self._intent.account
        nonce = seen.nonce if seen else self._known_nonce()
        async with (
            self._needs.chain.follow(self._intent.chain_id, self._tx_hash, sender, nonce) as states,
            beside(self._doubt()),
        ):
            async for state in states:
                match state:
                    case Mined():
                        await self._mined(state)
                    case Reorged():
                        await self._reorged(state.block_hash)
                    case Deep():
                        return await self._deep(state)
                    case NonceUsed():
                        return await self._sped_up(sender, state) or await self._replaced(state)
                    case _:
                        pass
        raise AssertionError("a follow never ends by itself")

    # -- what the chain shows -----------------------------------------------------------------------------------------

    async def _admit(self) -> SeenTransaction | None:
        """Checks what can be known of the hash now, and records `tracked`."""
        seen = await self._needs.chain.inspect(self._intent.chain_id, self._tx_hash)
        if seen is not None:
            check_can_fulfil(self._intent, seen)
        if self._intent.step in (Step.PREPARED, Step.EXPIRED) or self._intent.tx_hash != self._tx_hash:
            nonce = self._nonce_of_account(seen)
            await self._step(Step.TRACKED, f"tracked:{self._tx_hash}", bound_to=None, tx_nonce=nonce)
        return seen

    def _known_nonce(self) -> int | None:
        """The nonce that an attempt before this one has seen. No node may know the transaction any more: it was sped up
        or cancelled in the wallet, and only its nonce leads to what took its place."""
        return self._intent.tx_nonce if self._intent.tx_hash == self._tx_hash else None

    def _nonce_of_account(self, seen: SeenTransaction | None) -> int | None:
        """None if somebody else sent the transaction, such as a bundler, whose nonces are their own."""
        return seen.nonce if seen and seen.sender == self._intent.account else None

    async def _mined(self, state: Mined) -> None:
        """The sender is checked again: at `track` the node may not have known the transaction yet."""
        seen = await self._needs.chain.inspect(self._intent.chain_id, self._tx_hash)
        if seen is not None:
            check_can_fulfil(self._intent, seen)
        if self._block == state.block_hash:
            self._seen_there = True
            return  # an attempt before this one has said so
        taken = await self._step(
            Step.CONFIRMING,
            f"confirming:{self._tx_hash}:{state.block_hash}",
            standing=FOLLOWED if self._by_index else FOLLOWED_BY_RECEIPT,
            block_number=state.block_number,
            block_hash=state.block_hash,
            tx_nonce=self._nonce_of_account(seen),
        )
        self._block, self._seen_there = state.block_hash if taken else None, True

    async def _reorged(self, block_hash: BlockHash) -> None:
        """Where the intent is `ready` only the indexer takes that back: our node may merely lag behind its."""
        await self._step(Step.REORGED, f"reorged:{self._tx_hash}:{block_hash}", standing=(Step.CONFIRMING,))

    async def _doubt(self) -> None:
        """The block may have left the chain while nobody was following."""
        await asyncio.sleep(DOUBT)
        if self._block is not None and not self._seen_there:
            await self._reorged(self._block)

    async def _deep(self, state: Deep) -> IntentView | TxHash:
        """N confirmations."""
        if not state.succeeded:
            reason = await self._needs.chain.revert_reason(self._intent.chain_id, self._tx_hash)
            return await self._end(Step.FAILED, f"reverted:{state.block_hash}", error=reason)
        if not self._by_index:
            return await self._by_receipt(state)
        return await self._unindexed(state)

    async def _by_receipt(self, state: Deep) -> IntentView:
        """N deep and successful. A relayed call may have failed within, so the logs decide."""
        effects = await self._needs.chain.fulfilment(self._intent, self._tx_hash, state.block_hash)
        if effects is None:
            return await self._unfulfilled(state)
        return await self._end(Step.READY, f"ready:{state.block_hash}", effects=effects)

    async def _unindexed(self, state: Deep) -> IntentView | TxHash:
        """N deep and successful, yet if the indexer has passed the block without a sighting it was another call."""
        if not await self._index_passes(state.block_number, state.block_hash):
            return self._tx_hash
        return await self._unfulfilled(state)

    async def _unfulfilled(self, state: Deep) -> IntentView:
        error = IntentError(
            code=IntentErrorCode.TRANSACTION_MISMATCH,
            detail="The transaction succeeded, but the contract did not report what was prepared",
        )
        return await self._end(Step.FAILED, f"unfulfilled:{state.block_hash}", error=error)

    async def _sped_up(self, sender: Address, state: NonceUsed) -> TxHash | None:
        """The hash that used the nonce, if it makes the intent's call too: with another fee, or another suffix."""
        used_by = await self._needs.chain.user_of_nonce(self._intent.chain_id, sender, state.nonce)
        if used_by is None or not can_fulfil(self._intent, used_by):
            return None
        if used_by.tx_hash == self._tx_hash:  # one node knew of no receipt of what another has in a block
            await asyncio.sleep(LOOK_AGAIN)
        return used_by.tx_hash

    async def _replaced(self, state: NonceUsed) -> IntentView:
        """Another transaction used the nonce. It may still have fulfilled the intent in a way that only the indexer
        can see (through a contract wallet), so the indexer passes the block first."""
        if self._by_index:
            await self._index_passes(state.block_number, None)
        error = IntentError(
            code=IntentErrorCode.REPLACED,
            detail="The wallet sent another transaction with the same nonce; prepare again",
        )
        return await self._end(Step.REPLACED, f"replaced:{self._tx_hash}", error=error)

    async def _index_passes(self, block_number: int, block_hash: BlockHash | None) -> bool:
        """Waits until the block is indexed. False if another block of that number is, so that the chain must be
        looked at again."""
        intent = self._intent
        await self._give_time(INDEXER_LAG)
        while True:
            state = await self._needs.index.block_state(intent.chain_id, block_number, block_hash, intent.match_key)
            if state is BlockState.INDEXED:
                return True
            await self._give_time(LOOK_AGAIN)
            if state is BlockState.FORKED:
                return False

    async def _give_time(self, seconds: float) -> None:
        """Waits so long, unless the intent ends meanwhile: then `_until_settled` ends this follower."""
        if await self._needs.nudges.wait(self._intent.intent_id, seconds) is not None:
            await asyncio.Event().wait()

    # -- the row ------------------------------------------------------------------------------------------------------

    async def _end(self, step: Step, key: str, **changes: Any) -> IntentView:
        """The intent as it ended. If it did not, it is bound to another hash meanwhile; whoever follows that ends it,
        and this follower is about to be cancelled."""
        view = await self._step(step, key, **changes) or (await self._row()).view
        if view.step not in FINAL_STEPS:
            await asyncio.Event().wait()
        return view

    async def _step(self, step: Step, key: str, **changes: Any) -> IntentView | None:
        """Takes the step of what has happened since the last line. A follower whose hash has been superseded may go on
        for some seconds until it hears of it: it changes nothing any more."""
        given = {"bound_to": self._tx_hash} | changes
        given = {name: value for name, value in given.items() if value is not None}
        key = f"{key}:{self._since.isoformat()}"
        view = await self._needs.recorder.step(self._intent.intent_id, step, key, tx_hash=self._tx_hash, **given)
        if view is not None:
            self._since, self._block = view.updated_at, None
            self._lookout.moved()
        return view

    async def _row(self) -> IntentRow:
        return await self._needs.rows.get(self._intent.intent_id)


async def _cancel(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError, SteadymintError):
            await task
