"""Seals stored secrets again, after the key was changed. SQL of `event_service`.

It goes through the webhooks by their ids. A row is written only if its secrets are still those that were read, so a
rotation that comes between is not undone. Each is a transaction of its own: whoever else writes several rows at once
cannot wait for this in a circle. It may be stopped and run again at any time, and beside a deployment: what it leaves
can be opened by every process that has both keys.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from steadymint.webhooks.sealing import Seal, SealError

AT_ONCE: Final = 500
"""Webhooks that are read at once."""

_NEXT: Final = """
SELECT webhook_id, secret, previous_secret,
    CASE WHEN previous_until > now() THEN previous_secret END AS still_valid
FROM event_service.webhooks
WHERE webhook_id > $1 AND status <> 'deleted' ORDER BY webhook_id LIMIT $2
"""
_WRITE: Final = """
UPDATE event_service.webhooks SET secret = $4, previous_secret = $5,
    previous_until = CASE WHEN $5::bytea IS NOT NULL THEN previous_until END
WHERE webhook_id = $1 AND secret = $2 AND previous_secret IS NOT DISTINCT FROM $3
"""
_FIRST: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Resealed:
    """What has come of the webhooks so far."""

    seen: int = 0
    sealed: int = 0
    """Whose secrets were sealed again."""
    changed: int = 0
    """Whose secrets were rotated meanwhile: run it again."""
    lost: tuple[UUID, ...] = ()
    """Whose secrets cannot be opened: their key is not configured."""


async def reseal(pool: asyncpg.Pool, seal: Seal, *, at_once: int = AT_ONCE) -> AsyncIterator[Resealed]:
    """Seal every secret by the key that is active. Gives the sum after each batch."""
    after, total = _FIRST, Resealed()
    while rows := await pool.fetch(_NEXT, after, at_once):
        after = rows[-1]["webhook_id"]
        sealed, changed, lost = 0, 0, list[UUID]()
        for row in rows:
            if _is_current(seal, row):
                continue
            old = row["secret"], row["previous_secret"]
            try:
                kept = row["secret"], row["still_valid"]  # what a rotation has ended is sealed by no key again
                new = [None if one is None else _again(seal, one, row["webhook_id"]) for one in kept]
            except SealError:
                lost.append(row["webhook_id"])
                continue
            written = await pool.execute(_WRITE, row["webhook_id"], *old, *new) == "UPDATE 1"
            sealed, changed = sealed + written, changed + (not written)
        total = Resealed(total.seen + len(rows), total.sealed + sealed, total.changed + changed, (*total.lost, *lost))
        yield total


async def under_others(pool: asyncpg.Pool, seal: Seal, *, at_once: int = AT_ONCE) -> int:
    """How many webhooks have a secret that the active key has not sealed, whoever wrote it and whenever."""
    after, found = _FIRST, 0
    while rows := await pool.fetch(_NEXT, after, at_once):
        after = rows[-1]["webhook_id"]
        found += sum(not _is_current(seal, row) for row in rows)
    return found


def _is_current(seal: Seal, row: asyncpg.Record) -> bool:
    return all(one is None or seal.is_current(one) for one in (row["secret"], row["previous_secret"]))


def _again(seal: Seal, stored: bytes, webhook_id: UUID) -> bytes:
    return stored if seal.is_current(stored) else seal.close(seal.open(stored, webhook_id), webhook_id)
