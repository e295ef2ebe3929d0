"""The least that answers in the request and leaves a trace: an update with one local activity that does nothing."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow


@activity.defn
async def nothing() -> None:
    """What the baseline's local activity does."""


@workflow.defn
class Bare:
    """The baseline of flows that answer in the request."""

    def __init__(self) -> None:
        self._done = False

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self._done and workflow.all_handlers_finished())

    @workflow.update
    async def answer(self) -> str:
        await workflow.execute_local_activity(nothing, start_to_close_timeout=timedelta(seconds=5))
        self._done = True
        return "done"
