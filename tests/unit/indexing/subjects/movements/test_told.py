"""Others are told of each movement once: as a mint, as a sale, or as a transfer."""

from __future__ import annotations

from typing import Any

import asyncpg
import orjson

from steadymint.events.event import MINTS, MINTS_DOMAIN, TRANSFERS
from steadymint.indexing.subjects.movements.subject import Movements
from steadymint.indexing.subjects.movements.told import TOKENS_AT_ONCE
from tests.support.forged_logs import ALICE, BOB, CAROL, CATS, EDITIONS, MAX, ZERO, batch, transfer
from tests.support.forged_trades import ETHER, listing_filled, token
from tests.unit.indexing.subjects.orders.conftest import Market, market

__all__ = ["market"]


async def transfers(pool: asyncpg.Pool, market: Market, after: int) -> list[tuple[Any, ...]]:
    told = await Movements.told(pool, market.index.writer.chain_id, after, 99)
    events = [event for one in told for event in one.events if event.stream == TRANSFERS]
    assert len({event.event_id for event in events}) == len(events)
    names = ("contract", "from", "to", "tokenIds", "quantities")
    return [tuple(event.payload[name] for name in names) for event in events]


async def test_a_transfer_is_told_to_both_accounts_and_a_mint_and_a_sale_are_not_told_again(
    market: Market, pool: asyncpg.Pool
) -> None:
    tx = {"transaction_hash": "0x" + "5a" * 32}
    await market.say(
        transfer(ALICE, BOB, 1, block=3),
        transfer(ALICE, CAROL, 2, block=3, index=1, **tx),  # of the sale
        listing_filled(7, ALICE, CAROL, token(2), ETHER, block=3, index=2, **tx),
        transfer(CAROL, BOB, 2, block=3, index=3, **tx),  # and on to whom no sale names
        transfer(ALICE, ZERO, 3, block=4),
        transfer(ZERO, ALICE, 9, block=4, index=1),
        batch(ALICE, BOB, [1, 1], [2, 3], contract=EDITIONS, block=5),
    )
    assert await transfers(pool, market, 2) == [
        (CATS, ALICE, BOB, ["1"], ["1"]),
        (CATS, CAROL, BOB, ["2"], ["1"]),
        (CATS, ALICE, None, ["3"], ["1"]),
        (EDITIONS, ALICE, BOB, ["1", "1"], ["2", "3"]),
    ]
    assert len(await transfers(pool, market, 3)) == 2, "only of the blocks that are asked for"


async def test_tokens_that_one_transaction_moves_between_two_accounts_are_one_event(
    market: Market, pool: asyncpg.Pool
) -> None:
    tx = {"transaction_hash": "0x" + "5a" * 32}
    await market.say(
        transfer(ALICE, BOB, 1, block=3, **tx),
        transfer(ALICE, CAROL, 4, block=3, index=1, **tx),
        transfer(ALICE, BOB, 3, block=3, index=2, **tx),
        transfer(ALICE, BOB, 2, block=3, index=3),
    )
    assert await transfers(pool, market, 2) == [
        (CATS, ALICE, BOB, ["1", "3"], ["1", "1"]),
        (CATS, ALICE, CAROL, ["4"], ["1"]),
        (CATS, ALICE, BOB, ["2"], ["1"]),
    ]


async def test_tokens_of_a_log_that_names_many_are_events_of_bounded_size_with_lasting_ids(
    market: Market, pool: asyncpg.Pool
) -> None:
    numbers = [MAX - nth for nth in range(2 * TOKENS_AT_ONCE + 1)]
    ones = [1] * len(numbers)
    await market.say(
        batch(ZERO, CAROL, numbers, ones, contract=EDITIONS, block=3),
        batch(CAROL, BOB, numbers, ones, contract=EDITIONS, block=3, index=1),
    )
    first, again = [
        [event for one in await Movements.told(pool, market.index.writer.chain_id, 2, 3) for event in one.events]
        for _ in range(2)
    ]
    for stream in (MINTS, MINTS_DOMAIN, TRANSFERS):
        parts = [event.payload["tokenIds"] for event in first if event.stream == stream]
        assert [len(part) for part in parts] == [TOKENS_AT_ONCE, TOKENS_AT_ONCE, 1]
        assert [int(number) for part in parts for number in part] == numbers
    assert all(len(event.payload["quantities"]) == len(event.payload["tokenIds"]) for event in first)
    assert max(len(orjson.dumps(dict(event.payload))) for event in first) < 17_000
    assert len({event.event_id for event in first}) == len(first) == 9
    assert [event.event_id for event in again] == [event.event_id for event in first]
