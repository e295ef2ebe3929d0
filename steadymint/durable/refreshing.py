"""The wake-up of the flow that reads a collection's metadata. The API, the indexer and the sweep use it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog
from temporalio.client import Client, RPCError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from steadymint.domain.refreshing import REFRESH_METADATA, WAKE, CollectionRef, RefreshOrder, workflow_id_of
from steadymint.domain.types import show_address
from steadymint.durable.client import never_connected
from steadymint.durable.queues import Queues
from steadymint.durable.search_attributes import attributes

WAKE_TIMEOUT: Final = timedelta(seconds=3)
"""The time limit of a wake-up. A request waits for it, and a lost wake-up only delays the reading."""

_log = structlog.get_logger(__name__)


class Refreshes:
    """Wakes `RefreshMetadata`. The request itself is in the rows of the queue."""

    def __init__(self, client: Client, queues: Queues) -> None:
        self._client = client
        self._queues = queues

    async def wake(self, collection: CollectionRef) -> bool:
        """Starts the collection's flow, or has the running one read the queue once more. It is one call, which may be
        repeated. Call it after the commit of the queue's rows.

        Does not raise in an outage: False means that Temporal did not answer. The rows stay, and the sweep of the
        metadata workers wakes the flow within two minutes.
        """
        shown = show_address(collection.contract)
        try:
            await self._client.start_workflow(
                REFRESH_METADATA,
                RefreshOrder(collection=collection),
                id=workflow_id_of(collection),
                task_queue=self._queues.flows,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                start_signal=WAKE,
                search_attributes=attributes(flow=REFRESH_METADATA, chain_id=collection.chain_id, collection=shown),
                static_summary=f"Read the metadata of {shown} on {collection.chain_id}",
                rpc_timeout=WAKE_TIMEOUT,
            )
        except (RPCError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and not never_connected(error):
                raise
            _log.warning("refresh_not_woken", collection=workflow_id_of(collection), error=type(error).__name__)
            return False
        return True
