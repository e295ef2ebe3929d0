"""Writing events into the outbox, in the transaction of their change.

If the change is one statement, that statement also inserts the event: `event_id, stream, type, occurred_at, payload`
into `event_service.outbox`, with `event_id_of` as the id. All other changes call `append`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Protocol

import orjson

from steadymint.events.event import DomainEvent

# An existing event is not written again.
_APPEND: Final = """
insert into event_service.outbox (event_id, stream, type, occurred_at, payload)
select e.event_id, e.stream, e.type, e.occurred_at, e.payload::jsonb
from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[]) with ordinality
    e (event_id, stream, type, occurred_at, payload, place)
order by e.place
on conflict (event_id) do nothing
"""


class Connection(Protocol):
    """The part of an asyncpg connection that `append` uses. It must be in a transaction."""

    async def execute(self, query: str, *args: Any) -> str: ...


async def append(connection: Connection, events: Sequence[DomainEvent]) -> None:
    """Write the events in their order, in one statement, in the caller's transaction."""
    if not events:
        return
    await connection.execute(
        _APPEND,
        [event.event_id for event in events],
        [event.stream for event in events],
        [event.type for event in events],
        [event.occurred_at for event in events],
        [orjson.dumps(dict(event.payload)).decode() for event in events],
    )
