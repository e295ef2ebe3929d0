"""The check of the workers: whether one serves each queue."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from steadymint.chain.nodes.chain import FACTORY, Chain
from steadymint.cli.findings import CONSEQUENCES, Finding, UnfitError, check
from steadymint.durable.client import connect
from steadymint.durable.queues import Queues
from steadymint.settings import Settings

ASKED_LATELY = 90
"""Seconds. A worker's poll lasts a minute; then it polls again."""

LOOK_AGAIN = (0.5, 1.0, 2.0)
"""Seconds between looks for workers: one that has just been started is given a moment."""


async def check_workers(settings: Settings, chains: Sequence[Chain], patience: float | None = None) -> Finding:
    return await check("workers", lambda: _workers(settings, chains), settings.temporal.address, patience)


async def _workers(settings: Settings, chains: Sequence[Chain]) -> str:
    """Check that workers poll each queue."""
    client, queues = await connect(settings), Queues(settings.temporal.task_queue_prefix)
    wanted = [queues.flows, queues.chain, queues.chain_wait, queues.market, queues.media, queues.metadata]
    wanted.append(queues.webhooks)
    wanted += [queues.index(chain.chain_id) for chain in chains if chain.named(FACTORY)]
    pollers: dict[str, set[str]] = {}
    for wait in (*LOOK_AGAIN, 0.0):
        pollers = {name: await _pollers(client, name, workflows=name == queues.flows) for name in wanted}
        if all(pollers.values()):
            break
        await asyncio.sleep(wait)
    idle = [name for name, found in pollers.items() if not found]
    if idle:
        raise UnfitError(f"no worker serves {', '.join(idle)}: work for it waits. {CONSEQUENCES['workers']}")
    processes = len(set().union(*pollers.values()))
    return f"{processes} process{'es' if processes > 1 else ''} for {', '.join(wanted)}"


async def _pollers(client: Client, queue: str, *, workflows: bool) -> set[str]:
    """The workers that polled lately. Temporal remembers them for minutes; a live one polls at least once a minute."""
    kind = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW if workflows else TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind)
    )
    since = time.time() - ASKED_LATELY
    return {poller.identity for poller in answer.pollers if poller.last_access_time.seconds > since}
