"""The histories of a user's sign-ins and links in Temporal. They hold IP address and user agent of each attempt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import asyncpg
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from steadymint.account_data import attempts
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.linking import workflow_ids_of_links
from steadymint.domain.sign_in import workflow_id_of_nonce
from steadymint.domain.types import UserId
from steadymint.domain.upstreams import Upstream

AT_ONCE: Final = 50
"""Flows that one query names."""

_HASHES: Final = f"""
SELECT DISTINCT nonce_hash FROM (
    SELECT nonce_hash FROM auth_service.sessions WHERE user_id = $1
    UNION ALL
    SELECT nonce_hash FROM auth_service.login_events WHERE {attempts.TRACES}
) found
WHERE nonce_hash > $2 ORDER BY nonce_hash LIMIT $3
"""  # noqa: S608 - a constant


class ProofHistories:
    """Deletes the runs of `SignIn`, which are found by the hashes of their nonces, and those of `LinkWallet`, which are
    found by their ids: of a refused link no row holds the hash."""

    def __init__(self, pool: asyncpg.Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    async def forget(self, user_id: UserId) -> int:
        """Delete every run that is still there, and return their number. Raises UpstreamUnavailableError."""
        deleted = 0
        try:
            async for chosen in self._queries(user_id):
                async for run in self._client.list_workflows(chosen):
                    deleted += await self._delete(run.id, run.run_id)
        except RPCError as error:
            raise UpstreamUnavailableError("Temporal does not answer", upstream=Upstream.TEMPORAL) from error
        return deleted

    async def _queries(self, user_id: UserId) -> AsyncIterator[str]:
        yield f"WorkflowId STARTS_WITH '{workflow_ids_of_links(user_id)}'"
        after = ""
        while rows := await self._pool.fetch(_HASHES, user_id, after, AT_ONCE):
            after = rows[-1]["nonce_hash"]
            named = ", ".join(f"'{workflow_id_of_nonce(row['nonce_hash'])}'" for row in rows)
            yield f"WorkflowId IN ({named})"

    async def _delete(self, workflow_id: str, run_id: str) -> bool:
        """False if it is gone."""
        request = DeleteWorkflowExecutionRequest(
            namespace=self._client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_id, run_id=run_id),
        )
        try:
            await self._client.workflow_service.delete_workflow_execution(request)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return False
        return True
