"""What is asked of all webhooks, or of all events of one, is found by an index.

Asked of Postgres, for the plan that it settles on for all arguments. Where the tables are empty, other ways are
forbidden.
"""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from benchmarks.plans import kept_plan_of
from steadymint.catalog.reads.query import Query
from steadymint.database import create_pool
from steadymint.domain.webhooks import DeliveryStatus
from steadymint.webhooks import fanout, history, subscriptions, waking

DELIVERIES, EVENTS, WEBHOOKS = waking._SWEEP
ID = "'00000000-0000-0000-0000-000000000001'"
FOUND = {
    "webhooks of a user": (subscriptions._LIST, f"{ID}, null, null, 5", "(user_id = $1)"),
    "dead letters": (history._DELIVERIES[DeliveryStatus.DEAD], f"{ID}, 9, 5", "webhook_deliveries_dead_idx"),
    "what waits": (history._DELIVERIES[DeliveryStatus.PENDING], f"{ID}, 9, 5", "webhook_deliveries_pending_idx"),
    "a page of deliveries": (history._DELIVERIES[None], f"{ID}, 9, 5", "(seq < $2)"),
    "dead letters to replay": (history._REPLAY[True], f"{ID}, 1, 9, 5", "webhook_deliveries_dead_idx"),
    "old deliveries": (DELIVERIES, "30, 5", "using webhook_deliveries_age_idx"),
    "old events": (EVENTS, "30, 5", "using webhook_events_age_idx"),
    "old webhooks": (WEBHOOKS, "30, 5", "using webhooks_deleted_idx"),
}


@pytest.mark.parametrize("what", FOUND)
async def test_it_is_found_by_an_index(module_database: str, what: str) -> None:
    statement, arguments, expected = FOUND[what]
    connection: Any = await asyncpg.connect(module_database)
    try:
        for setting in ("enable_seqscan = off", "enable_bitmapscan = off", "plan_cache_mode = force_generic_plan"):
            await connection.execute(f"set {setting}")
        await connection.execute(f"prepare asked as {statement}")
        plan = "\n".join(row[0] for row in await connection.fetch(f"explain execute asked ({arguments})"))
    finally:
        await connection.close()
    assert expected in plan, plan


async def test_who_has_linked_an_account_is_found_without_reading_the_other_links(database: str) -> None:
    users = "generate_series(1, 3000) n, lateral (select lpad(to_hex(n), 32, '0')::uuid as id) u"
    async with await create_pool(database, min_size=1, max_size=1) as pool:
        for chain in ("eip155:1", "eip155:5"):
            link = f"select id, '0x' || lpad(to_hex(n), 40, '0'), $1 from {users}"
            await pool.execute(f"insert into wallet_service.wallet_links (user_id, address, chain_id) {link}", chain)
        webhook = f"select id, id, 'https://a.web.example', '' from {users}"
        await pool.execute(f"insert into event_service.webhooks (webhook_id, user_id, url, secret) {webhook}")
        await pool.execute("vacuum analyze wallet_service.wallet_links, event_service.webhooks")
        accounts = (["eip155:7", "eip155:1"], [f"0x{number:040x}" for number in (7, 8)])
        plan = await kept_plan_of(pool, Query(tuple, fanout._LINKED, accounts))
    assert plan.scanned == ()
    assert plan.touched <= 20
