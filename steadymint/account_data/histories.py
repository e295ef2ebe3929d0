"""The histories of a user's flows in Temporal: sign-ins and links hold IP address and user agent of each attempt,
intents what was asked for, with texts and pictures.

Other flows name a user, an export or a webhook by its id, and hold nothing else of a user.
"""

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


_INTENTS: Final = """
SELECT workflow_id FROM orchestrator_service.tx_intents WHERE created_by = $1 AND workflow_id > $2
ORDER BY workflow_id LIMIT $3
"""
CLOSED: Final = "ExecutionStatus != 'Running'"
"""Of a query. A run that goes on is needed: its history goes with Temporal's retention."""


class UserHistories:
    """Deletes the runs of `SignIn`, which are found by the hashes of their nonces, those of `LinkWallet`, which are
    found by their ids since of a refused link no row holds the hash, and the closed runs of intents."""

    def __init__(self, pool: asyncpg.Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    async def forget(self, user_id: UserId) -> int:
        """Delete every run that is still there, and return their number. Raises UpstreamUnavailableError."""
        return sum([await delete_runs(self._client, chosen) async for chosen in self._queries(user_id)])

    async def _queries(self, user_id: UserId) -> AsyncIterator[str]:
        yield f"WorkflowId STARTS_WITH '{workflow_ids_of_links(user_id)}'"
        after = ""
        while rows := await self._pool.fetch(_HASHES, user_id, after, AT_ONCE):
            after = rows[-1]["nonce_hash"]
            named = ", ".join(f"'{workflow_id_of_nonce(row['nonce_hash'])}'" for row in rows)
            yield f"WorkflowId IN ({named})"
        after = ""
        while rows := await self._pool.fetch(_INTENTS, user_id, after, AT_ONCE):
            after = rows[-1]["workflow_id"]
            named = ", ".join(f"'{row['workflow_id']}'" for row in rows)
            yield f"WorkflowId IN ({named}) AND {CLOSED}"


async def delete_runs(client: Client, query: str) -> int:
    """Delete every run that the query finds, and return their number. Raises UpstreamUnavailableError."""
    try:
        return sum([await _delete(client, run.id, run.run_id) async for run in client.list_workflows(query)])
    except RPCError as error:
        raise UpstreamUnavailableError("Temporal does not answer", upstream=Upstream.TEMPORAL) from error


async def _delete(client: Client, workflow_id: str, run_id: str) -> bool:
    """False if it is gone."""
    request = DeleteWorkflowExecutionRequest(
        namespace=client.namespace, workflow_execution=WorkflowExecution(workflow_id=workflow_id, run_id=run_id)
    )
    try:
        await client.workflow_service.delete_workflow_execution(request)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return True
