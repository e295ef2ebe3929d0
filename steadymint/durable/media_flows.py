"""The starts of the media flows: by the API after an upload, and by schedules."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError

from steadymint.domain.counting import counted
from steadymint.domain.media import Asset
from steadymint.domain.media_flows import PROCESS_MEDIA, SWEEP_MEDIA, ProcessOrder, SweepOrder, workflow_id_of
from steadymint.durable import policies
from steadymint.durable.client import never_connected
from steadymint.durable.queues import Queues
from steadymint.durable.search_attributes import attributes

RESTART_EVERY: Final = timedelta(minutes=10)
"""The interval at which missing and failed flows are started."""
ORPHANS_EVERY: Final = timedelta(days=1)
"""The interval at which the whole store is listed and compared with the documents."""

_log = structlog.get_logger(__name__)


class MediaFlows:
    """Starts `ProcessMedia`."""

    def __init__(self, client: Client, queues: Queues) -> None:
        self._client = client
        self._queues = queues

    async def process(self, asset: Asset) -> bool:
        """Starts the asset's flow, or finds the running one. False if Temporal does not answer: then a sweep starts it
        later."""
        try:
            async with asyncio.timeout(policies.MEDIA_START_TIMEOUT.total_seconds()):  # else it has no limit
                await self._start(asset)
        except (RPCError, TimeoutError) as error:
            _log.warning("media_flow_not_started", media_id=asset.id, error=type(error).__name__)
            return False
        except RuntimeError as error:
            if not never_connected(error):
                raise
            _log.warning("media_flow_not_started", media_id=asset.id, error="no connection")
            return False
        return True

    async def _start(self, asset: Asset) -> None:
        await self._client.start_workflow(
            PROCESS_MEDIA,
            ProcessOrder(media_id=asset.id),
            id=workflow_id_of(asset.id),
            # Not the queue `flows`: a thousand uploads are a thousand flows, and users who wait for a transaction
            # would wait behind them.
            task_queue=self._queues.media,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            # A flow may follow one that has ended. Its activities are idempotent, and callers ask only for missing
            # results.
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            search_attributes=attributes(flow=PROCESS_MEDIA),
            static_summary=_summary(asset),
        )


def _summary(asset: Asset) -> str:
    """One line for the list in the Temporal UI."""
    size = f"{asset.width} x {asset.height}, " if asset.width and asset.height else ""
    return f"{asset.kind.capitalize()}, {asset.mime}, {size}{counted(asset.bytes, 'byte')}"


async def ensure_schedules(client: Client, queues: Queues) -> None:
    """Creates the two schedules of the sweep, or brings them up to date. Idempotent.

    Raises temporalio.service.RPCError when Temporal does not answer.
    """
    for what, every in (("stalled", RESTART_EVERY), ("orphans", ORPHANS_EVERY)):
        schedule = _schedule(SweepOrder.model_validate({"what": what}), every, queues)
        schedule_id = f"{queues.prefix}sweep-media-{what}"
        try:
            await client.create_schedule(schedule_id, schedule)
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(schedule_id).update(_replaced_by(schedule))


def _schedule(order: SweepOrder, every: timedelta, queues: Queues) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            SWEEP_MEDIA,
            order,
            id=f"{queues.prefix}sweep-media:{order.what}",  # the schedule appends the time
            task_queue=queues.flows,
            execution_timeout=policies.SWEEP_LIFE,
            typed_search_attributes=attributes(flow=SWEEP_MEDIA),
            static_summary=f"Sweep media: {order.what}",
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        # One round at a time. The next round does what was missed while Temporal was away.
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=every),
    )


def _replaced_by(schedule: Schedule) -> Callable[[ScheduleUpdateInput], ScheduleUpdate]:
    def update(found: ScheduleUpdateInput) -> ScheduleUpdate:
        schedule.state = found.description.schedule.state  # an operator may have paused it
        return ScheduleUpdate(schedule)

    return update
