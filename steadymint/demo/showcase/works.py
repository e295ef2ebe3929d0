"""The collections of the showcase: what their artists call them, and how they are drawn."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from steadymint.demo.artwork import lighthouses
from steadymint.demo.showcase.art.canvas import Drawn
from steadymint.demo.showcase.art.gardens import gardens
from steadymint.demo.showcase.art.geometry import compositions
from steadymint.demo.showcase.art.planets import moonscapes
from steadymint.demo.showcase.art.posters import BAYS, posters


@dataclass(frozen=True, slots=True)
class Work:
    """A collection before anybody has created it."""

    name: str
    symbol: str
    description: str
    draw: Callable[[int, random.Random], Sequence[Drawn]]
    colours: tuple[str, ...]
    """Of its banner: the sky, and the hills from the farthest to the nearest."""
    royalty_bps: int
    price: float
    """Around which its tokens are traded at first, in whole units of the chain's currency."""
    growth: float
    """By how much prices change in the weeks of the history, as a share."""
    standard: Literal["erc721", "erc1155"] = "erc721"


def _lighthouses(count: int, dice: random.Random) -> Sequence[Drawn]:
    return lighthouses(count, seed=dice.randrange(2**32))


EDITION_DESIGNS: Final = len(BAYS)

WORKS: Final = (
    Work(
        "Harbour Lights",
        "LIGHT",
        "Lighthouses of a coast that is on no map. Each has its own sky, sea and lamp, and some were lit before you "
        "were born.",
        _lighthouses,
        ("fbeee6", "f28f3b", "c8553d", "2d3047"),
        500,
        0.42,
        0.7,
    ),
    Work(
        "Paper Gardens",
        "PAPER",
        "Flowers that never fade, because they were cut from paper. Look for the moon moth: it comes to three sheets "
        "in a hundred.",
        gardens,
        ("cfe3ee", "edb518", "d9482b", "2c5548"),
        750,
        0.18,
        0.35,
    ),
    Work(
        "Quiet Geometry",
        "QUIET",
        "Quarter circles, triangles and bars on a grid. One rule for each sheet, and a few accents that break it.",
        compositions,
        ("e7ecef", "a3cef1", "6096ba", "274c77"),
        250,
        0.9,
        -0.2,
    ),
    Work(
        "Far Moons",
        "MOON",
        "Planets seen from the harbour on clear nights. The keepers say that whales live on some of them.",
        moonscapes,
        ("1b2a52", "5b2a6f", "3a1b52", "0b0f24"),
        500,
        0.3,
        1.4,
    ),
    Work(
        "Tide Posters",
        "TIDE",
        "Prints in two colours, in editions that anybody can afford. Each shows one bay at one hour of the tide.",
        posters,
        ("caf0f8", "52b2cf", "0096c7", "03045e"),
        1000,
        0.02,
        0.5,
        "erc1155",
    ),
)
