"""The side of the API and the command line of the intents' flows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Final, TypeVar
from uuid import uuid4

from temporalio.client import (
    Client,
    RPCError,
    RPCTimeoutOrCancelledError,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
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
from steadymint.domain.intents.kinds import KINDS, AnyOrder, kind_of
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.messages import Prepared, PrepareRequest, TrackRequest
from steadymint.domain.intents.order import Caller, Reopened
from steadymint.domain.intents.rows import IntentRow, Settled
from steadymint.domain.intents.view import IntentView
from steadymint.domain.types import Address, TxHash, show_address
from steadymint.domain.upstreams import Upstream
from steadymint.durable import policies
from steadymint.durable.client import never_connected
from steadymint.durable.failures import from_failure
from steadymint.durable.queues import Queues
from steadymint.durable.search_attributes import attributes
from steadymint.durable.with_start import heard, was_refused

T = TypeVar("T")

TRY_AGAIN: Final = (0.05, 0.2, 0.5)
"""Seconds before an update that was dropped is sent again."""

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

        A repeated order finds the live flow. Raises the refusal of the preparation, IdempotencyMismatchError,
        IntentFinalError if the flow has already ended, or UpstreamUnavailableError.
        """
        try:
            return await self._prepare(order, WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY)
        except IntentFinalError:
            if not await _answered(was_refused(self._client, workflow_id_of(order.kind, order.intent_id))):
                raise
            return await self._prepare(order, WorkflowIDReusePolicy.ALLOW_DUPLICATE)

    async def _prepare(self, order: AnyOrder, reuse: WorkflowIDReusePolicy) -> tuple[Prepared, bool]:
        """The prepared intent of the flow. Raises IntentFinalError if a flow of this id has ended and `reuse` does not
        allow another one."""
        request = PrepareRequest(request_hash=order.request_hash, request_id=uuid4().hex)
        start = self._start(order, reuse)
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

    async def begin_tracking(self, workflow_id: str, tx_hash: TxHash, seq: int = 1) -> WorkflowUpdateHandle[None]:
        """Hands a hash to the flow. The result of the handle only raises: the refusal of the hash, or that the flow has
        ended. The intent's log says when the hash is accepted.

        `seq`: the last line of the intent's log that the caller knows. Raises IntentFinalError if the flow has ended.
        """
        return await self._begin(workflow_id, messages.TRACK, tx_hash, _track_id(tx_hash, seq))

    async def is_running(self, workflow_id: str) -> bool:
        """Whether the flow has not ended."""
        try:
            flow = await _answered(
                self._client.get_workflow_handle(workflow_id).describe(rpc_timeout=policies.UPDATE_TIMEOUT)
            )
        except IntentFinalError:  # it ended so long ago that Temporal has forgotten it
            return False
        return flow.status is WorkflowExecutionStatus.RUNNING

    async def track_late(self, row: IntentRow, tx_hash: TxHash, *, deadline: int) -> WorkflowUpdateHandle[None]:
        """`begin_tracking` for an intent whose flow has expired: its flow runs again, and waits `deadline` seconds.

        For intents that are settled by receipt. Those that the indexer settles need no report.
        """
        order = reopened_order(row, Reopened(reason="reported", tx_hash=tx_hash), deadline)
        start = WithStartWorkflowOperation[Any, Any](
            kind_of(order).workflow,
            order,
            id=row.workflow_id,
            task_queue=self._queues.flows,
            task_timeout=policies.TASK_TIMEOUT,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            search_attributes=intent_attributes(order, row.contract, row.step),
            static_summary="Reopened: reported",
        )
        async with heard(start):
            return await _answered(
                self._client.start_update_with_start_workflow(
                    messages.TRACK,
                    TrackRequest(tx_hash=tx_hash),
                    id=_track_id(tx_hash, row.seq),
                    start_workflow_operation=start,
                    wait_for_stage=WorkflowUpdateStage.ACCEPTED,
                    rpc_timeout=policies.UPDATE_TIMEOUT,
                )
            )

    async def _begin(
        self, workflow_id: str, update: str, tx_hash: TxHash, update_id: str | None = None
    ) -> WorkflowUpdateHandle[None]:
        handle = self._client.get_workflow_handle(workflow_id)
        return await _repeated(
            lambda: handle.start_update(
                update,
                TrackRequest(tx_hash=tx_hash),
                id=update_id,
                wait_for_stage=WorkflowUpdateStage.ACCEPTED,
                rpc_timeout=policies.UPDATE_TIMEOUT,
            )
        )

    # -- operators --------------------------------------------------------------------------------------------------

    async def retry_step(self, workflow_id: str) -> str:
        return await self._operate(workflow_id, messages.RETRY_STEP, [], str)

    async def extend_deadline(self, workflow_id: str, by: timedelta) -> str:
        return await self._operate(workflow_id, messages.EXTEND_DEADLINE, [int(by.total_seconds())], str)

    async def begin_rebinding(self, workflow_id: str, tx_hash: TxHash) -> WorkflowUpdateHandle[None]:
        """`begin_tracking` for operators. A repeated call is a new update: a refused hash may be right by now."""
        return await self._begin(workflow_id, messages.REBIND_HASH, tx_hash)

    async def cancel(self, workflow_id: str, reason: str) -> IntentView:
        return await self._operate(workflow_id, messages.CANCEL, [reason], IntentView)

    async def _operate(self, workflow_id: str, update: str, args: Sequence[Any], result: type[T]) -> T:
        handle = self._client.get_workflow_handle(workflow_id)
        return await _repeated(
            lambda: handle.execute_update(
                update, args=list(args), result_type=result, rpc_timeout=policies.UPDATE_TIMEOUT
            )
        )

    # -- one level down -----------------------------------------------------------------------------------------------

    def _start(self, order: AnyOrder, reuse: WorkflowIDReusePolicy) -> WithStartWorkflowOperation[Any, Any]:
        kind = kind_of(order)
        return WithStartWorkflowOperation(
            kind.workflow,
            order,
            id=workflow_id_of(kind.name, order.intent_id),
            task_queue=self._queues.flows,
            task_timeout=policies.TASK_TIMEOUT,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=reuse,
            search_attributes=intent_attributes(order, order.terms.collection(), Step.PREPARED),
            static_summary=f"{order.terms.summary()} on {order.chain_id}",
        )


