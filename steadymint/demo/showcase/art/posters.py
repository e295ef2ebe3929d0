"""Tide Posters: an edition of prints, each of one bay at one hour of the tide."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Final

from steadymint.demo.showcase.art.canvas import SIDE, Canvas, mixed, of_hex

BAYS: Final = (
    ("Slack Water", "Ebb", ("f7e7ce", "e07a5f", "3d405b")),
    ("Spring Tide", "Flood", ("d8f3dc", "52b788", "1b4332")),
    ("Neap Morning", "Ebb", ("fde2e4", "e5989b", "6d6875")),
    ("The Bore", "Flood", ("caf0f8", "0096c7", "03045e")),
    ("Kelp and Salt", "Ebb", ("fefae0", "dda15e", "283618")),
    ("Last Ferry", "Flood", ("2b2d42", "ef233c", "edf2f4")),
)


@dataclass(frozen=True, slots=True)
class Poster:
    """One design of the edition."""

    number: int

    @property
    def name(self) -> str:
        return BAYS[self.number - 1][0]

    def attributes(self) -> list[dict[str, object]]:
        _, tide, _ = BAYS[self.number - 1]
        return [{"traitType": "Tide", "value": tide}, {"traitType": "Print", "value": "Two colours"}]

    def picture(self) -> bytes:
        dice = random.Random(f"poster {self.number}")
        ground, warm, deep = (of_hex(text) for text in BAYS[self.number - 1][2])
        canvas = Canvas(ground=ground)
        canvas.disc((SIDE * dice.uniform(0.35, 0.65), SIDE * 0.36), 118, warm)
        for wave in range(9):
            level, phase = 286 + 36 * wave, dice.uniform(0, math.tau)
            crest = [(x, level + 15 * math.sin(x / (48 + 5 * wave) + phase)) for x in range(0, SIDE + 12, 12)]
            canvas.polygon([*crest, (SIDE, SIDE), (0, SIDE)], mixed(mixed(ground, warm, 0.6), deep, wave / 8))
        for edge in ((0, 0, SIDE, 26), (0, SIDE - 26, SIDE, SIDE), (0, 0, 26, SIDE), (SIDE - 26, 0, SIDE, SIDE)):
            canvas.rectangle(*edge, mixed(ground, (255, 255, 255), 0.5))
        return canvas.png()


def posters(count: int, _: random.Random) -> list[Poster]:
    """The first `count` posters, at most six."""
    return [Poster(number) for number in range(1, min(count, len(BAYS)) + 1)]
