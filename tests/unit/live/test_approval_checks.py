"""What a chain has said of approvals is kept until the indexer tells of the account, and never after."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from steadymint.domain.approvals import SILENT, AskedApproval, AskedApprovals, Said, SeenApprovals
from steadymint.domain.types import ChainId, TxHash
from steadymint.live import short_way
from steadymint.live.approval_checks import LINE, ApprovalChecks, Version
from steadymint.stack.valkey import Valkey

CHAIN = ChainId("eip155:1")
TX, LATER = TxHash("0x" + "ab" * 32), TxHash("0x" + "cd" * 32)


def version(owner: str, tx_hash: TxHash = TX, **changes: Any) -> Version:
    given: dict[str, Any] = {"chain_id": CHAIN, "contract": "0x" + "0c" * 20, "operator": "0x" + "0b" * 20, "block": 9}
    return Version(AskedApproval(owner=owner, standard="erc20", **(given | changes)), tx_hash)


def anybody() -> str:
    return "0x" + uuid4().hex + "00" * 4


class Chain:
    """Says what it is set to, and counts what it was asked."""

    def __init__(self) -> None:
        self.allowed: Said = 7
        self.asked = 0

    async def seen(self, asked: AskedApprovals) -> SeenApprovals:
        self.asked += len(asked.approvals)
        return SeenApprovals(allowed=(self.allowed,) * len(asked.approvals))


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    client: Redis = Redis.from_url(valkey, socket_timeout=2)
    await client.delete(LINE.asked)
    yield client
    await client.aclose()


async def test_an_answer_is_kept_until_the_indexer_tells_of_the_account_or_of_a_rollback(redis: Redis) -> None:
    chain, checks, (alice, bob) = Chain(), ApprovalChecks(redis), (anybody(), anybody())
    both = [version(alice), version(bob)]
    async with short_way.answering(redis, LINE, chain.seen):
        assert await checks.allowed(both) == [7, 7]
        chain.allowed = 5
        assert await checks.allowed(both) == [7, 7]
        await checks.forget(CHAIN, [alice])
        assert await checks.allowed(both) == [5, 7]
        chain.allowed = 3
        await checks.forget_chain(CHAIN)
        assert await checks.allowed(both) == [3, 3]
        assert chain.asked == 5


async def test_an_approval_that_is_given_again_is_asked_about_again(redis: Redis) -> None:
    chain, checks, alice = Chain(), ApprovalChecks(redis), anybody()
    async with short_way.answering(redis, LINE, chain.seen):
        assert await checks.allowed([version(alice)]) == [7]
        chain.allowed = 9
        assert await checks.allowed([version(alice), version(alice, LATER)]) == [7, 9]


async def test_what_was_asked_before_a_commit_is_not_found_after_it(redis: Redis) -> None:
    """However late the answer comes: it is kept under the version that was read before the chain was asked."""
    chain, checks, alice = Chain(), ApprovalChecks(redis), anybody()

    async def late(asked: AskedApprovals) -> SeenApprovals:
        said = await chain.seen(asked)
        await checks.forget(CHAIN, [alice])
        return said

    async with short_way.answering(redis, LINE, late):
        assert await checks.allowed([version(alice)]) == [7]
    chain.allowed = 0
    async with short_way.answering(redis, LINE, chain.seen):
        assert await checks.allowed([version(alice)]) == [0]


async def test_a_page_is_looked_for_and_its_accounts_are_forgotten_by_one_command_each(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain, checks, owners = Chain(), ApprovalChecks(redis), [anybody() for _ in range(5)]
    page = [version(owner) for owner in owners]
    async with short_way.answering(redis, LINE, chain.seen):
        await checks.allowed(page)
    sent: list[str] = []
    execute = redis.execute_command

    async def counted(*arguments: Any, **options: Any) -> Any:
        sent.append(arguments[0])
        return await execute(*arguments, **options)

    monkeypatch.setattr(redis, "execute_command", counted)
    monkeypatch.setattr(redis, "pipeline", None)
    assert await checks.allowed(page) == [7] * 5
    await checks.forget(CHAIN, owners)
    assert sent == ["EVALSHA", "UNLINK"]


async def test_no_answer_is_not_kept(redis: Redis) -> None:
    chain, checks, alice = Chain(), ApprovalChecks(redis), anybody()
    async with short_way.answering(redis, LINE, chain.seen):
        chain.allowed = None
        assert await checks.allowed([version(alice)]) == [None]
        chain.allowed = 7
        assert await checks.allowed([version(alice)]) == [7]


async def test_that_a_contract_has_no_answer_is_kept_and_confirms_nothing(redis: Redis) -> None:
    chain, checks, alice = Chain(), ApprovalChecks(redis), anybody()
    async with short_way.answering(redis, LINE, chain.seen):
        chain.allowed = SILENT
        assert await checks.allowed([version(alice)]) == [None]
        assert await checks.allowed([version(alice)]) == [None]
        assert chain.asked == 1
        chain.allowed = 7
        await checks.forget(CHAIN, [alice])
        assert await checks.allowed([version(alice)]) == [7]


async def test_without_a_worker_or_without_redis_nothing_is_confirmed(redis: Redis, valkey_server: Valkey) -> None:
    chain, alice = Chain(), anybody()
    assert await ApprovalChecks(redis, answer_within=0.2).allowed([version(alice)]) == [None]
    checks = ApprovalChecks(redis)
    await valkey_server.stop()
    try:
        assert await checks.allowed([version(alice)]) == [None]
        await checks.forget(CHAIN, [alice])
    finally:
        await valkey_server.start()
    assert chain.asked == 0
