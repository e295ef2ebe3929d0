"""What happens in the showcase: `planner.py` decides it from a seed before anything does.

People and works are named by their place in the plan. A chapter is a part of the history: its orders are signed at its
beginning, and each token changes hands at most once in it, so nothing in a chapter waits for anything else in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from steadymint.demo.showcase.art.canvas import Drawn
from steadymint.demo.showcase.cast import Character
from steadymint.demo.showcase.works import Work

DAY: Final = 24.0
"""Hours."""
OPENING: Final = 31 * DAY
"""Hours ago: the first collection is created."""
MARKET_OPENS: Final = 28 * DAY
"""Hours ago: the first orders are signed. From then on something is sold on nearly every day."""
BANKER: Final = 1
"""Who launches the fungible token. The others get some of it in the first chapter."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much happens."""

    people: int
    works: tuple[int, ...]
    """Which of `WORKS`. The first person is the artist of the first of them, and so on."""
    tokens: int
    """Of a work that is no edition."""
    sales: int
    """Of listings, in all chapters together."""
    chapters: int
    standing: float
    """The share of the tokens that are listed in the end."""


FULL: Final = Size(people=12, works=(0, 1, 2, 3, 4), tokens=12, sales=44, chapters=2, standing=0.45)


@dataclass(frozen=True, slots=True)
class Item:
    """A token: the work's place in the plan, and its id."""

    work: int
    token: int


@dataclass(slots=True)
class Wish:
    """An order to sign."""

    kind: Literal["list", "offer", "collection-offer", "trait-offer"]
    maker: int
    work: int
    price: str
    token: int | None = None
    units: int = 1
    traits: dict[str, list[str]] | None = None


@dataclass(slots=True)
class Deed:
    """What somebody does in a block, so many hours ago. `orders` are places in the wishes of its chapter."""

    ago: float
    who: int
    what: Literal["buy", "accept", "cancel", "send", "pay"]
    """`pay` is in whole units of the launched token."""
    orders: list[int] = field(default_factory=list[int])
    item: Item | None = None
    to: int | None = None
    amount: int = 0


@dataclass(slots=True)
class Chapter:
    """Wishes that are signed together, and the deeds that follow."""

    opens: float
    """Hours ago."""
    wishes: list[Wish] = field(default_factory=list[Wish])
    deeds: list[Deed] = field(default_factory=list[Deed])

    def blocks(self) -> Iterator[tuple[float, list[Deed]]]:
        """The deeds by their block, the oldest first."""
        for ago in sorted({deed.ago for deed in self.deeds}, reverse=True):
            yield ago, [deed for deed in self.deeds if deed.ago == ago]


@dataclass(frozen=True, slots=True)
class Mint:
    """Tokens that somebody mints: the next ids of a work, or units of each design of an edition."""

    who: int
    work: int
    quantity: int


@dataclass(slots=True)
class Plan:
    people: Sequence[Character]
    works: list[Work]
    drawn: list[Sequence[Drawn]]
    rounds: list[list[Mint]]
    """Mints of the same block: at most one of each work, so that the ids are known."""
    chapters: list[Chapter]
    standing: list[Wish]
    """Orders that are open in the end."""
    owners: dict[Item, int]
    """Of the tokens that are no edition, in the end."""
    sold: int
    """How often a token, or units of one, change hands for money."""

    def sells(self, who: int) -> list[int]:
        """The works of which somebody lists a token or accepts an offer for one."""
        wishes = [*self.standing, *(wish for chapter in self.chapters for wish in chapter.wishes)]
        listed = {wish.work for wish in wishes if wish.kind == "list" and wish.maker == who}
        deeds = [deed for chapter in self.chapters for deed in chapter.deeds if deed.what == "accept"]
        return sorted(listed | {deed.item.work for deed in deeds if deed.item is not None and deed.who == who})
