"""What the list of a user's own security events costs: rows in proportion to the page, wherever it starts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from benchmarks.plans import kept_plan_of
from steadymint.audit import reading
from steadymint.catalog.reads.query import Query
from steadymint.database import NEWEST, create_pool

EVENTS = 2_000
LIMIT = 21
USER = UUID(int=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
_EVENTS = """
insert into audit_service.security_events (event_type, description, user_id, created_at)
select 'auth.sign_in_refused', 'a sign-in was refused', $1, $2::timestamptz + n * interval '1 second'
from generate_series(1, $3::integer) n"""


async def test_a_page_of_a_users_own_events_reads_its_own_rows(database: str) -> None:
    async with await create_pool(database, min_size=1, max_size=1) as pool:
        await pool.execute(_EVENTS, USER, START, EVENTS)
        await pool.execute("vacuum analyze audit_service.security_events")
        for after in (NEWEST, (START + timedelta(seconds=EVENTS // 2), UUID(int=7))):
            plan = await kept_plan_of(pool, Query(tuple, reading._OF_USER, (USER, *after, LIMIT)))
            assert plan.scanned == ()
            assert LIMIT <= plan.touched <= 2 * LIMIT, after
