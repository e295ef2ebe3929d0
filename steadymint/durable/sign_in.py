"""The API's side of the sign-in flow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from temporalio.client import (
    Client,
    RPCError,
    RPCTimeoutOrCancelledError,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from steadymint.domain import sign_in
from steadymint.domain.errors import InvalidNonceError, UpstreamUnavailableError
from steadymint.domain.sign_in import SignInAttempt, SignInGrant, SignInResult, workflow_id_of_nonce
from steadymint.domain.upstreams import Upstream
from steadymint.durable import policies
from steadymint.durable.client import never_connected
from steadymint.durable.failures import from_failure
from steadymint.durable.queues import Queues
from steadymint.durable.search_attributes import attributes
from steadymint.durable.with_start import heard, was_refused

RETRY_AFTER: Final = 2
"""Seconds after which a client may repeat a sign-in by a contract. Its signature and nonce stay valid."""


class SignInFlows:
    """Starts `SignIn` and waits for its answer."""

    def __init__(self, client: Client, queues: Queues) -> None:
        self._client = client
        self._queues = queues

    async def verify(self, attempt: SignInAttempt) -> SignInGrant:
        """Starts the flow of the attempt's nonce and returns its grant in the same round trip.

        Raises the refusal of the attempt; InvalidNonceError if a flow of this nonce is running or has granted a
        session; UpstreamUnavailableError if there is no answer in time, although the flow may still grant one.
        """
        try:
            try:
                return await self._granted(attempt, WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY)
            except WorkflowAlreadyStartedError:
                # A flow that has granted a session is the last one of its nonce. A refused flow has not used the nonce:
                # a failed node, or a false signature of somebody else, must not make the user's signature invalid.
                if not await was_refused(self._client, workflow_id_of_nonce(attempt.nonce_hash)):
                    raise
                return await self._granted(attempt, WorkflowIDReusePolicy.ALLOW_DUPLICATE)
        except WorkflowUpdateFailedError as failed:
            refusal = from_failure(failed)
            if not isinstance(refusal, UpstreamUnavailableError):
                raise refusal from None
            if refusal.extra.get("upstream") == Upstream.NODE:
                raise _no_word(attempt) from None
            # The history of the flow names the endpoint. A caller who is not signed in does not learn it.
            raise _unavailable(refusal.extra.get("upstream", Upstream.TEMPORAL)) from None
        except WorkflowAlreadyStartedError:
            raise InvalidNonceError from None
        except (RPCError, RPCTimeoutOrCancelledError, WorkflowUpdateRPCTimeoutOrCancelledError):
            raise _unavailable() from None
        except RuntimeError as error:
            if not never_connected(error):
                raise
            raise _unavailable() from None

    async def _granted(self, attempt: SignInAttempt, reuse: WorkflowIDReusePolicy) -> SignInGrant:
        start = self._start(attempt, reuse)
        async with heard(start):
            return await self._client.execute_update_with_start_workflow(
                sign_in.VERIFY,
                attempt.attempt_id,
                id=str(attempt.attempt_id),
                start_workflow_operation=start,
                result_type=SignInGrant,
                rpc_timeout=_patience(attempt),
            )

    def _start(
        self, attempt: SignInAttempt, reuse: WorkflowIDReusePolicy
    ) -> WithStartWorkflowOperation[Any, SignInResult]:
        return WithStartWorkflowOperation(
            sign_in.SIGN_IN,
            attempt,
            id=workflow_id_of_nonce(attempt.nonce_hash),
            task_queue=self._queues.flows,
            execution_timeout=policies.sign_in_life(attempt.proof),
            task_timeout=policies.TASK_TIMEOUT,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=reuse,
            # No account here, because many operators may read the list of workflows. The log of attempts leads from an
            # account to the nonce's hash, which is in the workflow's id.
            search_attributes=attributes(flow=sign_in.SIGN_IN, chain_id=attempt.chain_id),
            static_summary=f"Sign in by {'a contract' if attempt.proof is sign_in.SignatureKind.CONTRACT else 'a key'}"
            f" on {attempt.chain_id}",
            result_type=SignInResult,
        )


def _patience(attempt: SignInAttempt) -> timedelta:
    """How long the request waits. A contract may need all of its budget."""
    if attempt.proof is not sign_in.SignatureKind.CONTRACT:
        return policies.UPDATE_TIMEOUT
    return max(policies.UPDATE_TIMEOUT, timedelta(seconds=attempt.contract_budget) + policies.SIGN_IN_RESERVE)


def _no_word(attempt: SignInAttempt) -> UpstreamUnavailableError:
    """The error if the contract has not answered in time. It says how long that is, and when to try again."""
    return UpstreamUnavailableError(
        f"The contract wallet's chain did not answer within {attempt.contract_budget:g} s; try again",
        retry_after=RETRY_AFTER,
        retryAfter=RETRY_AFTER,
        upstream=Upstream.NODE,
        contractBudget=attempt.contract_budget,
    )


def _unavailable(upstream: str = Upstream.TEMPORAL) -> UpstreamUnavailableError:
    return UpstreamUnavailableError("The sign-in cannot be completed now; try again", upstream=upstream)
