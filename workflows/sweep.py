"""Cleans up after uploads that were not finished: one round, started by a schedule."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.media_flows import Sweeping
    from steadymint.domain import media_flows
    from steadymint.domain.counting import counted
    from steadymint.domain.media_flows import SweepOrder, Swept
    from steadymint.domain.outcome import Outcome
    from steadymint.durable import policies
    from steadymint.durable.queues import Queues
    from steadymint.durable.search_attributes import OUTCOME
    from workflows.parts.attributes import show


@workflow.defn(name=media_flows.SWEEP_MEDIA)
class SweepMedia:
    """`sweep-media:{what}-{time}`: starts the flows of assets that have waited for too long, or deletes objects that
    belong to no asset. The schedules `sweep-media-stalled` and `sweep-media-orphans` start it."""

    @workflow.run
    async def run(self, order: SweepOrder) -> Swept:
        orphans = order.what == "orphans"
        swept = await workflow.execute_activity_method(
            Sweeping.delete_orphans if orphans else Sweeping.start_stalled,
            task_queue=Queues.beside(workflow.info().task_queue).media,
            start_to_close_timeout=policies.SWEEP_TIMEOUT,
            heartbeat_timeout=policies.RENDER_HEARTBEAT,
            retry_policy=policies.SWEEP_RETRY,
            summary="Delete what no asset stands for" if orphans else "Start what has been waiting",
        )
        started, deleted = counted(swept.started, "flow"), counted(swept.deleted, "object")
        workflow.set_current_details(f"{started} started, {deleted} deleted.")
        show((OUTCOME, Outcome.READY))
        return swept
