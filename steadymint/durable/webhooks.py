"""The wake-up of the flow that delivers a webhook's events."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from temporalio.client import Client, RPCError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from steadymint.domain.webhooks import DELIVER_WEBHOOK, WAKE, DeliverOrder, Standing, workflow_id_of
from steadymint.durable.client import never_connected
from steadymint.durable.queues import Queues
from steadymint.durable.search_attributes import attributes

WAKE_TIMEOUT: Final = timedelta(seconds=3)
"""Nobody waits for it, and a wake-up that is lost is sent again."""

_log = structlog.get_logger(__name__)


class WebhookFlows:
    """Wakes `DeliverWebhook`. The events themselves are rows."""

    def __init__(self, client: Client, queues: Queues) -> None:
        self._client = client
        self._queues = queues

    async def wake(self, webhook_id: UUID) -> bool:
        """Starts the webhook's flow, or has the running one look once more. It may be repeated.

        Does not raise in an outage: False means that Temporal did not answer.
        """
        try:
            await self._client.start_workflow(
                DELIVER_WEBHOOK,
                DeliverOrder(webhook_id=webhook_id),
                id=workflow_id_of(webhook_id),
                task_queue=self._queues.webhooks,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                start_signal=WAKE,
                search_attributes=attributes(flow=DELIVER_WEBHOOK, step=Standing.DELIVERING),
                static_summary=f"Deliver the events of webhook {webhook_id}",
                rpc_timeout=WAKE_TIMEOUT,
            )
        except (RPCError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and not never_connected(error):
                raise
            _log.warning("webhook_not_woken", webhook_id=str(webhook_id), error=type(error).__name__)
            return False
        return True
