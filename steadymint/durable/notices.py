"""The notices of activities to their flows: what they wait for."""

from __future__ import annotations

import structlog
from temporalio.client import Client, RPCError

from steadymint.domain.waiting import WAITING, Waiting

_log = structlog.get_logger(__name__)


class Notices:
    """Sends notices. A lost notice only changes what operators read."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def tell(self, workflow_id: str, waiting: Waiting) -> None:
        """Sends one notice. Does not raise if the flow has ended or Temporal does not answer."""
        try:
            await self._client.get_workflow_handle(workflow_id).signal(WAITING, waiting)
        except RPCError as error:
            _log.info("notice_not_told", workflow=workflow_id, error=error.status.name)