def reopened_order(intent: IntentRow | Settled, reopened: Reopened, deadline: int) -> AnyOrder:
    """The order with which the closed flow of an intent runs again."""
    return KINDS[intent.kind].order(
        kind=intent.kind.value,
        intent_id=intent.intent_id,
        chain_id=intent.chain_id,
        caller=Caller(user_id=intent.user_id, account=intent.account),
        request_hash=intent.request_hash,
        deadline_seconds=deadline,
        task=reopened,
    )


def intent_attributes(order: AnyOrder, collection: Address | None, step: Step) -> TypedSearchAttributes:
    """The search attributes of an intent's flow when it starts."""
    return attributes(
        flow=kind_of(order).workflow,
        chain_id=order.chain_id,
        account=show_address(order.caller.account),
        collection=show_address(collection) if collection else None,
        step=step.value,
    )


async def _repeated(call: Callable[[], Awaitable[T]]) -> T:
    """The answer to an update of an existing flow. If the workflow task with the update has to be repeated, for example
    because an activity ended meanwhile, the server drops the update and says so. Then it is sent again."""
    for pause in TRY_AGAIN:
        try:
            return await _answered(call(), dropped=RPCStatusCode.FAILED_PRECONDITION)
        except _DroppedError:
            await asyncio.sleep(pause)
    return await _answered(call())


class _DroppedError(Exception):
    """The update was dropped."""


async def _answered(call: Awaitable[T], dropped: RPCStatusCode | None = None) -> T:
    """Turns Temporal's errors into ours. `dropped` is the status that means a dropped update."""
    try:
        return await call
    except WorkflowUpdateFailedError as failed:
        raise from_failure(failed) from None
    except WorkflowAlreadyStartedError:
        raise IntentFinalError from None
    except (RPCTimeoutOrCancelledError, WorkflowUpdateRPCTimeoutOrCancelledError):
        raise UpstreamUnavailableError(
            "The flow did not answer in time; try again", upstream=Upstream.TEMPORAL
        ) from None
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise IntentFinalError from None
        if error.status is dropped:
            raise _DroppedError from None
        raise UpstreamUnavailableError("The flow cannot be reached; try again", upstream=Upstream.TEMPORAL) from None
    except RuntimeError as error:
        if not never_connected(error):
            raise
        raise UpstreamUnavailableError("The flow cannot be reached; try again", upstream=Upstream.TEMPORAL) from None


def _track_id(tx_hash: TxHash, seq: int) -> str:
    """The id of the update of a report. The same report, repeated before the intent has moved, is one update, and the
    hash is not followed twice.

    The server repeats the outcome of an ended update as long as the run lasts. Without the line of the log, a hash that
    another one has taken the place of would be answered with `superseded` for ever.
    """
    return f"track-{tx_hash}-{seq}"


def _prepare_id(request_hash: str) -> str:
    """The id of the update of a request. The same request from many tabs is one update. Another body is another update,
    which is refused.

    The server remembers the updates of closed flows too. Without the time in the id, a refusal ("the mint has not
    started") would be repeated for ever. Requests before and after a tick are two updates of one flow, with the same
    answer.
    """
    return f"prepare-{request_hash[:32]}-{int(time.time() // REFUSAL_REMEMBERED)}"
