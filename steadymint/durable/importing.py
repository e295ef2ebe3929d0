"""The side of the API and the command line of the import flow."""

from __future__ import annotations

from typing import Final

from temporalio.client import (
    Client,
    RPCError,
    RPCTimeoutOrCancelledError,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.importing import BEGIN, IMPORT_COLLECTION, ImportOrder, Inspection, workflow_id_of
from steadymint.domain.types import show_address
from steadymint.domain.upstreams import Upstream
from steadymint.durable import policies
from steadymint.durable.client import never_connected
from steadymint.durable.failures import from_failure
from steadymint.durable.queues import Queues
from steadymint.durable.search_attributes import attributes
from steadymint.durable.with_start import heard

_SILENCE: Final = "The flow did not answer in time; try again"


class ImportFlows:
    """Starts `ImportCollection`, or joins the one that runs."""

    def __init__(self, client: Client, queues: Queues) -> None:
        self._client = client
        self._queues = queues

    async def begin(self, order: ImportOrder) -> Inspection:
        """Starts the import and returns what the contract says about itself. The import continues without the caller.

        Raises the refusal (`ContractNotFoundError`, `NotACollectionError`, `AlreadyInCatalogError`, ...), or
        UpstreamUnavailableError.
        """
        start = self._start(order)
        try:
            async with heard(start):
                return await self._client.execute_update_with_start_workflow(
                    BEGIN,
                    start_workflow_operation=start,
                    result_type=Inspection,
                    rpc_timeout=policies.UPDATE_TIMEOUT,
                )
        except WorkflowUpdateFailedError as failed:
            raise from_failure(failed) from None
        except (RPCTimeoutOrCancelledError, WorkflowUpdateRPCTimeoutOrCancelledError):
            raise UpstreamUnavailableError(_SILENCE, upstream=Upstream.TEMPORAL) from None
        except (RPCError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and not never_connected(error):
                raise
            raise UpstreamUnavailableError(
                "The flow cannot be reached; try again", upstream=Upstream.TEMPORAL
            ) from None

    def _start(self, order: ImportOrder) -> WithStartWorkflowOperation[ImportOrder, Inspection]:
        shown = show_address(order.contract)
        return WithStartWorkflowOperation(
            IMPORT_COLLECTION,
            order,
            id=workflow_id_of(order.chain_id, order.contract),
            task_queue=self._queues.flows,
            task_timeout=policies.TASK_TIMEOUT,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            search_attributes=attributes(flow=IMPORT_COLLECTION, chain_id=order.chain_id, collection=shown),
            static_summary=f"Import {shown} on {order.chain_id}",
        )
