"""What settling costs: look-ups by key, for the plan made for its arguments and for the one kept for all of them.

The indexers' connections keep one plan (`workers.indexing`), whatever the tables held when it was made.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from benchmarks.plans import Plan, kept_plan_of, plan_of
from steadymint.catalog.reads.query import Query
from steadymint.database import NEWEST, create_pool
from steadymint.domain.intents import purchase
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import PREDECESSORS, SETTLED_FROM, Step
from steadymint.domain.types import Bytes32
from steadymint.intents import sql
from steadymint.intents.repository import IntentRepository, _record
from tests.support.intents import ALICE, COLLECTION, Draft

OTHERS = 5_000
"""Intents beside those that are settled."""
AT_ONCE = 50

PlanBy = Callable[[asyncpg.Pool, Query[Any]], Awaitable[Plan]]
_MORE = """
insert into orchestrator_service.tx_intents
select (jsonb_populate_record(i, jsonb_build_object(
    'intent_id', gen_random_uuid(), 'match_key', '0x' || encode(sha256(n::text::bytea), 'hex')))).*
from orchestrator_service.tx_intents i, generate_series(1, $2::int) n where i.intent_id = $1"""


@pytest.mark.parametrize("plan_by", [plan_of, kept_plan_of])
async def test_settling_and_taking_back_look_up_what_they_change_and_read_no_table(
    database: str, plan_by: PlanBy
) -> None:
    drafts = [Draft() for _ in range(AT_ONCE)]
    async with await create_pool(database, min_size=1, max_size=1) as pool:
        intents = IntentRepository(pool)
        for draft in drafts:
            await intents.create(draft)
        await pool.execute(_MORE, drafts[0].intent_id, OTHERS)
        await pool.execute("analyze orchestrator_service.tx_intents, orchestrator_service.intent_steps")
        seen = [
            _record(number, draft.sighting(log_index=number), draft.intent_id if number % 2 else None)
            for number, draft in enumerate(drafts)
        ]
        for statement, standing in ((sql.SETTLE, SETTLED_FROM), (sql.ORPHAN, PREDECESSORS[Step.REORGED])):
            plan = await plan_by(pool, Query(dict, statement, (seen, [step.value for step in standing])))
            assert plan.scanned == ()
            assert plan.touched < 100 * AT_ONCE
        rows = [await intents.get(draft.intent_id) for draft in drafts]
    assert {row.step for row in rows} == {Step.REORGED}


@pytest.mark.parametrize("plan_by", [plan_of, kept_plan_of])
async def test_purchases_that_ask_for_an_order_are_looked_up_by_their_key(database: str, plan_by: PlanBy) -> None:
    orders = [f"0x{number:064x}" for number in range(AT_ONCE)]
    draft = Draft(kind=IntentKind.PURCHASE, facts=purchase.facts(COLLECTION, ALICE, map(Bytes32, orders)))
    async with await create_pool(database, min_size=1, max_size=1) as pool:
        await IntentRepository(pool).create(draft)
        await pool.execute(_MORE, draft.intent_id, OTHERS)
        await pool.execute("analyze orchestrator_service.tx_intents")
        asked = {"match_key": draft.match_key, "kind": draft.kind, "chain_id": draft.chain_id, "part": "orders"}
        seen = [asked | {"names": [order]} for order in orders]
        plan = await plan_by(pool, Query(dict, sql.ASKING_FOR, (seen,)))
    assert plan.scanned == ()
    assert plan.touched < 100


async def test_a_page_of_a_users_own_intents_reads_its_own_rows(database: str) -> None:
    draft = Draft()
    async with await create_pool(database, min_size=1, max_size=1) as pool:
        row, _ = await IntentRepository(pool).create(draft)
        await pool.execute(_MORE, draft.intent_id, OTHERS)
        await pool.execute(
            "update orchestrator_service.tx_intents set created_at = created_at - random() * interval '1 day'"
        )
        await pool.execute("vacuum analyze orchestrator_service.tx_intents")
        for after in (NEWEST, (row.created_at - timedelta(hours=12), draft.intent_id)):
            query = Query(dict, sql.LIST_OWNED, (draft.user_id, None, None, *after, 21))
            plan = await kept_plan_of(pool, query)
            assert plan.scanned == ()
            assert 21 <= plan.touched <= 100, after
