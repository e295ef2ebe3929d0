"""The activity `follow_transaction`.

An attempt keeps nothing for the next one but the hash that it followed last, which its heartbeats tell. If a worker is
killed at any line, another one reads the chain and the row of the intent again and takes the same steps. Every step has
a key, and a key is written only once.
"""

from __future__ import annotations

from typing import Final

from temporalio import activity

from activities.background import heartbeating
from activities.following.follower import Follower
from activities.following.lookout import Lookout
from activities.following.needs import FollowingNeeds
from steadymint.domain.errors import (
    HashAlreadyTrackedError,
    NotFoundError,
    NotOwnerError,
    SteadymintError,
    TransactionMismatchError,
    UpstreamUnavailableError,
)
from steadymint.domain.intents.kinds import KINDS, SettledBy
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.messages import Followed, FollowOrder
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.intents.view import IntentView
from steadymint.domain.outcome import Refusal
from steadymint.domain.types import IntentId, TxHash
from steadymint.durable.failures import activity_boundary

HEARTBEAT_EVERY: Final = 3.0
"""Seconds between heartbeats. It is a third of the timeout, so two heartbeats may be lost."""


class Following:
    """The activity `follow_transaction`."""

    def __init__(self, needs: FollowingNeeds) -> None:
        self._needs = needs

    @activity.defn
    @activity_boundary
    async def follow_transaction(self, order: FollowOrder) -> Followed:
        """Waits until the intent is final; records `tracked`, `confirming`, `reorged`, `replaced` and `failed`.

        The indexer writes `indexed` and `ready` for all intents of a block at once. Only an intent that is settled by
        its receipt becomes `ready` here. A hash that cannot be the intent's is refused, and the intent is not changed.

        Nothing else ends the wait, because a node that does not answer may answer later, and an operator may enable a
        disabled chain again.
        """
        needs, intent_id = self._needs, IntentId(order.intent_id)
        lookout = Lookout(needs.rows, needs.waits, needs.notices, intent_id, order.tx_hash)
        async with heartbeating(HEARTBEAT_EVERY, lookout.heartbeat):
            try:
                return Followed(view=await self._follow(intent_id, lookout))
            except (NotOwnerError, TransactionMismatchError, HashAlreadyTrackedError, NotFoundError) as refused:
                return Followed(refusal=Refusal(code=refused.code, detail=refused.detail))
            except SteadymintError as error:
                await lookout.failed(error)
                if error.retryable:
                    raise
                raise UpstreamUnavailableError(error.detail, retry_after=error.retry_after, **error.extra) from error

    async def _follow(self, intent_id: IntentId, lookout: Lookout) -> IntentView:
        """Runs one follower after another. A speed-up has another hash, and a hash may have to be followed anew."""
        while True:
            intent = await self._needs.rows.get(intent_id)
            if _is_final(intent, lookout.tx_hash):
                return intent.view
            end = await Follower(self._needs, intent, lookout).run()
            if isinstance(end, IntentView):
                return end
            lookout.tx_hash = end


def _is_final(intent: IntentRow, tx_hash: TxHash) -> bool:
    """A final row ends the wait, unless this hash is what brings an expired intent back to life.

    Where the receipt settles the intent, the same hash may do so when it is reported again: no indexer will find it.
    """
    if intent.step is Step.EXPIRED:
        return intent.tx_hash == tx_hash and KINDS[intent.kind].settled_by is SettledBy.INDEX
    return intent.final
