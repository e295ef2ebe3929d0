"""The smallest flow that is started and answered in one round trip."""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow


@activity.defn
async def nothing(text: str) -> str:
    return text


@workflow.defn(name="Bare")
class Bare:
    """One update, with a local activity or without, and the flow is over."""

    def __init__(self) -> None:
        self._answered = False

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self._answered)
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update
    async def answer(self, with_activity: bool) -> str:
        text = "answered"
        if with_activity:
            text = await workflow.execute_local_activity(nothing, text, start_to_close_timeout=timedelta(seconds=5))
        self._answered = True
        return text
