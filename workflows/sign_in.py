"""The sign-in flow: from a proven message to a session."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.sign_in import Granting, SignatureChecking
    from steadymint.domain import sign_in
    from steadymint.domain.errors import InvalidNonceError
    from steadymint.domain.outcome import Outcome, Refusal
    from steadymint.domain.sign_in import SignatureKind, SignInAttempt, SignInGrant, SignInResult
    from steadymint.domain.texts import as_code
    from steadymint.durable import policies
    from steadymint.durable.failures import refusal_of, to_failure
    from steadymint.durable.queues import Queues
    from steadymint.durable.search_attributes import OUTCOME
    from workflows.parts.attributes import show


@workflow.defn(name=sign_in.SIGN_IN)
class SignIn:
    """`sign-in:{nonce-hash}`: ask the contract, if no key has signed -> link the wallet, create the user, consume the
    nonce, open the session -> look again whether the contract is there, once its block is deep.

    The workflow is started with its attempt and completes by itself; the update `verify` only waits for the answer, so
    a request that goes away cancels nothing. Only one attempt is served: a request with the same nonce is refused while
    the workflow runs, and finds the nonce used afterwards.
    """

    @workflow.init
    def __init__(self, attempt: SignInAttempt) -> None:
        self._attempt = attempt
        self._grant: SignInGrant | None = None
        self._refused: FailureError | None = None

    @workflow.run
    async def run(self, attempt: SignInAttempt) -> SignInResult:
        """A refusal completes the flow. It fails only where a part of ours has failed."""
        try:
            settles_in = await self._ask_contract(attempt) if attempt.proof is SignatureKind.CONTRACT else None
            self._grant = await self._open_session(attempt)
        except FailureError as refused:  # a remote activity's is an ActivityError, a local one's an ApplicationError
            self._refused = refused
            refusal = refusal_of(refused)
            workflow.set_current_details(_told(refused, refusal))
            if refusal is not None:
                show((OUTCOME, Outcome.REFUSED))
            await workflow.wait_condition(workflow.all_handlers_finished)
            if refusal is None:
                raise
            return SignInResult(refusal=refusal)
        # Granted is what completed says without an outcome: to show it would cost each sign-in a third more actions.
        await workflow.wait_condition(workflow.all_handlers_finished)
        gone = settles_in is not None and not await self._stands(self._grant, settles_in)
        return SignInResult(grant=self._grant, wallet_gone=gone)

    @workflow.update(name=sign_in.VERIFY, description="The session that the attempt has earned, or why not")
    async def verify(self, attempt_id: UUID) -> SignInGrant:
        """The session that the attempt has earned, or why not."""
        await workflow.wait_condition(lambda: self._grant is not None or self._refused is not None)
        if self._refused is not None:
            raise self._refused
        assert self._grant is not None
        return self._grant

    @verify.validator
    def _of_this_attempt(self, attempt_id: UUID) -> None:
        if attempt_id != self._attempt.attempt_id:
            raise to_failure(InvalidNonceError("The nonce is being used by another request"))

    # -- steps --------------------------------------------------------------------------------------------------------

    async def _ask_contract(self, attempt: SignInAttempt) -> float | None:
        return await workflow.execute_activity_method(
            SignatureChecking.ask_contract,
            attempt,
            task_queue=Queues.beside(workflow.info().task_queue).chain,
            start_to_close_timeout=timedelta(seconds=policies.signature_check_try(attempt.contract_budget)),
            schedule_to_close_timeout=timedelta(seconds=attempt.contract_budget),
            retry_policy=policies.SIGNATURE_CHECK_RETRY,
            summary="Ask the contract whether the signature is its own",
        )

    async def _stands(self, grant: SignInGrant, settles_in: float) -> bool:
        """Whether the contract that was asked is still there; True if nobody can say. If not, the session has ended."""
        delay = min(timedelta(seconds=settles_in), policies.WALLET_LOOK_DELAY)
        await workflow.sleep(delay, summary="Until the wallet's block is deep enough")
        try:
            stands = await workflow.execute_activity_method(
                SignatureChecking.look_again,
                grant,
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
            return True
        if not stands:
            workflow.set_current_details("The block that the wallet was in has left the chain: the session was ended.")
        return stands

    async def _open_session(self, attempt: SignInAttempt) -> SignInGrant:
        return await workflow.execute_local_activity_method(
            Granting.grant_session,
            attempt,
            start_to_close_timeout=policies.STORE_TIMEOUT,
            schedule_to_close_timeout=policies.GRANT_BUDGET,
            retry_policy=policies.STORE_RETRY,
            summary="Link the wallet, use up the nonce, open the session",
        )


def _told(failure: FailureError, refusal: Refusal | None) -> str:
    """Current details. No account: the list of sign-ins is read by more people than a user would think."""
    if refusal is not None:
        return f"Refused `{refusal.code}`: {as_code(refusal.detail)}"
    return f"Could not be decided: {as_code(str(failure.cause or failure))}"
