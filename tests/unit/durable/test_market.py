"""Orders that come while others are under way wait for them, and none waits for ever."""

from __future__ import annotations

import asyncio

import pytest

from steadymint.domain.market.intake import HandedOrder, HandedOrders, TakenOrder, TakenOrders, Taking, TokenChoice
from steadymint.domain.types import Bytes32, ChainId
from steadymint.durable.market import AT_ONCE, MAX_BYTES, MarketOrders
from steadymint.durable.queues import Queues
from tests.support.orders import CHAIN, listed

ORDERS = [HandedOrder(components=listed(1))]
KNOWN = TakenOrder(order_hash=Bytes32("0x" + "11" * 32), outcome=Taking.KNOWN)


class Gate:
    """A short way on which all batches are under way until it is opened."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        """Bytes of the JSON of each batch."""
        self.opened = asyncio.Event()
        self.begun = asyncio.Semaphore(0)
        self.asked = 0

    async def ask(self, handed: HandedOrders) -> TakenOrders:
        self.asked += 1
        self.sizes.append(len(handed.model_dump_json()))
        self.begun.release()
        await self.opened.wait()
        return TakenOrders(orders=tuple(KNOWN for _ in handed.orders))


async def test_who_comes_again_in_the_turn_of_its_answer_is_answered_again() -> None:
    """All batches end in one turn, and then nobody else comes who would begin another."""
    gate = Gate()
    market = MarketOrders(None, Queues(), gate)  # type: ignore[arg-type]

    async def take(times: int) -> None:
        for _ in range(times):
            assert await market.take(ChainId(CHAIN), ORDERS) == [KNOWN]

    # The answers come in the order of the batches, so the first task asks again before the others have ended.
    takers: list[asyncio.Task[None]] = []
    for nth in range(AT_ONCE):
        takers.append(asyncio.create_task(take(2 if nth == 0 else 1)))
        await gate.begun.acquire()
    gate.opened.set()
    _, waiting = await asyncio.wait(takers, timeout=20)
    assert not waiting
    assert gate.asked == AT_ONCE + 1


LONG = {
    "traits": HandedOrder(
        components=listed(1), choice=TokenChoice(traits={str(nth): ("x" * 256,) * 100 for nth in range(10)})
    ),
    "tokens": HandedOrder(components=listed(1), choice=TokenChoice(tokens=(2**256 - 1,) * 3_000)),
    "a signature": HandedOrder(components=listed(1), signature="0x" + "ab" * 120_000),
    "items": HandedOrder(
        components=listed(1).model_copy(update={"offer": listed(1).offer * 500, "consideration": ()}),
        signature="0x" + "ab" * 65,
    ),
}


@pytest.mark.parametrize("long", LONG.values(), ids=LONG)
async def test_a_batch_is_no_larger_than_temporal_takes_whatever_makes_its_orders_long(long: HandedOrder) -> None:
    gate = Gate()
    market = MarketOrders(None, Queues(), gate)  # type: ignore[arg-type]
    takers: list[asyncio.Task[object]] = []
    for _ in range(AT_ONCE):
        takers.append(asyncio.create_task(market.take(ChainId(CHAIN), ORDERS)))
        await gate.begun.acquire()
    takers += [asyncio.create_task(market.take(ChainId(CHAIN), [long])) for _ in range(20)]
    await asyncio.sleep(0)
    gate.opened.set()
    await asyncio.gather(*takers)
    assert max(gate.sizes) <= MAX_BYTES + 1_000
    assert gate.asked < AT_ONCE + 20, "several go together"
