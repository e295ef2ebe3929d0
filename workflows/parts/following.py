"""Following transaction hashes from within a flow, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.following.activity import Following
    from steadymint.domain.errors import ConflictError
    from steadymint.domain.intents.machine import Step
    from steadymint.domain.intents.messages import Followed, FollowOrder
    from steadymint.domain.intents.view import IntentView
    from steadymint.domain.outcome import Refusal
    from steadymint.domain.texts import as_code
    from steadymint.domain.types import TxHash
    from steadymint.durable import policies
    from steadymint.durable.failures import to_failure
    from steadymint.durable.queues import Queues
    from steadymint.durable.search_attributes import PROBLEM, STEP, TX_HASH
    from workflows.parts.attributes import show


MAX_FOLLOWS: Final = 100
"""Follows of one intent. Each costs its flow some ten events, and no wallet speeds a transaction up so often. One hash
may be followed several times, so hashes are not what is counted."""


class Follower:
    """One hash, followed by one activity until the intent's row is final. A newer hash has a follower of its own."""

    def __init__(self, intent_id: UUID, tx_hash: TxHash) -> None:
        self.tx_hash = tx_hash
        self._activity: workflow.ActivityHandle[Followed] = workflow.start_activity_method(
            Following.follow_transaction,
            FollowOrder(intent_id=intent_id, tx_hash=tx_hash),
            task_queue=Queues.beside(workflow.info().task_queue).chain_wait,
            start_to_close_timeout=policies.FOLLOW_TIMEOUT,
            heartbeat_timeout=policies.FOLLOW_HEARTBEAT,
            retry_policy=policies.FOLLOW_RETRY,
            summary=f"Follow {tx_hash}",
        )

    async def outcome(self) -> Followed:
        """The final view of the intent, or why the hash was refused. Raises ActivityError, also when stopped."""
        return await self._activity

    def stop(self) -> None:
        """Another hash takes its place, or the flow ends."""
        if not self._activity.done():
            self._activity.cancel()


class FollowedHash:
    """The hash that a flow follows: the last it was given and not refused.

    `again` has a hash followed beside the story. `searchable`: whether the hash is shown as soon as it is followed.
    """

    def __init__(
        self, intent_id: UUID, *, tell: Callable[[str], None], again: Callable[[TxHash], None], searchable: bool
    ) -> None:
        self._intent_id = intent_id
        self._tell = tell
        self._again = again
        self._searchable = searchable
        self._follower: Follower | None = None
        self._follows = 0

    @property
    def tx_hash(self) -> TxHash | None:
        return None if self._follower is None else self._follower.tx_hash

    def refuse_if_many(self) -> None:
        """Raises if the flow has followed as often as it does at its user's word. Operators may go on."""
        if self._follows >= MAX_FOLLOWS:
            raise to_failure(
                ConflictError(f"Transactions were reported {MAX_FOLLOWS} times for this intent: prepare another")
            )

    async def follow(self, tx_hash: TxHash) -> IntentView | None:
        """Follows the hash in place of the one before. The intent's end, or None where this hash is not followed any
        more.

        Raises ApplicationError with the code of the refusal; then the hash before is followed on.
        """
        self.stop()
        self._follows += 1
        before, follower = self._follower, Follower(self._intent_id, tx_hash)
        self._follower = follower
        self._tell(f"Following `{tx_hash}` until it is confirmed and settled.")
        if self._searchable:
            show((STEP, Step.TRACKED.value), (TX_HASH, tx_hash))
        try:
            followed = await follower.outcome()
        except ActivityError as error:
            if not is_cancelled_exception(error):
                raise
            return None
        if followed.view is None:
            assert followed.refusal is not None
            self._go_back(follower, before, followed.refusal)
            raise ApplicationError(followed.refusal.detail, type=followed.refusal.code)
        return followed.view

    def stop(self) -> None:
        """Follows nothing from now on."""
        if self._follower is not None:
            self._follower.stop()

    def _go_back(self, refused: Follower, before: Follower | None, refusal: Refusal) -> None:
        superseded = self._follower is not refused
        if not superseded:
            self._follower = None
            show((STEP, Step.PREPARED.value), (PROBLEM, None), (TX_HASH, None))
        self._tell(f"`{refused.tx_hash}` was refused: {as_code(refusal.detail)}.")
        if not superseded and before is not None and before.tx_hash != refused.tx_hash:
            self._again(before.tx_hash)
