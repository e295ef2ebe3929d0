"""Decides from a seed what happens in the showcase."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from steadymint.demo.showcase.cast import CHARACTERS
from steadymint.demo.showcase.plan import BANKER, FULL, MARKET_OPENS, Chapter, Deed, Item, Mint, Plan, Size, Wish
from steadymint.demo.showcase.works import EDITION_DESIGNS, WORKS

EDITION: Final = 40
"""Units that the artist of an edition mints of each design."""
SOLD_AT_ONCE: Final = 2
"""Tokens that are sold in one block, on average. What somebody buys in one is a sweep, and costs one transaction."""


def planned(seed: int, size: Size = FULL) -> Plan:
    """The plan of a seed. The same numbers give the same plan."""
    return _Planner(seed, size).plan()


class _Planner:
    def __init__(self, seed: int, size: Size) -> None:
        self._dice = random.Random(seed)
        self._size = size
        self._works = [WORKS[place] for place in size.works]
        self._drawn = [
            work.draw(EDITION_DESIGNS if self._edition(place) else size.tokens, self._dice)
            for place, work in enumerate(self._works)
        ]
        self._owners: dict[Item, int] = {}
        """Of tokens that are no edition."""
        self._sold = 0

    def plan(self) -> Plan:
        rounds = self._mints()
        span = MARKET_OPENS / self._size.chapters
        chapters = [self._chapter(number, MARKET_OPENS - span * number, span) for number in range(self._size.chapters)]
        return Plan(
            people=CHARACTERS[: self._size.people],
            works=self._works,
            drawn=self._drawn,
            rounds=rounds,
            chapters=chapters,
            standing=list(self._standing()),
            owners=dict(self._owners),
            sold=self._sold,
        )

    def _edition(self, work: int) -> bool:
        return self._works[work].standard == "erc1155"

    def _singles(self) -> list[int]:
        return [place for place in range(len(self._works)) if not self._edition(place)]

    # -- mints --------------------------------------------------------------------------------------------------------

    def _mints(self) -> list[list[Mint]]:
        """Artists keep a few tokens of their own; collectors mint the others."""
        queues = {place: self._queue(place) for place in range(len(self._works))}
        rounds: list[list[Mint]] = []
        while any(queues.values()):
            rounds.append([queue.pop(0) for queue in queues.values() if queue])
        return rounds

    def _queue(self, work: int) -> list[Mint]:
        if self._edition(work):
            collectors = self._others(work, 3)
            return [Mint(work, work, EDITION), *(Mint(who, work, self._dice.randint(1, 3)) for who in collectors)]
        left, mints = len(self._drawn[work]), list[Mint]()
        for who in (work, *self._others(work, 5)):
            quantity = min(left, self._dice.randint(4, 6))
            if quantity:
                mints.append(Mint(who, work, quantity))
            left -= quantity
        if left:
            mints.append(Mint(work, work, left))
        first = 1
        for mint in mints:
            for token in range(first, first + mint.quantity):
                self._owners[Item(work, token)] = mint.who
            first += mint.quantity
        return mints

    def _others(self, but: int, count: int) -> list[int]:
        people = [who for who in range(self._size.people) if who != but]
        return self._dice.sample(people, min(count, len(people)))

    # -- history ------------------------------------------------------------------------------------------------------

    def _chapter(self, number: int, opens: float, span: float) -> Chapter:
        chapter = Chapter(opens)
        before, until = (self._size.sales * end // self._size.chapters for end in (number, number + 1))
        sales = until - before
        free = self._dice.sample(sorted(self._owners, key=lambda item: (item.work, item.token)), len(self._owners))
        busy = [self._moment(opens, span) for _ in range(-(-sales // SOLD_AT_ONCE))]
        for _ in range(min(sales, len(free))):
            self._sell(chapter, free.pop(), self._dice.choice(busy))
        if number == self._size.chapters - 1:
            self._sell_today(chapter, free)
        for _ in range(max(1, sales // 9)):
            if free:
                self._accept(chapter, free.pop(), self._moment(opens, span))
        for work in range(len(self._works)):
            if self._edition(work):
                self._sell_units(chapter, work, opens, span)
        for _ in range(max(1, sales // 12)):
            if len(free) > 1:
                self._send(chapter, free.pop(), self._moment(opens, span))
                self._cancel(chapter, free.pop(), self._moment(opens, span))
        for who in self._others(BANKER, len(CHARACTERS)) if number == 0 else ():
            amount = 1000 * self._dice.randint(4, 60)
            chapter.deeds.append(Deed(self._moment(opens, span), BANKER, "pay", to=who, amount=amount))
        for payer in self._others(BANKER, 3) if number else ():
            (payee,) = self._others(payer, 1)
            amount = 50 * self._dice.randint(1, 20)
            chapter.deeds.append(Deed(self._moment(opens, span), payer, "pay", to=payee, amount=amount))
        return chapter

    def _sell_today(self, chapter: Chapter, free: list[Item]) -> None:
        """Something of each work in the last hours, so that lists of the day have it."""
        for work in self._singles():
            item = next((item for item in free if item.work == work), None)
            if item is not None:
                free.remove(item)
                self._sell(chapter, item, self._dice.choice((3.0, 7.0, 15.0, 19.0)))

    def _moment(self, opens: float, span: float) -> float:
        """A block of the chapter. There are two in a day, and none in the first hours and in the last one."""
        slots = int(span // 12)
        return opens - 12 * self._dice.randrange(slots) - self._dice.choice((5.0, 9.0))

    def _price(self, work: int, ago: float, token: int | None = None) -> str:
        """In whole units: around the work's price, with the trend of the weeks, and a little for the token itself."""
        about = self._works[work]
        trend = 1 + about.growth * (1 - ago / MARKET_OPENS)
        own = random.Random(f"{about.name} {token}").uniform(0.85, 1.3) if token is not None else 1.0
        return f"{max(0.001, about.price * trend * own * self._dice.uniform(0.92, 1.1)):.3f}"

    def _sell(self, chapter: Chapter, item: Item, ago: float) -> None:
        seller = self._owners[item]
        chapter.wishes.append(Wish("list", seller, item.work, self._price(item.work, ago, item.token), item.token))
        order = len(chapter.wishes) - 1
        (buyer,) = self._others(seller, 1)
        self._owners[item] = buyer
        self._sold += 1
        for deed in chapter.deeds:  # whoever buys already at that moment sweeps
            if deed.what == "buy" and deed.ago == ago and deed.who != seller and len(deed.orders) < 4:
                deed.orders.append(order)
                self._owners[item] = deed.who
                return
        chapter.deeds.append(Deed(ago, buyer, "buy", [order]))

    def _accept(self, chapter: Chapter, item: Item, ago: float) -> None:
        """The owner takes an offer: for the token, or for any of its collection."""
        owner = self._owners[item]
        (maker,) = self._others(owner, 1)
        price = self._price(item.work, ago)
        if self._dice.random() < 0.5:
            chapter.wishes.append(Wish("offer", maker, item.work, price, item.token))
        else:
            chapter.wishes.append(Wish("collection-offer", maker, item.work, price))
        chapter.deeds.append(Deed(ago, owner, "accept", [len(chapter.wishes) - 1], item))
        self._owners[item] = maker
        self._sold += 1

    def _sell_units(self, chapter: Chapter, work: int, opens: float, span: float) -> None:
        """The artist sells some of two designs, each to two people."""
        for token in self._dice.sample(range(1, EDITION_DESIGNS + 1), 2):
            price = self._price(work, opens, token)
            chapter.wishes.append(Wish("list", work, work, price, token, units=4))
            for buyer in self._others(work, 2):
                moment = self._moment(opens, span)
                chapter.deeds.append(Deed(moment, buyer, "buy", [len(chapter.wishes) - 1]))
                self._sold += 1

    def _send(self, chapter: Chapter, item: Item, ago: float) -> None:
        owner = self._owners[item]
        (receiver,) = self._others(owner, 1)
        chapter.deeds.append(Deed(ago, owner, "send", item=item, to=receiver))
        self._owners[item] = receiver

    def _cancel(self, chapter: Chapter, item: Item, ago: float) -> None:
        owner = self._owners[item]
        chapter.wishes.append(Wish("list", owner, item.work, self._price(item.work, ago, item.token), item.token))
        chapter.deeds.append(Deed(ago, owner, "cancel", [len(chapter.wishes) - 1]))

    # -- now ----------------------------------------------------------------------------------------------------------

    def _standing(self) -> Iterator[Wish]:
        for item, owner in sorted(self._owners.items(), key=lambda pair: (pair[0].work, pair[0].token)):
            if self._dice.random() < self._size.standing:
                premium = self._dice.choice((1.02, 1.08, 1.15, 1.3, 1.6))
                price = float(self._price(item.work, 0, item.token)) * premium
                yield Wish("list", owner, item.work, f"{price:.3f}", item.token)
            elif self._dice.random() < 0.25:
                (maker,) = self._others(owner, 1)
                yield Wish("offer", maker, item.work, self._below(item.work, 0.7, 0.9), item.token)
        for work in range(len(self._works)):
            for maker in self._others(work, 3):
                yield Wish("collection-offer", maker, work, self._below(work, 0.6, 0.8), units=1)
            if self._edition(work):
                for token in range(1, EDITION_DESIGNS + 1):
                    yield Wish("list", work, work, self._price(work, 0, token), token, units=5)
        for work in self._singles():
            (maker,) = self._others(work, 1)
            yield Wish("trait-offer", maker, work, self._below(work, 0.85, 0.95), traits=self._wanted(work))

    def _below(self, work: int, least: float, most: float) -> str:
        about = self._works[work]
        return f"{about.price * (1 + about.growth) * self._dice.uniform(least, most):.3f}"

    def _wanted(self, work: int) -> dict[str, list[str]]:
        """A trait that at least one token has: the rarest value of the first trait of words."""
        kind = str(self._drawn[work][0].attributes()[0]["traitType"])
        counts: dict[str, int] = {}
        for drawn in self._drawn[work]:
            for attribute in drawn.attributes():
                if attribute["traitType"] == kind:
                    value = str(attribute["value"])
                    counts[value] = counts.get(value, 0) + 1
        return {kind: [min(counts, key=lambda value: (counts[value], value))]}
