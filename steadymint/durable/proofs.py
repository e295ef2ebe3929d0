"""The API's side of the flows that a signed message starts: a sign-in, and the linking of a wallet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Generic, TypeVar

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
from steadymint.domain.sign_in import ProvenMessage
from steadymint.domain.upstreams import Upstream
from steadymint.durable import policies
from steadymint.durable.client import never_connected
from steadymint.durable.failures import from_failure
from steadymint.durable.queues import Queues
from steadymint.durable.search_attributes import attributes
from steadymint.durable.with_start import heard, was_refused

RETRY_AFTER: Final = 2
"""Seconds after which a client may repeat a proof by a contract. Its signature and nonce stay valid."""

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class ProofKind(Generic[E]):
    """A flow of signed messages, which earn an `E`."""

    workflow: str
    earned: type[E]
    result: type[Any]
    title: str
    """The beginning of its summary in the Temporal UI."""
    unavailable: str
    """What a caller is told if the flow does not answer."""


class ProofFlows(Generic[E]):
    """Starts flows of one kind and waits for their answers."""

    def __init__(self, client: Client, queues: Queues, kind: ProofKind[E]) -> None:
        self._client = client
        self._queues = queues
        self._kind = kind

    async def earned(self, message: ProvenMessage, workflow_id: str) -> E:
        """Starts the flow of the message's nonce and returns what it has earned in the same round trip.

        Raises the refusal of the message; InvalidNonceError if a flow of this nonce is running or has granted
        something; UpstreamUnavailableError if there is no answer in time, although the flow may still grant it.
        """
        try:
            try:
                return await self._ask(message, workflow_id, WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY)
            except WorkflowAlreadyStartedError:
                # A flow that has granted something is the last one of its nonce. A refused flow has not used the nonce:
                # a failed node, or a false signature of somebody else, must not make the user's signature invalid.
                if not await was_refused(self._client, workflow_id):
                    raise
                return await self._ask(message, workflow_id, WorkflowIDReusePolicy.ALLOW_DUPLICATE)
        except WorkflowUpdateFailedError as failed:
            refusal = from_failure(failed)
            if not isinstance(refusal, UpstreamUnavailableError):
                raise refusal from None
            if refusal.extra.get("upstream") == Upstream.NODE:
                raise _no_word(message) from None
            # The history of the flow names the endpoint. A caller who is not signed in does not learn it.
            raise self._unavailable(refusal.extra.get("upstream", Upstream.TEMPORAL)) from None
        except WorkflowAlreadyStartedError:
            raise InvalidNonceError from None
        except (RPCError, RPCTimeoutOrCancelledError, WorkflowUpdateRPCTimeoutOrCancelledError):
            raise self._unavailable() from None
        except RuntimeError as error:
            if not never_connected(error):
                raise
            raise self._unavailable() from None

    async def _ask(self, message: ProvenMessage, workflow_id: str, reuse: WorkflowIDReusePolicy) -> E:
        start = self._start(message, workflow_id, reuse)
        async with heard(start):
            return await self._client.execute_update_with_start_workflow(
                sign_in.VERIFY,
                message.attempt_id,
                id=str(message.attempt_id),
                start_workflow_operation=start,
                result_type=self._kind.earned,
                rpc_timeout=_patience(message),
            )

    def _start(
        self, message: ProvenMessage, workflow_id: str, reuse: WorkflowIDReusePolicy
    ) -> WithStartWorkflowOperation[Any, Any]:
        by = "a contract" if message.proof is sign_in.SignatureKind.CONTRACT else "a key"
        return WithStartWorkflowOperation(
            self._kind.workflow,
            message,
            id=workflow_id,
            task_queue=self._queues.flows,
            execution_timeout=policies.sign_in_life(message.proof),
            task_timeout=policies.TASK_TIMEOUT,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=reuse,
            # No account here, because many operators may read the list of workflows. The log of attempts leads from an
            # account to the nonce's hash, which is in the workflow's id.
            search_attributes=attributes(flow=self._kind.workflow, chain_id=message.chain_id),
            static_summary=f"{self._kind.title} {by} on {message.chain_id}",
            result_type=self._kind.result,
        )

    def _unavailable(self, upstream: str = Upstream.TEMPORAL) -> UpstreamUnavailableError:
        return UpstreamUnavailableError(self._kind.unavailable, upstream=upstream)


def _patience(message: ProvenMessage) -> timedelta:
    """How long the request waits. A contract may need all of its budget."""
    if message.proof is not sign_in.SignatureKind.CONTRACT:
        return policies.UPDATE_TIMEOUT
    return max(policies.UPDATE_TIMEOUT, timedelta(seconds=message.contract_budget) + policies.SIGN_IN_RESERVE)


def _no_word(message: ProvenMessage) -> UpstreamUnavailableError:
    """The error if the contract has not answered in time. It says how long that is, and when to try again."""
    return UpstreamUnavailableError(
        f"The contract wallet's chain did not answer within {message.contract_budget:g} s; try again",
        retry_after=RETRY_AFTER,
        retryAfter=RETRY_AFTER,
        upstream=Upstream.NODE,
        contractBudget=message.contract_budget,
    )
