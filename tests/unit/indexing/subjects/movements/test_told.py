"""Others are told of each movement once: as a mint, as a sale, or as a transfer."""

from __future__ import annotations

from typing import Any

import asyncpg

from steadymint.events.event import TRANSFERS
from steadymint.indexing.subjects.movements.subject import Movements
from tests.support.forged_logs import ALICE, BOB, CAROL, CATS, EDITIONS, ZERO, batch, transfer
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
