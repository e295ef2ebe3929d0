"""The API's side of the flows that delete and export an account."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, Final

import structlog
from temporalio.client import (
    Client,
    RPCError,
    RPCTimeoutOrCancelledError,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCStatusCode

from steadymint.domain.accounts import (
    ASK,
    DELETE_ACCOUNT,
    EXPORT_ACCOUNT,
    LOOK,
    Deletion,
    DeletionOrder,
    DeletionResult,
    ExportOrder,
    workflow_id_of_deletion,
    workflow_id_of_export,
)
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import UserId
from steadymint.domain.upstreams import Upstream
from steadymint.durable import policies
from steadymint.durable.client import never_connected
from steadymint.durable.failures import from_failure
from steadymint.durable.queues import Queues
from steadymint.durable.search_attributes import attributes
from steadymint.durable.with_start import heard

WAKE_TIMEOUT: Final = timedelta(seconds=2)
"""The row says that the deletion was taken back; the signal only spares the flow a wait."""

_log = structlog.get_logger(__name__)


class AccountFlows:
    """Starts `DeleteAccount` and `ExportAccount`."""

    def __init__(self, client: Client, queues: Queues) -> None:
        self._client = client
        self._queues = queues

    async def delete(self, user_id: UserId) -> Deletion:
        """Start the flow and return until when the deletion can be taken back. The account is closed then.

        Raises AccountClosedError, UpstreamUnavailableError.
        """
        start: WithStartWorkflowOperation[Any, DeletionResult] = WithStartWorkflowOperation(
            DELETE_ACCOUNT,
            DeletionOrder(user_id=user_id),
            id=workflow_id_of_deletion(user_id),
            task_queue=self._queues.flows,
            task_timeout=policies.TASK_TIMEOUT,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            search_attributes=attributes(flow=DELETE_ACCOUNT),
            static_summary="Delete an account",
        )
        try:
            async with heard(start):
                return await self._client.execute_update_with_start_workflow(
                    ASK, start_workflow_operation=start, result_type=Deletion, rpc_timeout=policies.UPDATE_TIMEOUT
                )
        except WorkflowUpdateFailedError as failed:
            raise from_failure(failed) from None
        except (RPCError, RPCTimeoutOrCancelledError, WorkflowUpdateRPCTimeoutOrCancelledError):
            raise _unavailable() from None
        except RuntimeError as error:
            if not never_connected(error):
                raise
            raise _unavailable() from None

    async def taken_back(self, user_id: UserId) -> None:
        """Wake the flow, so that it ends. It finds out by itself at its time, so nothing fails here."""
        handle = self._client.get_workflow_handle(workflow_id_of_deletion(user_id))
        try:
            async with asyncio.timeout(WAKE_TIMEOUT.total_seconds()):
                await handle.signal(LOOK)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                _log.warning("deletion_not_woken", error=error.status.name)
        except (TimeoutError, RuntimeError) as error:
            _log.warning("deletion_not_woken", error=type(error).__name__)

    async def resume(self, user_id: UserId) -> None:
        """Make the flow look at the row, and start it if there is none. Unlike `delete` it closes no account, so the
        user may take the deletion back meanwhile. Raises UpstreamUnavailableError."""
        await _started(
            self._client.start_workflow(
                DELETE_ACCOUNT,
                DeletionOrder(user_id=user_id),
                id=workflow_id_of_deletion(user_id),
                task_queue=self._queues.flows,
                task_timeout=policies.TASK_TIMEOUT,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                search_attributes=attributes(flow=DELETE_ACCOUNT),
                static_summary="Delete an account",
                start_signal=LOOK,
            )
        )

    async def export(self, order: ExportOrder) -> None:
        """Start the flow, or find the running one. Raises UpstreamUnavailableError."""
        await _started(
            self._client.start_workflow(
                EXPORT_ACCOUNT,
                order,
                id=workflow_id_of_export(order.export_id),
                task_queue=self._queues.flows,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                search_attributes=attributes(flow=EXPORT_ACCOUNT),
                static_summary="Export an account",
            )
        )


async def _started(start: Awaitable[object]) -> None:
    try:
        async with asyncio.timeout(policies.UPDATE_TIMEOUT.total_seconds()):
            await start
    except (RPCError, TimeoutError):
        raise _unavailable() from None
    except RuntimeError as error:
        if not never_connected(error):
            raise
        raise _unavailable() from None


def _unavailable() -> UpstreamUnavailableError:
    return UpstreamUnavailableError("This cannot be done now; try again", upstream=Upstream.TEMPORAL)
