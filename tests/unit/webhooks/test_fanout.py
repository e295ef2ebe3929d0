"""Each subscription is given the events that it wants and may see, each once, under numbers of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from steadymint.domain.webhooks import EventName
from steadymint.webhooks.subscriptions import Subscriptions
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
    transferred,
)

WALLET = "0x" + "cc" * 20


async def given(pool: asyncpg.Pool, webhook_id: UUID) -> list[tuple[int, str]]:
    rows = await pool.fetch(
        "select seq, name from event_service.webhook_deliveries join event_service.webhook_events using (event_id)"
        " where webhook_id = $1 order by seq",
        webhook_id,
    )
    return [tuple(row) for row in rows]


async def test_a_user_gets_what_is_their_own_and_an_operator_everything(pool: asyncpg.Pool) -> None:
    alice, bob = await a_user(pool, ALICE), await a_user(pool, BOB)
    elsewhere = await a_user(pool, ALICE, chain_ids=["eip155:1"], kind="contract")
    hooks = [(await subscribed(pool, user))[0].webhook_id for user in (alice, bob, elsewhere, None)]
    await listening(pool)
    await happen(pool, minted(ALICE), sold(ALICE, BOB), stepped(bob, ALICE), minted("0x" + "cc" * 20))
    await given_out(pool)
    minted_, sold_, stepped_ = str(EventName.MINTED), str(EventName.SOLD), str(EventName.INTENT_STEPPED)
    assert [await given(pool, hook) for hook in hooks] == [
        [(1, minted_), (2, sold_)],
        [(1, sold_), (2, stepped_)],  # an intent is of who asked for it, whoever has linked the account since
        [],  # a contract at the same address of another chain is somebody else's
        [(1, minted_), (2, sold_), (3, stepped_), (4, minted_)],
    ]


async def test_a_key_is_its_owners_on_every_chain_and_a_contract_on_its_own(pool: asyncpg.Pool) -> None:
    elsewhere = "eip155:1"
    once, twice = await a_user(pool, ALICE), await a_user(pool, BOB, chain_ids=[CHAIN, elsewhere])
    contract = await a_user(pool, WALLET, kind="contract")
    hooks = [(await subscribed(pool, user))[0].webhook_id for user in (once, twice, contract)]
    await listening(pool)
    await happen(pool, *(minted(to, chain_id=elsewhere) for to in (ALICE, BOB, WALLET)), sold(ALICE, BOB))
    await given_out(pool)
    both = [(1, str(EventName.MINTED)), (2, str(EventName.SOLD))]
    assert [await given(pool, hook) for hook in hooks] == [both, both, []]


async def test_a_transfer_is_told_to_who_had_the_token_and_to_who_has_it(pool: asyncpg.Pool) -> None:
    users = [await a_user(pool, account) for account in (ALICE, BOB, "0x" + "cc" * 20)]
    hooks = [(await subscribed(pool, user))[0].webhook_id for user in users]
    await listening(pool)
    await happen(pool, transferred(ALICE, BOB), transferred(BOB, None))
    await given_out(pool)
    told = str(EventName.TRANSFERRED)
    assert [await given(pool, hook) for hook in hooks] == [[(1, told)], [(1, told), (2, told)], []]


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
