"""Far Moons: planets with bands, rings and satellites, over a dark sky."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from steadymint.demo.showcase.art.canvas import SIDE, Canvas, Colour, around, mixed, of_hex

SKIES: Final = {
    "Midnight": ("050816", "1b2a52"),
    "Plum": ("1a0b2e", "5b2a6f"),
    "Deep sea": ("03151a", "0d4f56"),
    "Ember": ("1c0806", "6e2b1a"),
}
WORLDS: Final = {
    "Sandstone": ("e3b27a", "c98652", "8f5a3a"),
    "Ice": ("e6f3fa", "b4d7e8", "7ba7c7"),
    "Jade": ("a9dcb4", "62b28a", "2f7a66"),
    "Rose": ("f6c6c2", "df8b94", "a85470"),
    "Basalt": ("8a8d98", "5b5e6b", "33353f"),
    "Aurum": ("ffe9a3", "f0c23b", "b07c12"),
}
RINGS: Final = {None: 48, "Thin": 26, "Wide": 17, "Double": 9}
LIFE: Final = {None: 82, "Lighthouse": 12, "Whale": 6}


@dataclass(frozen=True, slots=True)
class Moonscape:
    """One planet and what turns around it."""

    number: int
    sky: str
    world: str
    rings: str | None
    life: str | None
    moons: int

    @property
    def name(self) -> str:
        return f"Far Moon #{self.number}"

    def attributes(self) -> list[dict[str, object]]:
        worn = {"Sky": self.sky, "World": self.world, "Rings": self.rings, "Life": self.life}
        traits: list[dict[str, object]] = [{"traitType": kind, "value": value} for kind, value in worn.items() if value]
        return [*traits, {"traitType": "Moons", "value": self.moons, "displayType": "number", "maxValue": 6}]

    def picture(self) -> bytes:
        dice = random.Random(f"moon {self.number}")
        canvas = Canvas()
        top, bottom = (of_hex(text) for text in SKIES[self.sky])
        canvas.gradient(top, bottom)
        for _ in range(110):
            place = dice.uniform(0, SIDE), dice.uniform(0, SIDE)
            canvas.disc(place, dice.choice((0.8, 0.8, 1.2, 2.0)), mixed(bottom, (255, 255, 255), dice.uniform(0.4, 1)))
        centre, radius = (SIDE * 0.5, SIDE * 0.52), dice.uniform(122, 158)
        light, middle, dark = (of_hex(text) for text in WORLDS[self.world])
        self._rings(canvas, centre, radius, light, behind=True)
        self._world(canvas, dice, centre, radius, (light, middle, dark))
        self._rings(canvas, centre, radius, light, behind=False)
        for moon in range(self.moons):
            away = around(centre, radius + 56 + 13 * moon, dice.uniform(0, 360))
            canvas.disc(away, dice.uniform(7, 17), mixed(light, (255, 255, 255), 0.3))
        self._live(canvas, centre, radius)
        return canvas.png()

    def _world(
        self, canvas: Canvas, dice: random.Random, centre: tuple[float, float], radius: float, inks: tuple[Colour, ...]
    ) -> None:
        light, middle, dark = inks
        canvas.disc(centre, radius + 7, mixed(dark, light, 0.35))
        canvas.disc(centre, radius, middle)
        y = -radius
        while y < radius:
            band = dice.uniform(9, 34)
            colour = mixed(dice.choice(inks), middle, 0.35)
            for line in range(int(y), int(min(y + band, radius))):
                half = (radius * radius - line * line) ** 0.5
                canvas.rectangle(centre[0] - half, centre[1] + line, centre[0] + half, centre[1] + line + 1, colour)
            y += band
        for _ in range(5):
            spot = around(centre, dice.uniform(0, radius * 0.66), dice.uniform(0, 360))
            canvas.oval(spot, dice.uniform(8, 24), dice.uniform(5, 11), mixed(dark, middle, dice.uniform(0.2, 0.7)))
        # A shadow along one side, as thin discs that leave the lit part.
        for step in range(12):
            canvas.ring(centre, radius - step, radius - step, mixed(middle, dark, 0.8 - step * 0.06), 1.2)

    def _rings(
        self, canvas: Canvas, centre: tuple[float, float], radius: float, light: Colour, *, behind: bool
    ) -> None:
        """The rings behind the world are whole; in front of it only their lower half is seen."""
        if self.rings is None:
            return
        wide = {"Thin": (1.62,), "Wide": (1.5, 1.58, 1.66, 1.74), "Double": (1.45, 1.85)}[self.rings]
        for place, share in enumerate(wide):
            colour = mixed(light, (255, 255, 255), 0.1 + 0.2 * (place % 2))
            if behind:
                canvas.ring(centre, radius * share, radius * share * 0.26, colour, 5)
                continue
            points = [
                (centre[0] + x * radius * share, centre[1] + radius * share * 0.26 * (1 - x * x) ** 0.5)
                for x in (step / 40 - 1 for step in range(81))
            ]
            canvas.line(points, colour, 5)

    def _live(self, canvas: Canvas, centre: tuple[float, float], radius: float) -> None:
        x, y = centre[0], centre[1] - radius
        if self.life == "Lighthouse":
            canvas.polygon([(x - 13, y + 6), (x - 8, y - 62), (x + 8, y - 62), (x + 13, y + 6)], of_hex("f5f1e8"))
            canvas.rectangle(x - 11, y - 40, x + 11, y - 24, of_hex("c6362f"))
            canvas.disc((x, y - 70), 12, of_hex("ffe89a"))
        elif self.life == "Whale":
            canvas.oval((x, y - 34), 62, 26, of_hex("6d8fb3"))
            canvas.polygon([(x + 50, y - 38), (x + 92, y - 66), (x + 84, y - 32), (x + 94, y - 8)], of_hex("6d8fb3"))
            canvas.disc((x - 40, y - 38), 4, of_hex("0d1726"))


def moonscapes(count: int, dice: random.Random) -> list[Moonscape]:
    """The first `count` moonscapes."""
    return [
        Moonscape(
            number,
            dice.choices(list(SKIES), [40, 28, 20, 12])[0],
            dice.choices(list(WORLDS), [28, 24, 20, 15, 10, 3])[0],
            dice.choices(list(RINGS), list(RINGS.values()))[0],
            dice.choices(list(LIFE), list(LIFE.values()))[0],
            dice.choices([1, 2, 0, 3, 4, 6], [32, 26, 18, 13, 8, 3])[0],
        )
        for number in range(1, count + 1)
    ]
