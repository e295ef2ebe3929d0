"""The artwork of the demo: a thousand pictures with traits, drawn from a seed."""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageDraw

SIZE: Final = 512
"""Pixels of a side."""
FIRST_DAY: Final = 1_700_000_000
"""Seconds since 1970: the day on which the oldest lighthouse was lit."""

# Each value with its weight. The last ones are rare, so that there is something to rank.
SKIES: Final = {"Noon": 30, "Dusk": 25, "Dawn": 20, "Storm": 14, "Night": 9, "Aurora": 2}
SEAS: Final = {"Calm": 40, "Swell": 30, "Breakers": 20, "Ice": 8, "Glass": 2}
TOWERS: Final = {"White": 34, "Red bands": 26, "Spiral": 18, "Stone": 14, "Iron": 6, "Gold": 2}
LAMPS: Final = {"Warm": 45, "Cold": 30, "Green": 15, "Red": 8, "Violet": 2}
FLAGS: Final = {None: 55, "Plain": 25, "Cross": 13, "Skull": 5, "Sun": 2}

_SKY: Final = {
    "Noon": ((120, 190, 250), (210, 235, 255)),
    "Dusk": ((70, 40, 90), (250, 140, 90)),
    "Dawn": ((250, 190, 170), (255, 240, 210)),
    "Storm": ((50, 60, 70), (120, 130, 140)),
    "Night": ((5, 8, 30), (25, 35, 80)),
    "Aurora": ((10, 20, 50), (40, 220, 150)),
}
_SEA: Final = {
    "Calm": (30, 90, 140),
    "Swell": (20, 80, 120),
    "Breakers": (40, 110, 130),
    "Ice": (190, 220, 235),
    "Glass": (90, 200, 200),
}
_TOWER: Final = {
    "White": ((245, 245, 240), (225, 225, 220)),
    "Red bands": ((245, 245, 240), (200, 40, 40)),
    "Spiral": ((245, 245, 240), (30, 50, 90)),
    "Stone": ((150, 140, 130), (130, 120, 110)),
    "Iron": ((70, 75, 80), (50, 55, 60)),
    "Gold": ((230, 190, 60), (200, 150, 30)),
}
_LAMP: Final = {
    "Warm": (255, 230, 150),
    "Cold": (220, 240, 255),
    "Green": (140, 255, 170),
    "Red": (255, 110, 100),
    "Violet": (210, 140, 255),
}
_FLAG: Final = {"Plain": (200, 60, 60), "Cross": (60, 90, 180), "Skull": (20, 20, 20), "Sun": (250, 200, 40)}


@dataclass(frozen=True, slots=True)
class Lighthouse:
    """The picture and the traits of one token."""

    number: int
    sky: str
    sea: str
    tower: str
    lamp: str
    flag: str | None
    height: int
    """Metres, 12 to 60."""
    lit_on: int
    """Seconds since 1970."""

    @property
    def name(self) -> str:
        return f"Lighthouse #{self.number}"

    def attributes(self) -> list[dict[str, Any]]:
        """The attributes for `POST /v1/metadata`. A lighthouse without a flag has no such trait."""
        worn = {"Sky": self.sky, "Sea": self.sea, "Tower": self.tower, "Lamp": self.lamp, "Flag": self.flag}
        traits: list[dict[str, Any]] = [{"traitType": name, "value": value} for name, value in worn.items() if value]
        traits.append({"traitType": "Height", "value": self.height, "displayType": "number", "maxValue": 60})
        traits.append({"traitType": "Lit on", "value": self.lit_on, "displayType": "date"})
        return traits

    def picture(self) -> bytes:
        """A PNG of `SIZE` by `SIZE` pixels. Waves and stars depend on the number, so no two pictures are the same."""
        dice = random.Random(self.number)
        image = Image.new("RGB", (SIZE, SIZE))
        draw = ImageDraw.Draw(image)
        self._draw_sky(draw, dice)
        self._draw_sea(draw, dice)
        self._draw_tower(draw)
        out = io.BytesIO()
        image.save(out, "PNG", compress_level=3)
        return out.getvalue()

    def _draw_sky(self, draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
        top, bottom = _SKY[self.sky]
        for y in range(0, SIZE, 4):
            share = y / SIZE
            draw.rectangle(
                (0, y, SIZE, y + 4), tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))
            )
        if self.sky in ("Night", "Aurora"):
            for _ in range(60):
                x, y = dice.randrange(SIZE), dice.randrange(SIZE // 2)
                draw.ellipse((x, y, x + 2, y + 2), (255, 255, 255))

    def _draw_sea(self, draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
        colour = _SEA[self.sea]
        level, phase = 390, dice.random() * math.tau
        rough = {"Calm": 3, "Swell": 10, "Breakers": 18, "Ice": 1, "Glass": 0}[self.sea]
        line = [(x, level + rough * math.sin(x / 28 + phase) + dice.random() * 3) for x in range(0, SIZE + 8, 8)]
        draw.polygon([*line, (SIZE, SIZE), (0, SIZE)], colour)

    def _draw_tower(self, draw: ImageDraw.ImageDraw) -> None:
        body, band = _TOWER[self.tower]
        top, base, middle = 318 - self.height * 3, 410, 256
        draw.polygon([(150, 440), (middle, 370), (362, 440)], (80, 70, 60))
        bands = 6
        for index in range(bands):
            upper, lower = top + (base - top) * index / bands, top + (base - top) * (index + 1) / bands
            shift = 6 if self.tower == "Spiral" else 0
            colour = band if index % 2 else body
            wide, wider = 22 + 4 * index, 22 + 4 * (index + 1)
            draw.polygon(
                [
                    (middle - wide, upper + shift),
                    (middle + wide, upper - shift),
                    (middle + wider, lower),
                    (middle - wider, lower),
                ],
                colour,
            )
        draw.ellipse((middle - 26, top - 44, middle + 26, top + 8), _LAMP[self.lamp])
        draw.polygon([(middle - 30, top - 36), (middle, top - 66), (middle + 30, top - 36)], (60, 40, 40))
        if self.flag is not None:
            draw.line((middle, top - 66, middle, top - 110), (60, 40, 40), 4)
            draw.polygon([(middle + 2, top - 110), (middle + 52, top - 98), (middle + 2, top - 84)], _FLAG[self.flag])


def lighthouses(count: int, *, seed: int = 1) -> list[Lighthouse]:
    """The first `count` lighthouses. The same seed gives the same ones."""
    dice = random.Random(seed)

    def one_of(weights: dict[Any, int]) -> Any:
        return dice.choices(list(weights), list(weights.values()))[0]

    return [
        Lighthouse(
            number,
            one_of(SKIES),
            one_of(SEAS),
            one_of(TOWERS),
            one_of(LAMPS),
            one_of(FLAGS),
            dice.randint(12, 60),
            FIRST_DAY + 86_400 * dice.randrange(700),
        )
        for number in range(1, count + 1)
    ]
