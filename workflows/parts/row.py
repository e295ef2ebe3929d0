"""The row of an intent, which a flow reads and ends by local activities."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.closing import Closing
    from steadymint.domain.intents.messages import Prepared
    from steadymint.domain.intents.view import IntentView
    from steadymint.domain.types import IntentId
    from steadymint.durable import policies

P = ParamSpec("P")
R = TypeVar("R")


class Row:
    """The row. Each method is a local activity of `activities.closing`."""

    def __init__(self, intent_id: IntentId) -> None:
        self._intent_id = intent_id

    async def find(self, request_hash: str) -> Prepared | None:
        return await _local("Look for what was written", Closing.find_prepared, self._intent_id, request_hash)

    async def read(self) -> IntentView:
        return await _local("Read how the intent stands", Closing.read_intent, self._intent_id)

    async def expire(self) -> IntentView | None:
        """None while its transaction is in a block."""
        return await _local("Expire the intent, unless it is in a block", Closing.expire_intent, self._intent_id)

    async def extend(self, until: datetime) -> None:
        await _local("Show the later deadline", Closing.extend_intent, self._intent_id, until)

    async def cancel(self, reason: str) -> IntentView | None:
        """None if it has ended otherwise."""
        return await _local("End the intent as cancelled", Closing.cancel_intent, self._intent_id, reason)


async def _local(
    summary: str, method: Callable[Concatenate[Closing, P], Awaitable[R]], *args: P.args, **_: P.kwargs
) -> R:
    return await workflow.execute_local_activity_method(
        method,
        args=args,
        start_to_close_timeout=policies.STORE_TIMEOUT,
        retry_policy=policies.STORE_RETRY,
        summary=summary,
    )
