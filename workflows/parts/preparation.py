"""The preparation of an intent: made once, however often it is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from steadymint.domain.intents.messages import Prepared


class Preparation:
    """`prepare` does the work; whoever asks first has it done."""

    def __init__(self, prepare: Callable[[], Awaitable[Prepared]]) -> None:
        self._prepare = prepare
        self._begun = False
        self._prepared: Prepared | None = None
        self._refused: FailureError | None = None

    async def answer(self, request_id: str = "") -> Prepared:
        """What the wallet is to sign. Raises the refusal, to everyone who asks.

        A server remembers that a flow was started, and an update only once a worker has taken it. If it lost the one
        that came with the start, the flow itself asks first, without a request's id.
        """
        if not self._begun:
            self._begun = True
            await self._make(request_id)
        await workflow.wait_condition(lambda: self._prepared is not None or self._refused is not None)
        if self._prepared is None:
            assert self._refused is not None
            raise self._refused
        return self._prepared

    async def _make(self, request_id: str) -> None:
        try:
            prepared = await self._prepare()
        except FailureError as refused:  # a local activity's refusal is an ApplicationError, no ActivityError
            self._refused = refused
        else:
            self._prepared = prepared.model_copy(update={"request_id": request_id})
