"""How the API, the indexer and the CLI talk to intent flows. Ids, policies and update names are in one place: here."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

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
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCStatusCode

from steadymint.domain import flows
from steadymint.domain.errors import IntentFinalError, UpstreamUnavailableError
from steadymint.domain.flows import (
    CollectionOrder,
    IntentOrder,
    Landed,
    MintOrder,
    Prepared,
    PrepareRequest,
    Reopened,
    TakenBack,
    TrackRequest,
)
from steadymint.domain.intents import IntentKind, IntentView, workflow_id_of
from steadymint.domain.texts import as_code
from steadymint.domain.types import IntentId, TxHash, show_address
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
    """Starts, updates and signals `CreateCollection` and `Mint`."""

    def __init__(self, client: Client, queues: Queues) -> None:
        self._client = client
        self._queues = queues

    # -- the API ----------------------------------------------------------------------------------------------------

    async def prepare(self, order: MintOrder | CollectionOrder) -> tuple[Prepared, bool]:
        """Starts the flow and returns its prepared intent in the same round trip, and whether this call made it.

        A repeated order finds the live flow. Raises what the preparation was refused with, IdempotencyMismatchError,
        IntentFinalError if the flow has already ended, or UpstreamUnavailableError.
        """
        request = PrepareRequest(request_hash=order.request_hash, request_id=uuid4().hex)
        start = self._start(order, WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY)
        async with heard(start):
            prepared: Prepared = await _answered(
                self._client.execute_update_with_start_workflow(
                    flows.PREPARE,
                    request,
                    id=_prepare_id(order.request_hash),
                    start_workflow_operation=start,
                    result_type=Prepared,
                    rpc_timeout=policies.UPDATE_TIMEOUT,
                )
            )
        return prepared, prepared.request_id == request.request_id

    async def begin_tracking(
        self, kind: IntentKind, intent_id: IntentId, tx_hash: TxHash
    ) -> WorkflowUpdateHandle[IntentView]:
        """Hands a hash to the flow. The handle's result is the intent's end, or raises why the hash was refused.

        Raises IntentFinalError if the flow has ended.
        """
        handle = self._client.get_workflow_handle(workflow_id_of(kind, intent_id))
        return await _answered(
            handle.start_update(
                flows.TRACK,
                TrackRequest(tx_hash=tx_hash),
                # The hash makes a repeated call find the running update; it is never followed twice.
                id=f"track-{tx_hash}",
                wait_for_stage=WorkflowUpdateStage.ACCEPTED,
                result_type=IntentView,
                rpc_timeout=policies.UPDATE_TIMEOUT,
            )
        )

    # -- the indexer ------------------------------------------------------------------------------------------------

    async def tell_landed(self, view: IntentView, order: IntentOrder) -> None:
        """Tells a flow that its intent is ready: one that waits for the wallet, or, if it has ended, a new run."""
        assert view.tx_hash is not None
        await self._reopen(order, Reopened(reason="landed", tx_hash=view.tx_hash), flows.LANDED, Landed(view=view))

    async def tell_reorged(self, view: IntentView, order: IntentOrder) -> None:
        """Reopens a flow whose intent had ended in a block that has left the chain, or stops one from closing."""
        assert view.tx_hash is not None
        reopened = Reopened(reason="reorged", tx_hash=view.tx_hash)
        await self._reopen(order, reopened, flows.TAKEN_BACK, TakenBack(view=view))

    async def _reopen(self, order: IntentOrder, reopened: Reopened, signal: str, told: Landed | TakenBack) -> None:
        again = order.model_copy(update={"reopened": reopened})
        kind = _kind_of(again)
        await self._client.start_workflow(
            flows.WORKFLOW_OF[kind],
            again,
            id=workflow_id_of(kind, IntentId(order.intent_id)),
            task_queue=self._queues.flows,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            start_signal=signal,
            start_signal_args=[told],
            search_attributes=_search_attributes(again),
            static_summary=f"Reopened: {reopened.reason}",
        )

    # -- operators --------------------------------------------------------------------------------------------------

    async def retry_step(self, kind: IntentKind, intent_id: IntentId) -> str:
        return await self._operate(kind, intent_id, flows.RETRY_STEP, [], str)

    async def extend_deadline(self, kind: IntentKind, intent_id: IntentId, by: timedelta) -> str:
        return await self._operate(kind, intent_id, flows.EXTEND_DEADLINE, [int(by.total_seconds())], str)

    async def rebind_hash(self, kind: IntentKind, intent_id: IntentId, tx_hash: TxHash) -> str:
        return await self._operate(kind, intent_id, flows.REBIND_HASH, [TrackRequest(tx_hash=tx_hash)], str)

    async def cancel(self, kind: IntentKind, intent_id: IntentId, reason: str) -> IntentView:
        return await self._operate(kind, intent_id, flows.CANCEL, [reason], IntentView)

    async def _operate(self, kind: IntentKind, intent_id: UUID, update: str, args: Sequence[Any], result: type[T]) -> T:
        handle = self._client.get_workflow_handle(workflow_id_of(kind, IntentId(intent_id)))
        return await _answered(
            handle.execute_update(update, args=list(args), result_type=result, rpc_timeout=policies.UPDATE_TIMEOUT)
        )

    # -- one level down -----------------------------------------------------------------------------------------------

    def _start(self, order: IntentOrder, reuse: WorkflowIDReusePolicy) -> WithStartWorkflowOperation[Any, Any]:
        kind = _kind_of(order)
        return WithStartWorkflowOperation(
            flows.WORKFLOW_OF[kind],
            order,
            id=workflow_id_of(kind, IntentId(order.intent_id)),
            task_queue=self._queues.flows,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=reuse,
            search_attributes=_search_attributes(order),
            static_summary=_summary(order),
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


def _kind_of(order: IntentOrder) -> IntentKind:
    return IntentKind.MINT if isinstance(order, MintOrder) else IntentKind.COLLECTION


def _search_attributes(order: IntentOrder) -> Any:
    kind = _kind_of(order)
    contract = order.terms.contract if isinstance(order, MintOrder) and order.terms else None
    return attributes(
        flow=flows.WORKFLOW_OF[kind],
        chain_id=order.chain_id,
        account=show_address(order.caller.account),
        collection=show_address(contract) if contract else None,
    )


def _summary(order: IntentOrder) -> str:
    """One line for the list in the Temporal UI."""
    if isinstance(order, MintOrder) and order.terms is not None:
        terms = order.terms
        what = str(terms.quantity) if terms.quantity else f"{len(terms.items)} ids"
        return f"Mint {what} of {show_address(terms.contract)} on {order.chain_id}"
    if isinstance(order, CollectionOrder) and order.terms is not None:
        return f"Create {order.terms.standard} {as_code(order.terms.name[:60])} on {order.chain_id}"
    return f"{_kind_of(order)} on {order.chain_id}"
