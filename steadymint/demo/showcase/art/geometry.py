"""Quiet Geometry: a grid of quarter circles, triangles and bars."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from steadymint.demo.showcase.art.canvas import SIDE, Canvas, Colour, mixed, of_hex

PALETTES: Final = {
    "Clay": ("efe6da", "c8553d", "588b8b", "2d3047", "f28f3b"),
    "Harbour": ("e7ecef", "274c77", "6096ba", "a3cef1", "e26d5c"),
    "Forest": ("f1efe7", "344e41", "588157", "a3b18a", "dda15e"),
    "Dusk": ("fbeee6", "5f0f40", "9a031e", "fb8b24", "0f4c5c"),
    "Mono": ("f5f5f2", "111111", "4b4b4b", "9a9a9a", "d6d6d0"),
    "Neon": ("14121f", "00f5d4", "f15bb5", "fee440", "9b5de5"),
}
RULES: Final = {"Arcs": 34, "Mosaic": 30, "Bars": 20, "Petals": 12, "Bullseye": 4}
GRIDS: Final = {"4 by 4": 4, "5 by 5": 5, "3 by 3": 3, "6 by 6": 6}
MARGIN: Final = 48


@dataclass(frozen=True, slots=True)
class Composition:
    """One grid of shapes."""

    number: int
    palette: str
    rule: str
    grid: str
    accents: int

    @property
    def name(self) -> str:
        return f"Quiet Geometry #{self.number}"

    def attributes(self) -> list[dict[str, object]]:
        return [
            {"traitType": "Palette", "value": self.palette},
            {"traitType": "Rule", "value": self.rule},
            {"traitType": "Grid", "value": self.grid},
            {"traitType": "Accents", "value": self.accents, "displayType": "number", "maxValue": 5},
        ]

    def picture(self) -> bytes:
        dice = random.Random(f"geometry {self.number}")
        ground, *inks = (of_hex(text) for text in PALETTES[self.palette])
        canvas = Canvas(ground=ground)
        cells = GRIDS[self.grid]
        size = (SIDE - 2 * MARGIN) / cells
        accents = set(dice.sample(range(cells * cells), self.accents))
        for place in range(cells * cells):
            left, top = MARGIN + size * (place % cells), MARGIN + size * (place // cells)
            ink = inks[-1] if place in accents else dice.choice(inks[:-1])
            self._cell(canvas, dice, (left, top, size), ink, mixed(ground, ink, 0.16))
        return canvas.png()

    def _cell(
        self, canvas: Canvas, dice: random.Random, cell: tuple[float, float, float], ink: Colour, faint: Colour
    ) -> None:
        left, top, size = cell
        canvas.rectangle(left + 2, top + 2, left + size - 2, top + size - 2, faint)
        corners = [(left, top), (left + size, top), (left + size, top + size), (left, top + size)]
        corner = dice.randrange(4)
        middle = left + size / 2, top + size / 2
        if self.rule == "Arcs":
            canvas.slice(corners[corner], size - 2, 90 * corner, 90 * corner + 90, ink)
            canvas.slice(corners[corner], size * 0.42, 90 * corner, 90 * corner + 90, faint)
        elif self.rule == "Mosaic":
            canvas.polygon([corners[corner], corners[corner - 1], corners[corner - 2]], ink)
        elif self.rule == "Bars":
            for bar in range(3):
                start, end = size * (2 * bar + 0.5) / 6, size * (2 * bar + 1.5) / 6
                if corner % 2:
                    canvas.rectangle(left + start, top + 2, left + end, top + size - 2, ink)
                else:
                    canvas.rectangle(left + 2, top + start, left + size - 2, top + end, ink)
        elif self.rule == "Petals":
            for turned in (corner, corner + 2):
                canvas.slice(corners[turned % 4], size - 2, 90 * (turned % 4), 90 * (turned % 4) + 90, ink)
        else:
            for step in range(4):
                canvas.disc(middle, size * (0.48 - 0.12 * step), ink if step % 2 == 0 else faint)


def compositions(count: int, dice: random.Random) -> list[Composition]:
    """The first `count` compositions."""
    palettes = list(PALETTES)
    return [
        Composition(
            number,
            dice.choices(palettes, [28, 24, 20, 14, 10, 4])[0],
            dice.choices(list(RULES), list(RULES.values()))[0],
            dice.choices(list(GRIDS), [40, 30, 20, 10])[0],
            dice.choices([1, 2, 3, 4, 5], [34, 28, 20, 12, 6])[0],
        )
        for number in range(1, count + 1)
    ]
