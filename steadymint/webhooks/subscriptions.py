"""Subscriptions: made, changed and ended by their owners; those without an owner by operators. SQL of `event_service`.

Every method takes whose they are: a user's id, or None for operators. What is somebody else's is not there. Each deed
is recorded in its transaction; `by` says who does it. A change that names what is so already is no deed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

from steadymint.audit.entries import Severity
from steadymint.domain.errors import ConflictError, IdempotencyMismatchError, NotFoundError
from steadymint.domain.types import UserId
from steadymint.domain.webhooks import PausedBecause, WebhookStatus
from steadymint.webhooks.deeds import UNKNOWN, By, Deed, changes_of, note
from steadymint.webhooks.requests import Request
from steadymint.webhooks.sealing import Seal, SealError, new_secret
from steadymint.webhooks.wanted import Change, Wanted

MAX_WEBHOOKS: Final = 10
"""Of one user. Each is a flow, and may hold connections."""
OVERLAP: Final = timedelta(hours=24)
"""For which a secret that was replaced signs as well."""
TOLD_AGAIN: Final = timedelta(hours=24)
"""After the creation: for which the same request with the same key is told the secret, if its answer was lost."""

_COLUMNS: Final = """webhook_id, user_id, url, description, event_names, collections, accounts, status, paused_because,
    last_seq, failures, failing_since, retry_at,
    CASE WHEN previous_until > now() THEN previous_until END AS overlap_ends, created_at, updated_at"""
_OWN: Final = "webhook_id = $1 AND user_id IS NOT DISTINCT FROM $2 AND status <> 'deleted'"
# The user's row is locked, so that two requests at once do not both count nine.
_LOCK_USER: Final = "SELECT FROM user_service.users WHERE user_id = $1 FOR UPDATE"
_COUNT: Final = "SELECT count(*) FROM event_service.webhooks WHERE user_id = $1 AND status <> 'deleted'"
_CREATE: Final = f"""
INSERT INTO event_service.webhooks
    (webhook_id, user_id, url, description, event_names, collections, accounts, secret, request_key, request_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING {_COLUMNS}
"""  # noqa: S608 - constants
_MADE_BEFORE: Final = f"""
SELECT {_COLUMNS}, request_hash, secret, created_at > now() - $3::interval AS fresh
FROM event_service.webhooks WHERE user_id = $1 AND request_key = $2
"""  # noqa: S608 - constants
_GET: Final = f"SELECT {_COLUMNS} FROM event_service.webhooks WHERE {_OWN}"  # noqa: S608
_GET_LOCKED: Final = f"{_GET} FOR NO KEY UPDATE"
# One for users and one for operators: no index serves IS NOT DISTINCT FROM.
_LIST, _LIST_OPERATORS = (
    f"""
SELECT {_COLUMNS} FROM event_service.webhooks
WHERE {whose} AND status <> 'deleted'
    AND ($2::timestamptz IS NULL OR (created_at, webhook_id) < ($2, $3::uuid))
ORDER BY created_at DESC, webhook_id DESC LIMIT $4
"""  # noqa: S608 - constants
    for whose in ("user_id = $1", "user_id IS NULL AND $1::uuid IS NULL")
)
# Going on is a new beginning for the webhook: earlier failures do not count. A new address may be well at once, too. An
# attempt that is under way has read the old address, so the webhook is taken from it.
_CHANGE: Final = f"""
UPDATE event_service.webhooks SET
    url = CASE WHEN $3 THEN $4 ELSE url END,
    description = CASE WHEN $5 THEN $6 ELSE description END,
    event_names = CASE WHEN $7 THEN $8 ELSE event_names END,
    collections = CASE WHEN $9 THEN $10 ELSE collections END,
    accounts = CASE WHEN $11 THEN $12 ELSE accounts END,
    status = coalesce($13, status),
    paused_because = CASE coalesce($13, '')
        WHEN 'paused' THEN coalesce(paused_because, 'owner') WHEN 'active' THEN NULL ELSE paused_because END,
    failures = CASE WHEN $3 OR $13 = 'active' THEN 0 ELSE failures END,
    failing_since = CASE WHEN $3 OR $13 = 'active' THEN NULL ELSE failing_since END,
    retry_at = CASE WHEN $3 OR $13 = 'active' THEN NULL ELSE retry_at END,
    runner = CASE WHEN $3 OR $13 IS NOT NULL THEN NULL ELSE runner END,
    wake = true
WHERE {_OWN} RETURNING {_COLUMNS}
"""  # noqa: S608 - constants
# The days of an event begin anew as well: with the old ones it would be dead at its first failure.
_AT_ONCE: Final = """
UPDATE event_service.webhook_deliveries SET retry_at = NULL, tried_since = NULL, attempts = 0
WHERE webhook_id = $1 AND status = 'pending' AND tried_since IS NOT NULL
"""
# The row stays for its number and the key of its request, without address and secrets; its flow ends. What it was to
# get is swept with the rest.
_DELETE: Final = f"""
UPDATE event_service.webhooks SET status = 'deleted', paused_because = NULL, url = '', description = NULL,
    secret = NULL, previous_secret = NULL, previous_until = NULL, request_hash = NULL, collections = '{{}}',
    accounts = '{{}}', runner = NULL, wake = true
WHERE {_OWN}
"""  # noqa: S608 - constants
_SECRET: Final = f"""
SELECT secret, previous_until > now() AS overlapping FROM event_service.webhooks WHERE {_OWN} FOR UPDATE
"""  # noqa: S608 - constants
_ROTATE: Final = """
UPDATE event_service.webhooks
SET previous_secret = CASE WHEN $3::timestamptz IS NULL THEN NULL ELSE secret END, previous_until = $3, secret = $2,
    runner = NULL, wake = true
WHERE webhook_id = $1
"""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A webhook as its owner sees it, without its secrets."""

    webhook_id: UUID
    user_id: UUID | None
    url: str
    description: str | None
    event_names: Sequence[str]
    collections: Sequence[str]
    accounts: Sequence[str]
    status: WebhookStatus
    paused_because: PausedBecause | None
    last_seq: int
    failures: int
    failing_since: datetime | None
    retry_at: datetime | None
    overlap_ends: datetime | None
    """Until when the secret before this one signs as well."""
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A subscription with the secret that signs."""

    subscription: Subscription
    secret: str
    made_here: bool
    """False: by an earlier request with the same key."""


class Subscriptions:
    """The webhooks of users and of operators."""

    def __init__(self, pool: asyncpg.Pool, seal: Seal) -> None:
        self._pool = pool
        self._seal = seal

    async def create(
        self,
        user_id: UserId | None,
        url: str,
        description: str | None,
        wanted: Wanted,
        *,
        request: Request | None = None,
        by: By = UNKNOWN,
    ) -> Made:
        """The new subscription, and its secret, which is told this once. `url` has passed `parse_url` of the gate. A
        user's `request` that was made before gives the same subscription as it is now, with its secret. Its key is
        known as long as there is the row: once a deleted subscription is swept, the key makes a new one.

        Raises ConflictError for a user who has `MAX_WEBHOOKS`, and for a request whose subscription was made longer
        than `TOLD_AGAIN` ago, is deleted or has a secret that cannot be opened; IdempotencyMismatchError for a key that
        another request has used.
        """
        webhook_id, secret = uuid4(), new_secret()
        async with self._pool.acquire() as leased, leased.transaction():
            connection: Any = leased
            if user_id is not None:
                await connection.execute(_LOCK_USER, user_id)
                if request is not None:
                    row = await connection.fetchrow(_MADE_BEFORE, user_id, request.key_hash, TOLD_AGAIN)
                    if row is not None:
                        return self._made_before(row, request)
                if await connection.fetchval(_COUNT, user_id) >= MAX_WEBHOOKS:
                    raise ConflictError(f"You have {MAX_WEBHOOKS} webhooks already; delete one first")
            row = await connection.fetchrow(
                _CREATE,
                webhook_id,
                user_id,
                url,
                description,
                wanted.event_names,
                wanted.collections,
                wanted.accounts,
                self._seal.close(secret, webhook_id),
                request and request.key_hash,
                request and request.request_hash,
            )
            await note(connection, Deed.CREATE, by, user_id=user_id, webhook_id=webhook_id, url=url)
        return Made(_subscription(row), secret, made_here=True)

    def _made_before(self, row: Any, request: Request) -> Made:
        """The row has the columns of `_MADE_BEFORE`."""
        found: dict[str, Any] = dict(row)
        request_hash, secret, fresh = found.pop("request_hash"), found.pop("secret"), found.pop("fresh")
        if request_hash is None:
            raise ConflictError("The webhook of this Idempotency-Key was deleted. Use a new key for a new webhook.")
        if request_hash != request.request_hash:
            raise IdempotencyMismatchError
        if not fresh:
            raise ConflictError("The webhook of this Idempotency-Key was made more than a day ago")
        subscription = _subscription(found)
        try:
            opened = self._seal.open(secret, subscription.webhook_id)
        except SealError:
            told = f"The secret of webhook {subscription.webhook_id} cannot be read. Replace it."
            raise ConflictError(told) from None
        return Made(subscription, opened, made_here=False)

    async def get(self, user_id: UserId | None, webhook_id: UUID) -> Subscription:
        """Raises NotFoundError."""
        row = await self._pool.fetchrow(_GET, webhook_id, user_id)
        if row is None:
            raise NotFoundError
        return _subscription(row)

    async def all_of(
        self, user_id: UserId | None, *, after: tuple[datetime, UUID] | None = None, limit: int = 100
    ) -> list[Subscription]:
        """At most so many behind that place, the newest first."""
        created_at, webhook_id = after or (None, None)
        listing = _LIST_OPERATORS if user_id is None else _LIST
        return [_subscription(row) for row in await self._pool.fetch(listing, user_id, created_at, webhook_id, limit)]

    async def change(
        self, user_id: UserId | None, webhook_id: UUID, change: Change, *, by: By = UNKNOWN
    ) -> Subscription:
        """Change what is named. A webhook that goes on sends what has waited. Raises NotFoundError."""
        lists = (change.event_names, change.collections, change.accounts)
        of_lists = [value for one in lists for value in (one is not None, one)]
        async with self._pool.acquire() as leased, leased.transaction():
            connection: Any = leased
            before = await connection.fetchrow(_GET_LOCKED, webhook_id, user_id)
            if before is None:
                raise NotFoundError
            row = await connection.fetchrow(
                _CHANGE,
                webhook_id,
                user_id,
                change.url is not None,
                change.url,
                change.description_given,
                change.description,
                *of_lists,
                change.status,
            )
            if change.url is not None or change.status is WebhookStatus.ACTIVE:
                await connection.execute(_AT_ONCE, webhook_id)
            for deed in changes_of(before, row):
                url = change.url if deed is Deed.REDIRECT else None
                await note(connection, deed, by, user_id=user_id, webhook_id=webhook_id, url=url)
        return _subscription(row)

    async def delete(self, user_id: UserId | None, webhook_id: UUID, *, by: By = UNKNOWN) -> None:
        """End the subscription. No further batch is sent from then on. Raises NotFoundError."""
        async with self._pool.acquire() as connection, connection.transaction():
            if (await connection.execute(_DELETE, webhook_id, user_id)).endswith(" 0"):
                raise NotFoundError
            await note(connection, Deed.DELETE, by, user_id=user_id, webhook_id=webhook_id)

    async def rotate(self, user_id: UserId | None, webhook_id: UUID, *, overlap: bool, by: By = UNKNOWN) -> str:
        """A new secret. It signs from the next batch on. With `overlap` the old one signs as well for `OVERLAP`;
        without, it was stolen. Raises NotFoundError.

        Whoever asks again while two secrets sign is told the new one again: the answer to the first time may have been
        lost. A third secret would end the one by which the receiver checks, and nobody may know the second.
        """
        secret = new_secret()
        async with self._pool.acquire() as leased, leased.transaction():
            connection: Any = leased
            row = await connection.fetchrow(_SECRET, webhook_id, user_id)
            if row is None:
                raise NotFoundError
            if overlap and row["overlapping"]:
                with suppress(SealError):  # what nobody can open signs nothing, and is replaced
                    return self._seal.open(row["secret"], webhook_id)
            until = await connection.fetchval("SELECT now() + $1::interval", OVERLAP) if overlap else None
            await connection.execute(_ROTATE, webhook_id, self._seal.close(secret, webhook_id), until)
            severity: Severity = "info" if overlap else "warning"
            await note(connection, Deed.ROTATE, by, user_id=user_id, webhook_id=webhook_id, severity=severity)
        return secret


def _subscription(row: Mapping[str, Any]) -> Subscription:
    found: dict[str, Any] = dict(row)
    found["status"] = WebhookStatus(row["status"])
    found["paused_because"] = None if row["paused_because"] is None else PausedBecause(row["paused_because"])
    return Subscription(**found)
