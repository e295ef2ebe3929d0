"""The weeks of trade: chapter after chapter, block after block."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from steadymint.demo.run import DemoRun
from steadymint.demo.showcase.chain_calls import Calls
from steadymint.demo.showcase.clock import HOUR, ChainClock
from steadymint.demo.showcase.dating import date_orders
from steadymint.demo.showcase.plan import DAY, Chapter, Deed, Plan, Wish
from steadymint.demo.showcase.resident import Prepared, Resident
from steadymint.domain.counting import counted
from steadymint.domain.types import ChainId
from steadymint_client import models

if TYPE_CHECKING:
    from steadymint.demo.showcase.filling import Filled

ETHER: Final = 10**18
OVER: Final = 2 * DAY * HOUR
"""Seconds after now until which the orders of the history count. All but a few units are sold long before."""
CONFIRMED: Final = 3
STRIDE: Final = 37
"""A step through the orders that are open in the end, so that they are not opened in the order in which they were
planned."""
AT_ONCE: Final = 12
"""Requests for transactions under way. More of them only wait for each other."""


class History:
    def __init__(
        self,
        demo: DemoRun,
        plan: Plan,
        people: Sequence[Resident],
        filled: Filled,
        clock: ChainClock,
        calls: Calls,
    ) -> None:
        self._demo = demo
        self._plan = plan
        self._people = people
        self._filled = filled
        self._clock = clock
        self._calls = calls
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._sold = 0
        self._orders: list[str] = []
        """Hashes of what was signed in the past."""

    def so_far(self) -> str:
        return f"{self._sold} of {counted(self._plan.sold, 'sale')}"

    async def unfold(self) -> None:
        """Raises DemoFailedError, ProblemError."""
        for chapter in self._plan.chapters:
            await self._one(chapter)

    async def stand(self) -> None:
        """Sign the orders that are open in the end. Raises DemoFailedError, ProblemError."""
        wishes = self._plan.standing
        self._orders += await self._sign(wishes, self._standing_since(len(wishes)))
        await date_orders(self._demo.stack["postgresDsn"], ChainId(self._demo.chain_id), self._orders)

    def _standing_since(self, count: int) -> list[int]:
        """When each of `count` orders begins, in Unix seconds. They begin after the last deed: before it, somebody else
        may have owned what is offered."""
        last = min(deed.ago for chapter in self._plan.chapters for deed in chapter.deeds)
        return [self._clock.at(last * (place * STRIDE % count + 1) / (count + 2)) for place in range(count)]

    async def _one(self, chapter: Chapter) -> None:
        """Orders are signed, all transactions are prepared, and then sent block by block."""
        await self._clock.mine(chapter.opens)
        start, end = self._clock.at(chapter.opens + 1), self._clock.now + round(OVER)
        hashes = await self._sign(chapter.wishes, [start] * len(chapter.wishes), end)
        self._orders += hashes
        prepared = dict(
            zip(
                map(id, chapter.deeds),
                await asyncio.gather(*(self._prepare(chapter, deed, hashes) for deed in chapter.deeds)),
                strict=True,
            )
        )
        plain: list[str] = []
        for ago, deeds in chapter.blocks():
            async with self._clock.moment(ago):
                sent = await asyncio.gather(*(self._do(deed, prepared[id(deed)]) for deed in deeds))
            plain += [tx_hash for tx_hash in sent if tx_hash is not None]
            self._sold += sum(len(deed.orders) for deed in deeds if deed.what in ("buy", "accept"))
        await self._clock.deeper(CONFIRMED)
        await self._calls.mined(plain)
        await asyncio.gather(*(person.settle() for person in self._people))

    async def _sign(self, wishes: Sequence[Wish], starts: Sequence[int], end: int | None = None) -> list[str]:
        """Everybody signs their own once. The hashes, in the order of the wishes. `starts` and `end`, in Unix seconds,
        are when the orders count."""
        places: dict[int, list[int]] = {}
        for place, wish in enumerate(wishes):
            places.setdefault(wish.maker, []).append(place)
        signed = await asyncio.gather(
            *(
                self._people[maker].place([self._body(wishes[place], starts[place], end) for place in own])
                for maker, own in places.items()
            )
        )
        hashes = [""] * len(wishes)
        for own, found in zip(places.values(), signed, strict=True):
            for place, order_hash in zip(own, found, strict=True):
                hashes[place] = order_hash
        return hashes

    def _body(self, wish: Wish, start: int, end: int | None) -> models.WishBody:
        return models.WishBody(
            kind=wish.kind,
            contract=self._filled.contracts[wish.work],
            price=wish.price,
            quantity=str(wish.units),
            token_id=None if wish.token is None else str(wish.token),
            traits=wish.traits,
            start_at=datetime.fromtimestamp(start, UTC),
            end_at=None if end is None else datetime.fromtimestamp(end, UTC),
        )

    async def _prepare(self, chapter: Chapter, deed: Deed, hashes: Sequence[str]) -> Prepared | None:
        """What the API makes of a deed; None for one that needs no API."""
        who, chain_id = self._people[deed.who], self._demo.chain_id
        async with self._slots:
            if deed.what == "buy":
                total = sum(Decimal(chapter.wishes[order].price) for order in deed.orders)
                items = [models.PurchaseItemBody(order_hash=hashes[order]) for order in deed.orders]
                body = models.PreparePurchaseBody(chain_id=chain_id, items=items, max_total=str(total))
                return await who.ask(who.api.prepare_purchase, body)
            if deed.what == "accept":
                assert deed.item is not None
                (order,) = deed.orders
                offered = chapter.wishes[order]
                token = None if offered.token is not None else str(deed.item.token)
                body = models.PrepareSaleBody(chain_id=chain_id, order_hash=hashes[order], token_id=token)
                return await who.ask(who.api.prepare_sale, body)
            if deed.what == "cancel":
                chosen = [hashes[order] for order in deed.orders]
                body = models.PrepareCancelBody(chain_id=chain_id, order_hashes=chosen)
                return await who.ask(who.api.prepare_cancel, body)
        return None

    async def _do(self, deed: Deed, prepared: Prepared | None) -> str | None:
        """Send it. The hash of a transaction that no intent follows."""
        who = self._people[deed.who]
        if prepared is not None:
            await who.carry_out(prepared)
            return None
        assert deed.to is not None
        receiver = self._people[deed.to].address
        if deed.what == "pay":
            return await who.send(self._calls.pay(self._filled.coin, receiver, deed.amount * ETHER))
        assert deed.item is not None
        contract = self._filled.contracts[deed.item.work]
        return await who.send(self._calls.give(contract, who.address, receiver, deed.item.token))
