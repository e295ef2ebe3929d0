"""How the checking of a chain's orders goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from temporalio.worker import Worker

from activities.checking import Checking
from steadymint.domain.checking import CHECK_ORDERS, CheckingOrder, CheckingSummary
from tests.replay.stage import Stage, case
from tests.support.intents import CHAIN
from workers.sandbox import workflow_runner
from workflows.check_orders import CheckOrders


class ScriptedCheckers:
    """A fake checker: so many stretches that end at once; then it stands still."""

    def __init__(self, stretches: int) -> None:
        self.left = stretches
        self.standing = asyncio.Event()

    def of(self, chain_id: str) -> ScriptedCheckers:
        return self

    async def run(self, stop: asyncio.Event, progress: Callable[[CheckingSummary], None]) -> CheckingSummary:
        if self.left == 0:
            self.standing.set()
            await stop.wait()
        self.left -= 1
        return CheckingSummary(causes=1, checked=10, changed=2)


async def checked(client: Any, checkers: ScriptedCheckers) -> Any:
    """The handle of a flow that stands still after the stretches of `checkers`."""
    worker = Worker(
        client,
        task_queue="market-bench",
        workflows=[CheckOrders],
        activities=[Checking(checkers).check_orders],
        workflow_runner=workflow_runner(),
    )
    async with worker:
        handle: Any = await client.start_workflow(
            CHECK_ORDERS, CheckingOrder(chain_id=CHAIN), id=f"check-orders:{uuid4()}", task_queue="market-bench"
        )
        await asyncio.wait_for(checkers.standing.wait(), 60)
        return handle


@case(CHECK_ORDERS, "checking")
async def checking(stage: Stage) -> str:
    return (await checked(stage.client, ScriptedCheckers(3))).id
