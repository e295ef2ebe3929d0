"""The histories of a user's flows in Temporal: sign-ins and links hold IP address and user agent of each attempt,
intents what was asked for, with texts and pictures, also if it was refused.

Other flows name a user, an export or a webhook by its id, and hold nothing else of a user.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from steadymint.account_data import attempts
from steadymint.database import NEWEST
from steadymint.domain.accounts import HistoriesPlace
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.intents.kinds import KINDS
from steadymint.domain.linking import workflow_ids_of_links
from steadymint.domain.sign_in import workflow_id_of_nonce
from steadymint.domain.types import UserId, show_address
from steadymint.domain.upstreams import Upstream

AT_ONCE: Final = 50
"""Flows that one query names."""

CLOSED: Final = "ExecutionStatus != 'Running'"
"""Of a query. A run that goes on is needed: its history goes with Temporal's retention."""

_REFUSED: Final = f"Flow IN ({', '.join(repr(kind.workflow) for kind in KINDS.values())}) AND Step IS NULL AND {CLOSED}"
"""Of a query: intents that were not prepared. They have no row, so they are found by the address. Nobody misses the
history of one that was of another user who had the address."""


@dataclass(frozen=True, slots=True)
class _Walk:
    """Rows that name flows, newest first."""

    statement: str
    """SQL: `at`, `id` and `named` of the next rows. Of `whose`, then the time and the id of the last row, then the
    number of rows."""
    whose: tuple[Any, ...]
    workflow_id: Callable[[str], str] = str
    """The id of the flow, by `named`."""
    condition: str = ""
    """Of the query for the flows."""


# A sign-in that has succeeded has its hash in the session, one that was refused in the log of attempts.
_SESSIONS: Final = """
SELECT created_at AS at, session_id AS id, nonce_hash AS named FROM auth_service.sessions
WHERE user_id = $1 AND (created_at, session_id) < ($2, $3) ORDER BY created_at DESC, session_id DESC LIMIT $4
"""
_INTENTS: Final = """
SELECT created_at AS at, intent_id AS id, workflow_id AS named FROM orchestrator_service.tx_intents
WHERE created_by = $1 AND (created_at, intent_id) < ($2, $3) ORDER BY created_at DESC, intent_id DESC LIMIT $4
"""
_ADDRESSES: Final = "SELECT DISTINCT address FROM wallet_service.wallet_links WHERE user_id = $1"


class UserHistories:
    """Deletes the runs of `SignIn`, which are found by the hashes of their nonces, those of `LinkWallet`, which are
    found by their ids since of a refused link no row holds the hash, and the closed runs of intents, which are found by
    their rows, or by the address if they were refused."""

    def __init__(self, pool: asyncpg.Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    async def forget(self, user_id: UserId, place: HistoriesPlace) -> AsyncIterator[HistoriesPlace]:
        """Delete every run that is still there, from a place on. Yields how far it has come: a later call continues at
        any of these places. Raises UpstreamUnavailableError."""
        deleted = place.deleted
        deleted += await delete_runs(self._client, f"WorkflowId STARTS_WITH '{workflow_ids_of_links(user_id)}'")
        addresses = [row["address"] for row in await self._pool.fetch(_ADDRESSES, user_id)]
        for address in addresses:
            deleted += await delete_runs(self._client, f"Account = '{show_address(address)}' AND {_REFUSED}")
        yield place.model_copy(update={"deleted": deleted})
        walks = {address: _Walk(attempts.HASHES, (user_id, address), workflow_id_of_nonce) for address in addresses}
        walks["intents"] = _Walk(_INTENTS, (user_id,), condition=f" AND {CLOSED}")
        walks["sessions"] = _Walk(_SESSIONS, (user_id,), workflow_id_of_nonce)
        for name, walk in sorted(walks.items()):
            if name < place.walk:
                continue
            after = place.after if name == place.walk and place.after is not None else NEWEST
            while rows := await self._pool.fetch(walk.statement, *walk.whose, *after, AT_ONCE):
                after = rows[-1]["at"], rows[-1]["id"]
                named = {f"'{walk.workflow_id(row['named'])}'" for row in rows if row["named"] is not None}
                if named:
                    deleted += await delete_runs(self._client, f"WorkflowId IN ({', '.join(named)}){walk.condition}")
                yield HistoriesPlace(deleted=deleted, walk=name, after=after)


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
