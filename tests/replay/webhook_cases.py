"""How the delivery to a webhook goes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.webhooks import DELIVER_WEBHOOK, workflow_id_of
from tests.replay.stage import Stage, case
from tests.support.scripted_webhooks import ALL_SENT, HELD, MORE, PAUSED, ScriptedDeliverer, a_webhook, delivering

Act = Callable[[Any, Callable[[], Awaitable[Any]]], Awaitable[None]]


async def _delivered(stage: Stage, deliverer: ScriptedDeliverer, act: Act) -> str:
    """Wakes the flow, acts, and lets it end: the webhook is deleted."""
    webhook_id = a_webhook()
    async with delivering(stage.client, deliverer) as flows:

        async def wake() -> bool:
            return await flows.wake(webhook_id)

        assert await wake()
        handle: Any = stage.client.get_workflow_handle(workflow_id_of(webhook_id))
        await act(handle, wake)
        await handle.result()
        return handle.id


@case(DELIVER_WEBHOOK, "delivered-and-deleted")
async def delivered(stage: Stage) -> str:
    deliverer = ScriptedDeliverer(MORE, MORE, ALL_SENT, ALL_SENT)

    async def act(_: Any, wake: Callable[[], Awaitable[Any]]) -> None:
        for stretches in (3, 4):
            await deliverer.until(stretches)
            await wake()

    return await _delivered(stage, deliverer, act)


@case(DELIVER_WEBHOOK, "down-for-hours-then-paused")
async def down(stage: Stage) -> str:
    deliverer = ScriptedDeliverer(timedelta(minutes=30), timedelta(hours=1), PAUSED)

    async def act(handle: Any, wake: Callable[[], Awaitable[Any]]) -> None:
        for stretches in (1, 2):
            await deliverer.until(stretches)
            await stage.skipper.fast_forward(handle, timedelta(hours=1, minutes=1))
        await deliverer.until(3)
        await wake()

    return await _delivered(stage, deliverer, act)


@case(DELIVER_WEBHOOK, "the-rows-were-away")
async def rows_away(stage: Stage) -> str:
    deliverer = ScriptedDeliverer(UpstreamUnavailableError(), HELD, ALL_SENT)

    async def act(handle: Any, wake: Callable[[], Awaitable[Any]]) -> None:
        await deliverer.until(2)
        await stage.skipper.fast_forward(handle, timedelta(seconds=2))
        await deliverer.until(3)
        await wake()

    return await _delivered(stage, deliverer, act)
