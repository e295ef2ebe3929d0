"""The preparation of an intent, which is made once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from steadymint.domain.intents.messages import Prepared


class Preparation:
    """The preparation. The first caller of `answer` starts `prepare`, and all callers get its result.

    `find` looks for what a `prepare` that failed has written all the same.
    """

    def __init__(
        self, prepare: Callable[[], Awaitable[Prepared]], find: Callable[[], Awaitable[Prepared | None]]
    ) -> None:
        self._prepare = prepare
        self._find = find
        self._begun = False
        self._prepared: Prepared | None = None
        self._refused: FailureError | None = None

    async def answer(self, request_id: str = "") -> Prepared:
        """The prepared intent. Raises the refusal to every caller.

        The server stores the start of a flow at once, but an update only when a worker has taken it. If the server
        loses the update that came with the start, the flow itself is the first caller, without a request's id.
        """
        if not self._begun:
            self._begun = True
            await self._make(request_id)
        await workflow.wait_condition(lambda: self._prepared is not None or self._refused is not None)
        if self._prepared is None:
            assert self._refused is not None
            raise self._refused
        return self._prepared

    async def written(self) -> Prepared | None:
        """What was written before the preparation failed, which further callers of `answer` get. The database may have
        committed the intent, and its answer may be lost. Without a flow such an intent would be open for ever."""
        self._prepared = await self._find()
        return self._prepared

    async def _make(self, request_id: str) -> None:
        try:
            prepared = await self._prepare()
        except FailureError as refused:  # a local activity's refusal is an ApplicationError, no ActivityError
            self._refused = refused
        else:
            self._prepared = prepared.model_copy(update={"request_id": request_id})
