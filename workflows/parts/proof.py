"""The story of a flow that a signed message starts, which is the same for a sign-in and for the linking of a wallet.

    ask the contract, if no key has signed -> grant what the proof earns -> look again whether the contract is there,
    once its block is deep

The workflow is started with its message and completes by itself; the update `verify` only waits for the answer, so a
request that goes away cancels nothing. Only one attempt is served: a request with the same nonce is refused while the
workflow runs, and finds the nonce used afterwards. A refusal completes the flow. It fails only where a part of ours has
failed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.sign_in import SignatureChecking
    from steadymint.domain import sign_in
    from steadymint.domain.errors import InvalidNonceError
    from steadymint.domain.linking import LinkOrder
    from steadymint.domain.outcome import Outcome, Refusal
    from steadymint.domain.sign_in import ProvenMessage, SignatureKind, SignInAttempt
    from steadymint.domain.texts import as_code
    from steadymint.durable import policies
    from steadymint.durable.failures import refusal_of, to_failure
    from steadymint.durable.queues import Queues
    from steadymint.durable.search_attributes import OUTCOME
    from workflows.parts.attributes import show

M = TypeVar("M", SignInAttempt, LinkOrder)
E = TypeVar("E")


class ProofFlow(Generic[M, E]):
    """Base of the flows of signed messages `M`, which earn an `E`. A subclass grants it and looks again."""

    gone: ClassVar[str]
    """What has become of a wallet whose block has left the chain, in words for the Temporal UI."""

    def __init__(self, message: M) -> None:
        self._message = message
        self._earned: E | None = None
        self._refused: FailureError | None = None
        self._settles_in: float | None = None

    # -- for subclasses -----------------------------------------------------------------------------------------------

    async def _grant(self, message: M) -> E:
        """What the proven message earns."""
        raise NotImplementedError

    def _look(self) -> Callable[..., Any]:
        """The activity that looks again. It takes what was earned, and answers whether the wallet is still there."""
        raise NotImplementedError

    async def _earn(self) -> E | Refusal:
        """What the proof has earned, or why it was refused."""
        try:
            if self._message.proof is SignatureKind.CONTRACT:
                self._settles_in = await self._ask_contract()
            self._earned = await self._grant(self._message)
        except FailureError as refused:  # a remote activity's is an ActivityError, a local one's an ApplicationError
            self._refused = refused
            refusal = refusal_of(refused)
            workflow.set_current_details(_told(refused, refusal))
            if refusal is not None:
                show((OUTCOME, Outcome.REFUSED))
            await workflow.wait_condition(workflow.all_handlers_finished)
            if refusal is None:
                raise
            return refusal
        # Granted is what completed says without an outcome: to show it would cost each sign-in a third more actions.
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._earned

    async def _is_gone(self) -> bool:
        """Whether the contract that was asked is there no more, once its block is deep; False if nobody can say."""
        if self._settles_in is None:
            return False
        delay = min(timedelta(seconds=self._settles_in), policies.WALLET_LOOK_DELAY)
        await workflow.sleep(delay, summary="Until the wallet's block is deep enough")
        try:
            stands = await workflow.execute_activity_method(
                self._look(),
                self._earned,
                task_queue=Queues.beside(workflow.info().task_queue).chain,
                start_to_close_timeout=policies.WALLET_LOOK_TIMEOUT,
                schedule_to_close_timeout=policies.WALLET_LOOK_BUDGET,
                retry_policy=policies.WALLET_LOOK_RETRY,
                summary="Look whether the wallet is still on the chain",
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            reason = as_code(str(error.cause or error))
            workflow.set_current_details(f"Whether the wallet is still there could not be seen: {reason}")
            return False
        if not stands:
            workflow.set_current_details(f"The block that the wallet was in has left the chain: {self.gone}.")
        return not stands

    # -- the caller's message -----------------------------------------------------------------------------------------

    @workflow.update(name=sign_in.VERIFY, description="What the proof has earned, or why not")
    async def verify(self, attempt_id: UUID) -> Any:
        """What the proof has earned, or why not."""
        await workflow.wait_condition(lambda: self._earned is not None or self._refused is not None)
        if self._refused is not None:
            raise self._refused
        return self._earned

    @verify.validator
    def _of_this_attempt(self, attempt_id: UUID) -> None:
        if attempt_id != self._message.attempt_id:
            raise to_failure(InvalidNonceError("The nonce is being used by another request"))

    # -- steps --------------------------------------------------------------------------------------------------------

    async def _ask_contract(self) -> float | None:
        return await workflow.execute_activity_method(
            SignatureChecking.ask_contract,
            self._message,
            task_queue=Queues.beside(workflow.info().task_queue).chain,
            start_to_close_timeout=timedelta(seconds=policies.signature_check_try(self._message.contract_budget)),
            schedule_to_close_timeout=timedelta(seconds=self._message.contract_budget),
            retry_policy=policies.SIGNATURE_CHECK_RETRY,
            summary="Ask the contract whether the signature is its own",
        )


async def granted(activity: Callable[..., Awaitable[E]], message: ProvenMessage, summary: str) -> E:
    """The result of the local activity that grants what a message has earned."""
    return await workflow.execute_local_activity_method(
        activity,
        message,
        start_to_close_timeout=policies.STORE_TIMEOUT,
        schedule_to_close_timeout=policies.GRANT_BUDGET,
        retry_policy=policies.STORE_RETRY,
        summary=summary,
    )


def _told(failure: FailureError, refusal: Refusal | None) -> str:
    """Current details. No account: the list of flows is read by more people than a user would think."""
    if refusal is not None:
        return f"Refused `{refusal.code}`: {as_code(refusal.detail)}"
    return f"Could not be decided: {as_code(str(failure.cause or failure))}"
