"""How the API and the command line talk to the flows of intents."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import Any, Final, TypeVar
from uuid import uuid4

from temporalio.client import (
    Client,
    RPCError,
    RPCTimeoutOrCancelledError,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateHandle,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowUpdateStage,
)
from temporalio.common import TypedSearchAttributes, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCStatusCode

from steadymint.domain.errors import IntentFinalError, UpstreamUnavailableError
from steadymint.domain.intents import messages
from steadymint.domain.intents.identity import workflow_id_of
from steadymint.domain.intents.kinds import AnyOrder, kind_of
from steadymint.domain.intents.messages import Prepared, PrepareRequest, TrackRequest
from steadymint.domain.intents.view import IntentView
from steadymint.domain.types import Address, TxHash, show_address
from steadymint.durable import policies
from steadymint.durable.client import never_connected
from steadymint.durable.failures import from_failure
from steadymint.durable.queues import Queues
from steadymint.durable.search_attributes import attributes
from steadymint.durable.with_start import heard

T = TypeVar("T")

REFUSAL_REMEMBERED: Final = 2.0
"""Seconds for which a refused request, sent again, is answered with the same refusal."""


class IntentFlows:
    """Starts and updates the flows of all kinds."""

    def __init__(self, client: Client, queues: Queues) -> None:
        self._client = client
        self._queues = queues

    # -- the API ----------------------------------------------------------------------------------------------------

    async def prepare(self, order: AnyOrder) -> tuple[Prepared, bool]:
        """Starts the flow and returns its prepared intent in the same round trip, and whether this call made it.

        A repeated order finds the live flow. Raises what the preparation was refused with, IdempotencyMismatchError,
        IntentFinalError if the flow has already ended, or UpstreamUnavailableError.
        """
        request = PrepareRequest(request_hash=order.request_hash, request_id=uuid4().hex)
        start = self._start(order)
        async with heard(start):
            prepared: Prepared = await _answered(
                self._client.execute_update_with_start_workflow(
                    messages.PREPARE,
                    request,
                    id=_prepare_id(order.request_hash),
                    start_workflow_operation=start,
                    result_type=Prepared,
                    rpc_timeout=policies.UPDATE_TIMEOUT,
                )
            )
        return prepared, prepared.request_id == request.request_id

    async def begin_tracking(self, workflow_id: str, tx_hash: TxHash) -> WorkflowUpdateHandle[IntentView]:
        """Hands a hash to the flow. The handle's result is the intent's end, or raises why the hash was refused.

        Raises IntentFinalError if the flow has ended.
        """
        handle = self._client.get_workflow_handle(workflow_id)
        return await _answered(
            handle.start_update(
                messages.TRACK,
                TrackRequest(tx_hash=tx_hash),
                # The hash makes a repeated call find the running update; it is never followed twice.
                id=f"track-{tx_hash}",
                wait_for_stage=WorkflowUpdateStage.ACCEPTED,
                result_type=IntentView,
                rpc_timeout=policies.UPDATE_TIMEOUT,
            )
        )

    # -- operators --------------------------------------------------------------------------------------------------

    async def retry_step(self, workflow_id: str) -> str:
        return await self._operate(workflow_id, messages.RETRY_STEP, [], str)

    async def extend_deadline(self, workflow_id: str, by: timedelta) -> str:
        return await self._operate(workflow_id, messages.EXTEND_DEADLINE, [int(by.total_seconds())], str)

    async def rebind_hash(self, workflow_id: str, tx_hash: TxHash) -> str:
        return await self._operate(workflow_id, messages.REBIND_HASH, [TrackRequest(tx_hash=tx_hash)], str)

    async def cancel(self, workflow_id: str, reason: str) -> IntentView:
        return await self._operate(workflow_id, messages.CANCEL, [reason], IntentView)

    async def _operate(self, workflow_id: str, update: str, args: Sequence[Any], result: type[T]) -> T:
        handle = self._client.get_workflow_handle(workflow_id)
        return await _answered(
            handle.execute_update(update, args=list(args), result_type=result, rpc_timeout=policies.UPDATE_TIMEOUT)
        )

    # -- one level down -----------------------------------------------------------------------------------------------

    def _start(self, order: AnyOrder) -> WithStartWorkflowOperation[Any, Any]:
        kind = kind_of(order)
        return WithStartWorkflowOperation(
            kind.workflow,
            order,
            id=workflow_id_of(kind.name, order.intent_id),
            task_queue=self._queues.flows,
            task_timeout=policies.TASK_TIMEOUT,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            search_attributes=intent_attributes(order, order.terms.collection()),
            static_summary=f"{order.terms.summary()} on {order.chain_id}",
        )


def intent_attributes(order: AnyOrder, collection: Address | None) -> TypedSearchAttributes:
    """By what an operator finds the flow of an intent."""
    return attributes(
        flow=kind_of(order).workflow,
        chain_id=order.chain_id,
        account=show_address(order.caller.account),
        collection=show_address(collection) if collection else None,
    )


async def _answered(call: Awaitable[T]) -> T:
    """Temporal's many ways of saying no, as our own errors."""
    try:
        return await call
    except WorkflowUpdateFailedError as failed:
        raise from_failure(failed) from None
    except WorkflowAlreadyStartedError:
        raise IntentFinalError from None
    except (RPCTimeoutOrCancelledError, WorkflowUpdateRPCTimeoutOrCancelledError):
        raise UpstreamUnavailableError("The flow did not answer in time; try again") from None
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise IntentFinalError from None
        raise UpstreamUnavailableError("The flow cannot be reached; try again") from None
    except RuntimeError as error:
        if not never_connected(error):
            raise
        raise UpstreamUnavailableError("The flow cannot be reached; try again") from None


def _prepare_id(request_hash: str) -> str:
    """One update for the same request at once from many tabs; another body is another update, and refused.

    A server remembers updates of closed flows too, so without the clock a refusal ("the mint has not started") would be
    repeated for ever. Requests on both sides of a tick are two updates of one flow, and get the same answer.
    """
    return f"prepare-{request_hash[:32]}-{int(time.time() // REFUSAL_REMEMBERED)}"
