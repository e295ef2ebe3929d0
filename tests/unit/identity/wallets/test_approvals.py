"""The lists of approvals cost what their pages cost, whatever was revoked and whatever others have invented."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
import pytest

from benchmarks.plans import kept_plan_of
from steadymint.catalog.reads.query import Query
from steadymint.domain.types import Address, UserId
from steadymint.identity.wallets.approvals import (
    FIRST,
    STANDING,
    AfterChange,
    ChangeFilter,
    StandingApproval,
    approval_changes,
    approvals_of,
    changes_query,
)

KEY, CONTRACT = "0x" + "a1" * 20, "0x" + "c1" * 20
HERE, ELSEWHERE = "eip155:31337", "eip155:1337"
MANY = 3_000
LIMIT = 11
ACCOUNTS = 3
"""The key on two chains, and the contract on one."""


async def _approvals(pool: asyncpg.Pool, owner: str, chain_id: str, count: int, *, approved: bool) -> None:
    """Of as many contracts, which anybody can deploy."""
    await pool.execute(
        "INSERT INTO wallet_service.approvals (owner, chain_id, contract, operator, standard, approved, tx_hash,"
        " place, approved_at, revoked_at, updated_at)"
        " SELECT $1, $2, '0x' || substr(encode(sha256(($4::bool || '/' || n)::bytea), 'hex'), 1, 40), $1, 'erc721',"
        " $4::bool, '0x' || repeat('ab', 32), 1, CASE WHEN $4 THEN now() END, CASE WHEN NOT $4 THEN now() END, now()"
        " FROM generate_series(1, $3::int) n",
        owner,
        chain_id,
        count,
        approved,
    )


async def _user(pool: asyncpg.Pool) -> UserId:
    """With a key, and a contract of one chain."""
    user_id = UserId(uuid4())
    await pool.execute(
        "INSERT INTO chain_registry_service.chains (caip2, chain_numeric, name, native_symbol)"
        " SELECT 'eip155:' || n, n, n::text, 'ETH' FROM unnest(ARRAY[31337, 1337]) n ON CONFLICT DO NOTHING"
    )
    for address, kind in ((KEY, "eoa"), (CONTRACT, "contract")):
        await pool.execute(
            "INSERT INTO wallet_service.wallet_links (user_id, address, chain_id, type) VALUES ($1, $2, $3, $4)",
            user_id,
            address,
            HERE,
            kind,
        )
    return user_id


async def test_a_page_of_approvals_reads_neither_revoked_rows_nor_those_of_other_chains(pool: asyncpg.Pool) -> None:
    user_id = await _user(pool)
    await _approvals(pool, KEY, HERE, MANY, approved=False)
    await _approvals(pool, KEY, HERE, 25, approved=True)
    await _approvals(pool, CONTRACT, ELSEWHERE, MANY, approved=True)
    await _approvals(pool, CONTRACT, HERE, 25, approved=True)
    await pool.execute("ANALYZE wallet_service.approvals")
    read: list[StandingApproval] = []
    after = FIRST
    while page := await approvals_of(pool, user_id, after=after, limit=LIMIT):
        plan = await kept_plan_of(pool, Query(dict, STANDING, (user_id, *after, LIMIT)))
        assert plan.touched <= ACCOUNTS * LIMIT + 20, "and a few links and chains"
        assert plan.scanned == ()
        read += page
        after = page[-1].place
    assert [one.place for one in read] == sorted({one.place for one in read})
    assert [(one.owner, one.chain_id) for one in read] == [(KEY, HERE)] * 25 + [(CONTRACT, HERE)] * 25


OF, BY = Address("0x" + "c2" * 20), Address("0x" + "b2" * 20)
"""A contract and an operator that thousands of lines name. The oldest line names both."""
RARE = Address("0x" + "d2" * 20)
"""The contract of the second line, and the operator of the third one."""


async def _history(pool: asyncpg.Pool, owner: str, chain_id: str) -> None:
    """As contracts that anybody can deploy may tell it: a third of any operators, a third of any contracts."""
    await pool.execute(
        "INSERT INTO wallet_service.approvals_history (chain_id, place, owner, contract, operator, standard,"
        " approved, tx_hash, at) SELECT $2, n, $1,"
        " CASE WHEN n = 2 THEN $6 WHEN n = 1 OR n % 3 = 0 THEN $4"
        "   ELSE '0x' || substr(encode(sha256(n::text::bytea), 'hex'), 1, 40) END,"
        " CASE WHEN n = 3 THEN $6 WHEN n % 3 = 1 THEN $5"
        "   ELSE '0x' || substr(encode(sha256(n::text::bytea), 'hex'), 21, 40) END,"
        " 'erc721', true, '0x' || repeat('ab', 32), timestamptz '2026-01-01Z' + n / 3 * interval '1 second'"
        " FROM generate_series(1, $3::int) n",
        owner,
        chain_id,
        MANY,
        OF,
        BY,
        RARE,
    )


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ChangeFilter(), 3 * LIMIT),
        (ChangeFilter(contract=OF), 3 * LIMIT),
        (ChangeFilter(operator=BY), 3 * LIMIT),
        (ChangeFilter(contract=OF, operator=BY), ACCOUNTS),
        (ChangeFilter(contract=RARE), ACCOUNTS),
        (ChangeFilter(operator=RARE), ACCOUNTS),
        (ChangeFilter(contract=RARE, operator=BY), 0),
    ],
)
async def test_a_page_of_their_history_reads_no_more_than_itself(
    pool: asyncpg.Pool, wanted: ChangeFilter, found: int
) -> None:
    user_id = await _user(pool)
    for owner, chain in ((KEY, HERE), (KEY, ELSEWHERE), (CONTRACT, HERE), (CONTRACT, ELSEWHERE)):
        await _history(pool, owner, chain)
    await pool.execute("ANALYZE wallet_service.approvals_history")
    read: list[AfterChange] = []
    for _ in range(3):
        after = read[-1] if read else None
        sql, arguments = changes_query(user_id, wanted, after=after, limit=LIMIT)
        plan = await kept_plan_of(pool, Query(dict, sql, arguments))
        assert plan.touched <= ACCOUNTS * (LIMIT + 3) + 20, "and those of the same second, links and chains"
        assert plan.scanned == ()
        assert plan.pages <= ACCOUNTS * LIMIT, "no index is walked for lines of others"
        read += [one.place for one in await approval_changes(pool, user_id, wanted, after=after, limit=LIMIT)]
    assert read == sorted({*read}, reverse=True)
    assert len(read) == found
