"""Preparing without a database: what an intent's row would hold, or why there is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from steadymint.domain.errors import NotFoundError
from steadymint.domain.intents.kinds import AnyOrder, kind_of
from steadymint.domain.intents.rows import NewIntent
from tests.workflows.flow_bench import ScriptedChain, preparing_needs
from workers.kinds import preparing_of


class Written(Exception):  # noqa: N818 - it is no error
    """What would be written."""

    def __init__(self, new: NewIntent) -> None:
        self.new = new


class Recorder:
    """In place of the recorder, and of the rows."""

    async def get_owned(self, *_: object) -> NoReturn:
        raise NotFoundError("nothing is written")

    async def create(self, new: NewIntent) -> NoReturn:
        raise Written(new)


async def written(order: AnyOrder, chain: ScriptedChain | None = None) -> NewIntent:
    """What `prepare` would write, by default on a chain that agrees with everything. Raises its refusal, as the flow
    gets it."""
    with pytest.raises(Written) as found:
        await _prepare(order, chain or ScriptedChain())
    return found.value.new


async def refusal(order: AnyOrder, chain: ScriptedChain | None = None) -> ApplicationError:
    with pytest.raises(ApplicationError) as refused:
        await _prepare(order, chain or ScriptedChain())
    return refused.value


async def _prepare(order: AnyOrder, chain: ScriptedChain) -> None:
    recorder = Recorder()
    activity = preparing_of(kind_of(order).name)(preparing_needs(chain, recorder, recorder))
    await ActivityEnvironment().run(activity.prepare, order, datetime.now(UTC) + timedelta(hours=1))
