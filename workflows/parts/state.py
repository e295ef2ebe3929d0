"""The state of an intent's flow, and the steps that the story, callers and operators share."""

from __future__ import annotations

from typing import Any, NoReturn

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from steadymint.domain.errors import IntentFinalError, SupersededError
    from steadymint.domain.intents.order import Order
    from steadymint.domain.intents.view import IntentView
    from steadymint.domain.texts import as_code
    from steadymint.domain.types import IntentId, TxHash
    from steadymint.domain.waiting import Problem
    from steadymint.durable.failures import to_failure
    from steadymint.durable.search_attributes import PROBLEM, TX_HASH
    from workflows.parts.answers import Answers
    from workflows.parts.attributes import show
    from workflows.parts.background import Background
    from workflows.parts.deadline import Deadline
    from workflows.parts.details import Details
    from workflows.parts.following import FollowedHash
    from workflows.parts.row import Row


class FlowState:
    """Base of an intent's flow: the hash that it follows, its deadline, and its end once there is one.

    `searchable`: whether the flow shows its hash and step as soon as it follows a transaction.
    """

    def __init__(self, order: Order[Any, Any], *, searchable: bool) -> None:
        self._order = order
        self._row = Row(IntentId(order.intent_id))
        self._deadline = Deadline(order.deadline_seconds)
        self._hash = FollowedHash(
            order.intent_id,
            tell=self._tell,
            again=lambda tx_hash: self._background.run(self._follow(tx_hash)),
            searchable=searchable,
        )
        self._end: IntentView | None = None
        self._details = Details(order)
        self._background = Background(self._needs_attention)
        self._answers = Answers()

    async def _take(self, tx_hash: TxHash) -> NoReturn:
        """Follows the hash for a caller, who gets an answer only if the hash is refused."""
        try:
            await self._follow(tx_hash)
        except ActivityError as error:
            self._tell(f"Needs attention: {as_code(str(error))}.")
            raise
        await workflow.wait_condition(lambda: False)
        raise AssertionError("the flow ends first")

    async def _follow(self, tx_hash: TxHash) -> IntentView:
        """Follows the hash in place of the one before, to the intent's end."""
        end = await self._hash.follow(tx_hash) or self._end
        if end is None:
            raise to_failure(SupersededError())
        self._end = end  # if following was stopped, then because the chain, the deadline or an operator ended it
        return end

    def _refuse_if_ended(self) -> None:
        if self._end is not None:
            raise to_failure(IntentFinalError())

    def _needs_attention(self, why: str) -> None:
        """Shows operators what has failed in the background. They may retry it or name another hash."""
        if self._end is None:
            show((PROBLEM, Problem.STEP_FAILED), (TX_HASH, self._hash.tx_hash))
            self._tell(f"Needs attention: {as_code(why)}.")

    def _tell(self, headline: str | None = None) -> None:
        self._details.show(headline, self._hash.tx_hash, self._deadline.at, self._end)
