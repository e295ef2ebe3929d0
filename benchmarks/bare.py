"""What Temporal itself costs: the flow of `benchmarks.bare_flow`, served and called.

`python -m benchmarks.bare ADDRESS` serves it in a process of its own, as our worker is one: the same event loop and
the same runner of workflows, no encryption, no database.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from pathlib import Path

import uvloop
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.worker import Worker

from benchmarks.bare_flow import Bare, nothing
from steadymint.stack.application import Application
from steadymint.stack.temporal import Temporal
from workers.sandbox import serving_runner

QUEUE = "bare"
_numbers = itertools.count()


async def update_with_start(client: Client, *, with_activity: bool) -> None:
    """One flow, started and answered."""
    await client.execute_update_with_start_workflow(
        Bare.answer,
        with_activity,
        start_workflow_operation=WithStartWorkflowOperation(
            Bare.run,
            id=f"bare-{os.getpid()}-{next(_numbers)}",
            task_queue=QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        ),
    )


class BareWorker(Application):
    """The process."""

    def __init__(self, temporal: Temporal, logs: Path) -> None:
        super().__init__("bare-worker", logs / "bare-worker.log", dict[str, str], self._polls)
        self._temporal = temporal

    def command(self) -> list[str]:
        return [sys.executable, "-m", "benchmarks.bare", self._temporal.url]

    async def _polls(self, worker: Application) -> bool:
        client = await Client.connect(self._temporal.url)
        answer = await client.workflow_service.describe_task_queue(
            DescribeTaskQueueRequest(
                namespace=client.namespace,
                task_queue=TaskQueue(name=QUEUE),
                task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
            )
        )
        return any(poller.identity.startswith(f"{worker.pid}@") for poller in answer.pollers)


async def _serve(address: str) -> None:
    client = await Client.connect(address)
    async with Worker(
        client, task_queue=QUEUE, workflows=[Bare], activities=[nothing], workflow_runner=serving_runner()
    ):
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1]))
