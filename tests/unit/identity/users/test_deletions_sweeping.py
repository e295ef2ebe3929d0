"""A deletion whose flow is lost is done all the same."""

from __future__ import annotations

from uuid import uuid4

import asyncpg

from steadymint.domain.types import UserId
from steadymint.identity.users.deletions_sweeping import DeletionSweep


class NotedFlows:
    """Notes whose flow is woken."""

    def __init__(self) -> None:
        self.woken: list[UserId] = []

    async def resume(self, user_id: UserId) -> None:
        self.woken.append(user_id)


async def deletion(pool: asyncpg.Pool, due: str, end: str = "") -> UserId:
    user_id = UserId(uuid4())
    await pool.execute("INSERT INTO user_service.users (user_id) VALUES ($1)", user_id)
    await pool.execute(
        "INSERT INTO user_service.deletions (user_id, asked_at, due_at, begun_at, erased_at, taken_back_at)"
        " SELECT $1, now() - interval '15 days', now() - $2::text::interval, CASE WHEN $3 IN ('begun', 'erased')"
        " THEN now() END, CASE $3 WHEN 'erased' THEN now() END, CASE $3::text WHEN 'taken back' THEN now() END",
        *(user_id, due, end),
    )
    return user_id


async def test_the_flow_of_each_deletion_that_is_late_and_not_done_is_woken(pool: asyncpg.Pool) -> None:
    late = {await deletion(pool, "61 minutes"), await deletion(pool, "3 days", "begun")}
    for due, end in (("59 minutes", ""), ("-1 day", ""), ("3 days", "erased"), ("3 days", "taken back")):
        await deletion(pool, due, end)
    flows = NotedFlows()
    assert await DeletionSweep(pool, flows).run() == 2
    assert set(flows.woken) == late
