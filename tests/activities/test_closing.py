"""A flow may end its intent more than once within a run, and each time only once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from temporalio.testing import ActivityEnvironment

from activities.closing import Closing
from steadymint.domain.intents.machine import Step
from steadymint.intents.recorder import IntentRecorder
from steadymint.intents.repository import IntentRepository
from tests.support.intents import Draft, log
from tests.workflows.flow_bench import NoViewers


@pytest.mark.parametrize("end", [Step.EXPIRED, Step.FAILED])
async def test_an_intent_that_a_reorg_reopened_within_the_run_is_ended_again(
    intents: IntentRepository, end: Step
) -> None:
    draft = Draft()
    closing = Closing(intents, IntentRecorder(intents, NoViewers()))

    async def ended(activity_id: str) -> None:
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, activity_id=activity_id)
        if end is Step.EXPIRED:
            view = await environment.run(closing.expire_intent, draft.intent_id)
        else:
            view = await environment.run(closing.cancel_intent, draft.intent_id, "asked by the user")
        assert view is not None
        assert view.step is (await intents.get(draft.intent_id)).step is end

    await intents.create(draft)
    for activity_id in ("1", "1"):  # its first answer was lost
        await ended(activity_id)
    shown = draft.sighting()
    await intents.settle([shown])
    await intents.orphan([shown])
    await ended("2")
    steps = [step for _, step in await log(intents, draft)]
    assert steps.count(end) == 2
    assert steps[-2:] == [Step.REORGED, end]
