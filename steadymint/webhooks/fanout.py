"""The consumer that gives events to subscriptions: a batch of events for all webhooks in one statement.

It commits with the consumer's cursor, so each webhook gets each event once, under the next of its own numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg
from prometheus_client import Counter

from steadymint.events.event import PositionedEvent
from steadymint.webhooks.told import Told, told_of

DELIVERIES: Final = Counter("steadymint_webhook_deliveries_total", "Events that were given to webhooks")

_ANY: Final = "SELECT EXISTS (SELECT FROM event_service.webhooks WHERE status <> 'deleted')"

# Who has linked the accounts and has a webhook. A key is its owner's on every chain; a contract's address means nothing
# on another chain. A user who has linked a key on several chains is found several times.
_LINKED: Final = """
SELECT a.chain_id, a.address, l.user_id
FROM unnest($1::text[], $2::text[]) a (chain_id, address)
JOIN wallet_service.wallet_links l ON l.address = a.address AND l.unlinked_at IS NULL
    AND (l.chain_id = a.chain_id OR l.type = 'eoa')
WHERE EXISTS (SELECT FROM event_service.webhooks w WHERE w.user_id = l.user_id AND w.status <> 'deleted')
"""
# Nothing is told to those whose accounts are closed.
_ACTIVE: Final = "SELECT user_id FROM user_service.users WHERE user_id = ANY ($1) AND status = 'active'"

# Rows of webhooks are locked in the order of their ids; whoever else changes one locks no second. Between the choice
# and the lock a webhook may be deleted, so that is asked once more.
_GIVE: Final = """
WITH told AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($1) AS t (
        place int, event_id uuid, name text, subject text, collection text, accounts text[], users uuid[],
        occurred_at timestamptz, payload jsonb)
), meant AS (
    SELECT t.place, w.webhook_id
    FROM told t CROSS JOIN unnest(t.users) u (user_id) JOIN event_service.webhooks w USING (user_id)
    WHERE w.status <> 'deleted'
    UNION
    SELECT t.place, w.webhook_id
    FROM told t CROSS JOIN event_service.webhooks w WHERE w.user_id IS NULL AND w.status <> 'deleted'
), matched AS MATERIALIZED (
    SELECT m.webhook_id, m.place, row_number() OVER (PARTITION BY m.webhook_id ORDER BY m.place) AS nth
    FROM meant m JOIN told t USING (place) JOIN event_service.webhooks w USING (webhook_id)
    WHERE (w.event_names = '{}' OR t.name = ANY (w.event_names))
        AND (w.collections = '{}' OR t.collection = ANY (w.collections))
        AND (w.accounts = '{}' OR t.accounts && w.accounts)
), counted AS (
    SELECT webhook_id, count(*) AS many FROM matched GROUP BY webhook_id
), locked AS MATERIALIZED (
    SELECT w.webhook_id, w.last_seq, w.status = 'active' AND NOT w.busy AND w.retry_at IS NULL AS idle
    FROM event_service.webhooks w
    WHERE w.webhook_id IN (SELECT webhook_id FROM counted) AND w.status <> 'deleted'
    ORDER BY w.webhook_id FOR UPDATE
), moved AS (
    UPDATE event_service.webhooks w
    SET last_seq = l.last_seq + c.many, wake = w.wake OR l.idle, busy = w.busy OR l.idle
    FROM locked l JOIN counted c USING (webhook_id) WHERE w.webhook_id = l.webhook_id
), kept AS (
    INSERT INTO event_service.webhook_events (event_id, name, occurred_at, payload)
    SELECT event_id, name, occurred_at, payload FROM told WHERE place IN (SELECT place FROM matched)
    ON CONFLICT (event_id) DO NOTHING
)
INSERT INTO event_service.webhook_deliveries (webhook_id, seq, event_id, subject)
SELECT l.webhook_id, l.last_seq + m.nth, t.event_id, t.subject
FROM matched m JOIN locked l USING (webhook_id) JOIN told t USING (place)
"""

Account = tuple[str, str]
_NOBODY: Final[frozenset[str]] = frozenset()


class WebhookFanout:
    """The consumer `webhooks`."""

    name = "webhooks"

    async def deliver(self, connection: asyncpg.Connection, events: Sequence[PositionedEvent]) -> None:
        """Give the events to every webhook that wants them, and note whose flows have to be told."""
        leased: Any = connection
        told = [found for event in events if (found := told_of(event)) is not None]
        if not told or not await leased.fetchval(_ANY):
            return
        users = await self._users(leased, told)
        rows = [_row(place, one, sorted(whose)) for place, (one, whose) in enumerate(zip(told, users, strict=True))]
        given = await leased.execute(_GIVE, rows)
        DELIVERIES.inc(int(given.split()[-1]))

    async def _users(self, connection: Any, told: Sequence[Told]) -> list[set[str]]:
        """For each event, the users whose it is."""
        accounts = {account for one in told if one.user is None for account in one.accounts}
        linked: defaultdict[Account, set[str]] = defaultdict(set)
        if accounts:
            chains, addresses = zip(*accounts, strict=True)
            for row in await connection.fetch(_LINKED, chains, addresses):
                linked[row["chain_id"], row["address"]].add(str(row["user_id"]))
        whose = [_whose(one, linked) for one in told]
        found = [UUID(user) for user in _NOBODY.union(*whose)]
        active = {str(row["user_id"]) for row in await connection.fetch(_ACTIVE, found)} if found else set[str]()
        return [users & active for users in whose]


def _whose(told: Told, linked: Mapping[Account, set[str]]) -> set[str]:
    if told.user is not None:
        return {told.user}
    whose: set[str] = set()
    for account in told.accounts:
        whose |= linked.get(account, _NOBODY)
    return whose


def _row(place: int, told: Told, users: Sequence[str]) -> dict[str, Any]:
    return {
        "place": place,
        "event_id": told.event.event_id,
        "name": told.name,
        "subject": told.subject,
        "collection": told.collection,
        "accounts": sorted(address for _, address in told.accounts),
        "users": users,
        "occurred_at": told.event.occurred_at,
        "payload": told.event.payload,
    }
