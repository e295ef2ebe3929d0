"""Each subscription is given the events that it wants and may see, each once, under numbers of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from steadymint.domain.webhooks import EventName
from steadymint.webhooks.subscriptions import Change, Subscriptions
from steadymint.webhooks.waking import Waker
from tests.support.webhooks import (
    ALICE,
    BOB,
    CATS,
    CHAIN,
    DOGS,
    SEAL,
    a_user,
    given_out,
    happen,
    listening,
    minted,
    sold,
    stepped,
    subscribed,
)


async def given(pool: asyncpg.Pool, webhook_id: UUID) -> list[tuple[int, str]]:
    rows = await pool.fetch(
        "select seq, name from event_service.webhook_deliveries join event_service.webhook_events using (event_id)"
        " where webhook_id = $1 order by seq",
        webhook_id,
    )
    return [tuple(row) for row in rows]


async def test_a_user_gets_what_is_their_own_and_an_operator_everything(pool: asyncpg.Pool) -> None:
    alice, bob = await a_user(pool, ALICE), await a_user(pool, BOB)
    elsewhere = await a_user(pool, ALICE, chain_id="eip155:1")
    hooks = [(await subscribed(pool, user))[0].webhook_id for user in (alice, bob, elsewhere, None)]
    await listening(pool)
    await happen(pool, minted(ALICE), sold(ALICE, BOB), stepped(bob, ALICE), minted("0x" + "cc" * 20))
    await given_out(pool)
    minted_, sold_, stepped_ = str(EventName.MINTED), str(EventName.SOLD), str(EventName.INTENT_STEPPED)
    assert [await given(pool, hook) for hook in hooks] == [
        [(1, minted_), (2, sold_)],
        [(1, sold_), (2, stepped_)],  # an intent is of who asked for it, whoever has linked the account since
        [],  # the same address on another chain is somebody else's
        [(1, minted_), (2, sold_), (3, stepped_), (4, minted_)],
    ]


async def test_filters_of_name_collection_and_account_hold_together(pool: asyncpg.Pool) -> None:
    wishes: list[dict[str, Any]] = [
        {"event_names": [EventName.SOLD]},
        {"collections": [f"{CHAIN}/{DOGS}"]},
        {"accounts": [BOB]},
        {"event_names": [EventName.MINTED], "collections": [f"{CHAIN}/{CATS}"], "accounts": [BOB]},
    ]
    hooks = [(await subscribed(pool, None, **wish))[0].webhook_id for wish in wishes]
    await listening(pool)
    await happen(pool, minted(ALICE), minted(BOB), minted(BOB, DOGS), sold(ALICE, BOB), stepped(uuid4(), ALICE))
    await given_out(pool)
    assert [[name for _, name in await given(pool, hook)] for hook in hooks] == [
        [EventName.SOLD],
        [EventName.MINTED, EventName.INTENT_STEPPED],
        [EventName.MINTED, EventName.MINTED, EventName.SOLD],
        [EventName.MINTED],
    ]


async def test_numbers_go_on_without_a_gap_over_batches_and_while_nothing_is_sent(pool: asyncpg.Pool) -> None:
    subscriptions = Subscriptions(pool, SEAL)
    (hook, _), (paused, _), (gone, _) = [await subscribed(pool, None) for _ in range(3)]
    await pool.execute(
        "update event_service.webhooks set status = 'paused', paused_because = 'owner' where webhook_id = $1",
        paused.webhook_id,
    )
    await listening(pool)
    await happen(pool, *(minted(ALICE) for _ in range(1_100)))
    await given_out(pool)
    await subscriptions.delete(None, gone.webhook_id)
    await happen(pool, minted(ALICE))
    await given_out(pool)
    for one, last in ((hook, 1_101), (paused, 1_101), (gone, 1_100)):
        assert [seq for seq, _ in await given(pool, one.webhook_id)] == list(range(1, last + 1))
    assert (await subscriptions.get(None, hook.webhook_id)).last_seq == 1_101


@pytest.mark.parametrize("status", ["suspended", "banned", "deleted"])
async def test_who_is_closed_out_is_told_nothing(pool: asyncpg.Pool, status: str) -> None:
    alice = await a_user(pool, ALICE)
    hook, _ = await subscribed(pool, alice)
    await pool.execute("update user_service.users set status = $2 where user_id = $1", alice, status)
    await listening(pool)
    await happen(pool, minted(ALICE), stepped(alice, ALICE))
    await given_out(pool)
    assert await given(pool, hook.webhook_id) == []


async def test_a_flow_is_woken_once_for_many_events_and_again_if_nobody_has_told_it(pool: asyncpg.Pool) -> None:
    alice = await a_user(pool, ALICE)
    hook, _ = await subscribed(pool, alice)
    await listening(pool)
    woken: list[UUID] = []
    answers = [False, True, True]

    async def wake(webhook_id: UUID) -> bool:
        woken.append(webhook_id)
        return answers.pop(0)

    waker = Waker(pool, wake, kept_days=30)
    await happen(pool, *(minted(ALICE) for _ in range(3)))
    await given_out(pool)
    assert await waker.tell() == 0, "Temporal did not answer"
    assert await waker.tell() == 1
    await happen(pool, minted(ALICE))
    await given_out(pool)
    assert await waker.tell() == 0, "it is at work already"
    await waker.find_lost()
    assert await waker.tell() == 0
    await pool.execute("update event_service.webhooks set worked_at = now() - interval '1 hour'")
    await waker.find_lost()
    assert await waker.tell() == 1, "no sign of life"
    assert woken == [hook.webhook_id] * 3


async def test_what_is_old_is_swept(pool: asyncpg.Pool) -> None:
    alice = await a_user(pool, ALICE)
    hook, _ = await subscribed(pool, alice)
    await listening(pool)
    await happen(pool, minted(ALICE), minted(ALICE))
    await given_out(pool)
    for table in ("webhook_deliveries", "webhook_events"):
        await pool.execute(
            f"update event_service.{table} set created_at = now() - interval '31 days'"
            f" where ctid = (select min(ctid) from event_service.{table})"
        )

    async def wake(_: UUID) -> bool:
        return True

    await Waker(pool, wake, kept_days=30).sweep()
    assert len(await given(pool, hook.webhook_id)) == 1
    await Subscriptions(pool, SEAL).change(alice, hook.webhook_id, Change(description="x", description_given=True))
