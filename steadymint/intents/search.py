"""The operators' search for intents, by any id that a user may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.types import Address, IntentId, parse_address, parse_tx_hash

_FOUND = """
select intent_id, kind, chain_id, status, step, account, tx_hash, workflow_id, deadline_at, updated_at
from orchestrator_service.tx_intents
"""
_BY_HASH = _FOUND + "where tx_hash = $1 order by updated_at desc limit $2"
_BY_ID = _FOUND + "where intent_id = $1 limit $2"
_BY_ACCOUNT = _FOUND + "where account = $1 order by created_at desc limit $2"
_RECENT = (
    _FOUND
    + """where ($1::text is null or status = $1) and ($2::text is null or step = $2) and ($3::text is null or kind = $3)
order by updated_at desc limit $4"""
)


@dataclass(frozen=True, slots=True)
class FoundIntent:
    intent_id: IntentId
    kind: IntentKind
    chain_id: str
    status: str
    step: str
    account: Address
    tx_hash: str | None
    workflow_id: str
    deadline_at: datetime
    updated_at: datetime


class IntentSearch:
    """The search. Flows do not use it."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def find(self, text: str, limit: int = 20) -> list[FoundIntent]:
        """The intents with this intent id, workflow id (`mint:...`), transaction hash or account.

        Raises ValueError for a text that is none of them.
        """
        key = text.strip().lower()
        if key.startswith("0x") and len(key) == 66:
            return _found(await self._pool.fetch(_BY_HASH, parse_tx_hash(key), limit))
        if key.startswith("0x"):
            return _found(await self._pool.fetch(_BY_ACCOUNT, parse_address(key), limit))
        return _found(await self._pool.fetch(_BY_ID, UUID(key.rpartition(":")[2]), limit))

    async def recent(
        self, *, status: str | None = None, step: str | None = None, kind: str | None = None, limit: int = 20
    ) -> list[FoundIntent]:
        """Latest change first."""
        return _found(await self._pool.fetch(_RECENT, status, step, kind, limit))


def _found(rows: Sequence[asyncpg.Record]) -> list[FoundIntent]:
    return [
        FoundIntent(
            intent_id=row["intent_id"],
            kind=IntentKind(row["kind"]),
            chain_id=row["chain_id"],
            status=row["status"],
            step=row["step"],
            account=row["account"],
            tx_hash=row["tx_hash"],
            workflow_id=row["workflow_id"],
            deadline_at=row["deadline_at"],
            updated_at=row["updated_at"],
        )
        for row in rows
    ]
