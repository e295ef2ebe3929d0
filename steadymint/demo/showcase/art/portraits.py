"""The pictures of people, and the wide pictures above collections."""

from __future__ import annotations

import math
import random
from typing import Final

from steadymint.demo.showcase.art.canvas import Canvas, Colour, mixed, of_hex

AVATAR: Final = 256
BANNER: Final = (1200, 360)
_GROUNDS: Final = ("f2cc8f", "81b29a", "e07a5f", "a2d2ff", "cdb4db", "ffafcc", "b7e4c7", "ffd6a5", "90a8ed", "e9c46a")
_SKINS: Final = ("f6d7c3", "e8b997", "c68d63", "9c6644", "6f4a34")
_HAIR: Final = ("2b2118", "6b3e26", "b5651d", "d9a441", "8d99ae", "7b2d43", "1d3557")
_CLOTHES: Final = ("264653", "e76f51", "2a9d8f", "6d597a", "355070", "bc4749", "386641")


def avatar(name: str) -> bytes:
    """A head in a disc, drawn from a name. A PNG."""
    dice = random.Random(f"avatar {name}")
    ground, skin, hair, cloth = (of_hex(dice.choice(some)) for some in (_GROUNDS, _SKINS, _HAIR, _CLOTHES))
    canvas = Canvas(AVATAR, AVATAR, ground)
    middle = AVATAR / 2
    canvas.oval((middle, AVATAR + 22), 92, 84, cloth)
    if long := dice.random() < 0.5:
        canvas.oval((middle, 128), 70, 86, hair)
    canvas.rectangle(middle - 17, 150, middle + 17, 196, mixed(skin, (0, 0, 0), 0.1))
    canvas.oval((middle, 118), 52, 62, skin)
    canvas.slice((middle, 106), 62 if long else 58, 180, 360, hair)
    if dice.random() < 0.3:
        canvas.oval((middle, 54), 24, 22, hair)
    for side in (-1, 1):
        canvas.disc((middle + side * 20, 122), 5, of_hex("23201d"))
        if len(name) % 3 == 0:
            canvas.ring((middle + side * 20, 122), 15, 14, of_hex("33302c"), 2.5)
    canvas.slice((middle, 140), 15, 20, 160, mixed(skin, (120, 20, 20), 0.5))
    return canvas.png()


def banner(name: str, colours: tuple[str, ...]) -> bytes:
    """Hills or waves in a collection's colours. A PNG."""
    dice = random.Random(f"banner {name}")
    sky, *inks = (of_hex(text) for text in colours)
    width, height = BANNER
    canvas = Canvas(width, height, sky)
    canvas.gradient(mixed(sky, (255, 255, 255), 0.25), sky)
    canvas.disc((width * dice.uniform(0.6, 0.85), height * 0.4), 78, mixed(sky, inks[0], 0.6))
    for layer, ink in enumerate(_deepening(inks)):
        base, phase = height * (0.45 + 0.13 * layer), dice.uniform(0, math.tau)
        line = [
            (x, base + 30 * math.sin(x / (120 + 22 * layer) + phase) + 12 * math.sin(x / 37 + 2 * phase))
            for x in range(0, width + 12, 12)
        ]
        canvas.polygon([*line, (width, height), (0, height)], ink)
    return canvas.png()


def _deepening(inks: list[Colour]) -> list[Colour]:
    """Four colours, from the first to the last."""
    first, last = inks[0], inks[-1]
    return [mixed(first, last, step / 3) for step in range(4)]
