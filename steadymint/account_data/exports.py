"""Exports: their rows in `user_service.exports`, and their archives in the object store.

A user has one export at a time: whoever asks again within a day gets the one that is there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import UUID, uuid4

import asyncpg
from pymongo import AsyncMongoClient

from steadymint.account_data.archive import Archives
from steadymint.audit.entries import Entry, EventType, record
from steadymint.audit.keys import EXPORT_LIFE
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.documents import Document
from steadymint.domain.accounts import ExportReady
from steadymint.domain.types import UserId
from steadymint.media.store import ObjectStore
from steadymint.media.uploads import Spool

EVERY: Final = timedelta(days=1)
"""How often a user may have a new export. Each reads every row that we hold of them."""

_COLUMNS: Final = """
SELECT export_id, asked_at, ready_at, expires_at, bytes,
    CASE WHEN ready_at IS NULL THEN 'preparing' WHEN dropped_at IS NULL AND expires_at > now() THEN 'ready'
        ELSE 'expired' END AS status
FROM user_service.exports
"""
_LAST: Final = _COLUMNS + "WHERE user_id = $1 ORDER BY asked_at DESC LIMIT 1"
_LOCK: Final = "SELECT FROM user_service.users WHERE user_id = $1 FOR NO KEY UPDATE"
_ASK: Final = "INSERT INTO user_service.exports (export_id, user_id) VALUES ($1, $2)"
_WANTED: Final = "SELECT true FROM user_service.exports WHERE export_id = $1 AND dropped_at IS NULL"
_READY: Final = """
UPDATE user_service.exports SET ready_at = now(), expires_at = now() + $2::interval, bytes = $3
WHERE export_id = $1 AND dropped_at IS NULL RETURNING expires_at
"""
_DROPPED: Final = "UPDATE user_service.exports SET dropped_at = now() WHERE export_id = $1 AND dropped_at IS NULL"
_KEPT: Final = "SELECT export_id FROM user_service.exports WHERE user_id = $1 AND dropped_at IS NULL LIMIT 100"


@dataclass(frozen=True, slots=True)
class Export:
    """One export as its user sees it."""

    export_id: UUID
    status: Literal["preparing", "ready", "expired"]
    asked_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None
    bytes: int | None


class ExportRequests:
    """What users ask of exports. Share one per process."""

    def __init__(self, pool: asyncpg.Pool, store: ObjectStore) -> None:
        self._pool = pool
        self._store = store

    async def last(self, user_id: UserId) -> Export | None:
        """The newest export of the user; None if there was none."""
        return _export(await self._pool.fetchrow(_LAST, user_id))

    async def ask(self, user_id: UserId, ip: str | None) -> Export:
        """A new export; the last one if it is younger than a day or is being prepared."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_LOCK, user_id)  # of two requests at once, one makes it
            last = _export(await connection.fetchrow(_LAST, user_id))
            if last is not None and (last.status == "preparing" or datetime.now(UTC) - last.asked_at < EVERY):
                return last
            await connection.execute(_ASK, uuid4(), user_id)
            entry = Entry(EventType.EXPORT_ASKED, "An export of the account was asked for", user_id=user_id, ip=ip)
            await record(connection, entry)
            made = _export(await connection.fetchrow(_LAST, user_id))
        assert made is not None, "just made"
        return made

    def stream(self, export: Export) -> AsyncIterator[bytes]:
        """The bytes of the archive. Raises NotFoundError at the first piece if it is gone."""
        return self._store.stream(key_of(export.export_id))


class Exports:
    """Writes and deletes archives."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        mongo: AsyncMongoClient[Document],
        store: ObjectStore,
        settings: OperatorSettings,
        spool: Spool,
    ) -> None:
        """`spool` is where an archive is written before it is stored. What a killed process leaves there is swept."""
        self._pool = pool
        self._archives = Archives(pool, mongo)
        self._store = store
        self._settings = settings
        self._spool = spool

    async def write(self, export_id: UUID, user_id: UserId) -> ExportReady:
        """Store the archive, then say so in its row. A repeated call writes it anew. If the account was erased
        meanwhile, or the archive was dropped, nothing is left of it."""
        life = timedelta(hours=await self._settings.get(EXPORT_LIFE))
        async with self._spool.open() as held:
            file = held.path.with_name("export.zip")
            if await self._pool.fetchval(_WANTED, export_id):
                await self._archives.write(user_id, file)
                await self._store.put(key_of(export_id), file, "application/zip")
                size = file.stat().st_size
                expires_at = await self._pool.fetchval(_READY, export_id, life, size)
                if expires_at is not None:
                    return ExportReady(bytes=size, expires_at=expires_at)
                await self._store.delete(key_of(export_id))
        return ExportReady(bytes=0, expires_at=datetime.now(UTC))

    async def drop(self, export_id: UUID) -> None:
        """Delete the archive. A repeated call changes nothing."""
        await self._store.delete(key_of(export_id))
        await self._pool.execute(_DROPPED, export_id)

    async def drop_all(self, user_id: UserId) -> int:
        """Delete every archive of the user. Returns how many that were."""
        dropped = 0
        while rows := await self._pool.fetch(_KEPT, user_id):
            for row in rows:
                await self.drop(row["export_id"])
            dropped += len(rows)
        return dropped


def key_of(export_id: UUID) -> str:
    """The key of an archive in the object store."""
    return f"exports/{export_id}.zip"


def _export(row: asyncpg.Record | None) -> Export | None:
    return None if row is None else Export(**row)
