"""Paper Gardens: flowers cut from coloured paper."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from steadymint.demo.showcase.art.canvas import SIDE, Canvas, Colour, around, mixed, of_hex

PAPERS: Final = {"Cream": "f4ead7", "Sky": "cfe3ee", "Blush": "f3d4cd", "Moss": "c9d5b5", "Ink": "1f2a44"}
PETALS: Final = {"Poppy": "d9482b", "Marigold": "eda01c", "Violet": "6c4bb0", "Cornflower": "3167b8", "Pearl": "fdf8ef"}
SHAPES: Final = {"Daisy": 11, "Tulip": 5, "Dahlia": 17, "Star": 7}
"""How many petals a flower of the shape has."""
VISITORS: Final = {None: 70, "Bee": 18, "Ladybird": 9, "Moon moth": 3}
_LEAVES: Final = ("3c6e47", "5a8f4e", "2c5548", "789a4b")


@dataclass(frozen=True, slots=True)
class Garden:
    """One sheet of paper, with flowers."""

    number: int
    paper: str
    petals: str
    shape: str
    visitor: str | None
    stems: int

    @property
    def name(self) -> str:
        return f"Paper Garden #{self.number}"

    def attributes(self) -> list[dict[str, object]]:
        worn = {"Paper": self.paper, "Petals": self.petals, "Shape": self.shape, "Visitor": self.visitor}
        traits: list[dict[str, object]] = [{"traitType": kind, "value": value} for kind, value in worn.items() if value]
        return [*traits, {"traitType": "Stems", "value": self.stems, "displayType": "number", "maxValue": 7}]

    def picture(self) -> bytes:
        dice = random.Random(f"garden {self.number}")
        ground = of_hex(PAPERS[self.paper])
        canvas = Canvas(ground=ground)
        canvas.disc((SIDE * 0.72, SIDE * 0.26), 92, mixed(ground, (255, 255, 255), 0.35))
        canvas.polygon([(0, 520), (190, 468), (420, 505), (SIDE, 455), (SIDE, SIDE), (0, SIDE)], of_hex(_LEAVES[2]))
        for stem in range(self.stems):
            x = SIDE * (stem + 1) / (self.stems + 1) + dice.uniform(-16, 16)
            self._flower(canvas, dice, x, dice.uniform(170, 350), dice.uniform(52, 74) - 3 * self.stems)
        canvas.polygon([(0, 560), (240, 520), (SIDE, 566), (SIDE, SIDE), (0, SIDE)], of_hex(_LEAVES[0]))
        self._visit(canvas)
        return canvas.png()

    def _flower(self, canvas: Canvas, dice: random.Random, x: float, y: float, size: float) -> None:
        green = of_hex(dice.choice(_LEAVES))
        foot = x + dice.uniform(-24, 24)
        canvas.line([(x, y), ((x + foot) / 2 + 10, (y + 560) / 2), (foot, 560)], green, 9)
        for side in (-1, 1):
            middle = (x + foot) / 2 + 8, y + (560 - y) * dice.uniform(0.45, 0.7)
            tip = middle[0] + side * 78, middle[1] - 46
            canvas.polygon(
                [middle, (middle[0] + side * 30, middle[1] - 48), tip, (tip[0] - side * 30, tip[1] + 40)], green
            )
        colour = of_hex(PETALS[self.petals])
        count = SHAPES[self.shape]
        for layer, shade in ((1.0, mixed(colour, (0, 0, 0), 0.16)), (0.74, colour)):
            for petal in range(count):
                direction = 360 * petal / count + (180 / count if layer < 1 else 0)
                self._petal(canvas, (x, y), size * layer, direction, shade)
        canvas.disc((x, y), size * 0.3, of_hex("f6c443" if self.petals != "Marigold" else "6b3a1e"))
        canvas.disc((x, y), size * 0.16, of_hex("b9731d"))

    def _petal(
        self, canvas: Canvas, centre: tuple[float, float], size: float, direction: float, colour: Colour
    ) -> None:
        if self.shape == "Daisy" or self.shape == "Dahlia":
            canvas.disc(around(centre, size * 0.72, direction), size * 0.3, colour)
            return
        wide = 28 if self.shape == "Tulip" else 17
        edge = size * (0.86 if self.shape == "Tulip" else 0.5)
        points = [around(centre, edge, direction - wide), around(centre, size * 1.14, direction)]
        canvas.polygon([centre, *points, around(centre, edge, direction + wide)], colour)

    def _visit(self, canvas: Canvas) -> None:
        x, y = SIDE * 0.24, SIDE * 0.2
        if self.visitor == "Bee":
            canvas.oval((x - 8, y - 20), 16, 22, of_hex("e8f1f5"))
            canvas.oval((x, y), 30, 20, of_hex("f2b632"))
            for stripe in (-10, 6):
                canvas.rectangle(x + stripe - 4, y - 18, x + stripe + 4, y + 18, of_hex("2b2118"))
        elif self.visitor == "Ladybird":
            canvas.disc((x, y), 26, of_hex("cf2f2a"))
            canvas.disc((x + 22, y), 13, of_hex("201a1a"))
            for dot in ((-8, -10), (-10, 10), (8, -4)):
                canvas.disc((x + dot[0], y + dot[1]), 5, of_hex("201a1a"))
        elif self.visitor == "Moon moth":
            for side in (-1, 1):
                canvas.polygon(
                    [(x, y), (x + side * 66, y - 46), (x + side * 44, y + 20), (x + side * 26, y + 74)],
                    of_hex("a8e0c4"),
                )
                canvas.disc((x + side * 38, y - 12), 8, of_hex("5b3f8c"))
            canvas.oval((x, y + 4), 7, 30, of_hex("f4efe2"))


def gardens(count: int, dice: random.Random) -> list[Garden]:
    """The first `count` gardens."""

    def of(choices: dict[str, str] | dict[str, int]) -> str:
        # The later a value stands, the rarer it is.
        weights = [len(choices) - place for place in range(len(choices))]
        return dice.choices(list(choices), weights)[0]

    return [
        Garden(
            number,
            of(PAPERS),
            of(PETALS),
            of(SHAPES),
            dice.choices(list(VISITORS), list(VISITORS.values()))[0],
            dice.choices([3, 2, 4, 5, 1, 7], [30, 24, 20, 14, 9, 3])[0],
        )
        for number in range(1, count + 1)
    ]
