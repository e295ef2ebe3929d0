"""Following one transaction hash from within a flow."""

from __future__ import annotations

from uuid import UUID

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.following.activity import Following
    from steadymint.domain.intents.messages import Followed, FollowOrder
    from steadymint.domain.types import TxHash
    from steadymint.durable import policies
    from steadymint.durable.queues import Queues


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
