"""Cleaning uploads and making their variants, in decoder processes; and whether those grow.

The baseline does with bare Pillow, in this process, what cannot be done without: the same picture is decoded and
encoded again, at the same sizes. What we add is a process to ask, a file there and back, limits, orientation, colours
and a perceptual hash; what we save is that variants are made from each other.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from benchmarks.options import Options
from benchmarks.processes import resident_kib
from benchmarks.report import DidNotHappenError, Goal, Measure, of_samples
from steadymint.media.decoder import Decoder
from steadymint.media.variants import METHOD, QUALITY
from steadymint.settings import MediaSettings

PHOTO: Final = (4000, 3000)
ART: Final = (1200, 1200)
WIDTHS: Final = MediaSettings().variant_widths
GOAL_CLEAN, GOAL_VARIANTS = 2.0, 1.0
GOAL_GROWTH_MIB = 16.0


def picture(size: tuple[int, int], seed: int) -> Image.Image:
    """Soft shapes under fine grain, as a photo has them."""
    chance = np.random.default_rng(seed)
    coarse = Image.fromarray(chance.integers(0, 256, (12, 16, 3), dtype=np.uint8)).resize(
        size, Image.Resampling.BICUBIC
    )
    grain = chance.normal(0, 6, (size[1], size[0], 1))
    return Image.fromarray(np.clip(np.asarray(coarse) + grain, 0, 255).astype(np.uint8))


def encoded(image: Image.Image, kind: str) -> bytes:
    file = BytesIO()
    image.save(file, kind, quality=90)
    return file.getvalue()


def bare_clean(data: bytes) -> None:
    with Image.open(BytesIO(data)) as image:
        options = {"quality": "keep"} if image.format == "JPEG" else {}
        image.save(BytesIO(), image.format, **options)


def bare_variants(data: bytes) -> None:
    with Image.open(BytesIO(data)) as image:
        for width in WIDTHS:
            size = (width, round(image.height * width / image.width))
            image.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(
                BytesIO(), "WEBP", quality=QUALITY, method=METHOD
            )


async def side_by_side(
    times: int, ours: Callable[[], Awaitable[object]], bare: Callable[[], None]
) -> tuple[list[float], list[float]]:
    """Milliseconds of each, by turns."""
    samples: tuple[list[float], list[float]] = [], []
    for _ in range(times):
        begun = time.perf_counter()
        await ours()
        between = time.perf_counter()
        await asyncio.to_thread(bare)
        samples[0].append((between - begun) * 1000)
        samples[1].append((time.perf_counter() - between) * 1000)
    return samples


async def measure(options: Options) -> list[Measure]:
    """Photos one by one, then generated art as fast as all decoders can, then memory."""
    with tempfile.TemporaryDirectory(prefix="steadymint-bench-") as made:
        folder = Path(made)
        async with Decoder(MediaSettings()) as decoder:
            singles = await one_by_one(decoder, folder, options.of(15, 3))
            return [*singles, await throughput(decoder, folder, options.of(200, 20)), await growth(folder, options)]


async def one_by_one(decoder: Decoder, folder: Path, times: int) -> list[Measure]:
    photo, art = encoded(picture(PHOTO, 1), "JPEG"), encoded(picture(ART, 2), "PNG")
    return [
        *await _single("a JPEG of 12 megapixels", photo, decoder, folder, times),
        *await _single("a PNG of 1200 by 1200", art, decoder, folder, times),
    ]


async def _single(name: str, data: bytes, decoder: Decoder, folder: Path, times: int) -> list[Measure]:
    source, target = folder / "source", folder / "target"
    source.write_bytes(data)
    await decoder.clean(source, target)  # started and warm
    notes = {"bytes": len(data)}
    cleaned, bare = await side_by_side(times, lambda: decoder.clean(source, target), lambda: bare_clean(data))
    goal = Goal("ratio", "<=", GOAL_CLEAN)
    clean = _against(f"clean {name}", cleaned, bare, goal, "bare decode and encode", notes)
    rendered, bare = await side_by_side(
        times, lambda: decoder.render_variants(source, WIDTHS), lambda: bare_variants(data)
    )
    goal = Goal("ratio", "<=", GOAL_VARIANTS)
    return [clean, _against(f"variants of {name}", rendered, bare, goal, "each width from the original", notes)]


def _against(name: str, ours: list[float], bare: list[float], goal: Goal, what: str, notes: dict[str, int]) -> Measure:
    return of_samples(name, ours, "ms", baseline=statistics.median(bare), against=what, goal=goal, notes=notes)


async def throughput(decoder: Decoder, folder: Path, count: int) -> Measure:
    """Uploads of a generated collection, cleaned and rendered, by all decoders at once. Images per second."""
    pictures = [encoded(picture((512, 512), seed), "PNG") for seed in range(8)]

    async def one(number: int) -> None:
        source, target = folder / f"{number}.png", folder / f"{number}.cleaned"
        source.write_bytes(pictures[number % len(pictures)])
        await decoder.clean(source, target)
        if len(await decoder.render_variants(target, WIDTHS)) != 3:
            raise DidNotHappenError("a picture of 512 pixels has variants of 64, 256 and 512")

    begun = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(count)))
    rate = count / (time.perf_counter() - begun)
    begun = time.perf_counter()
    for number in range(min(count, 40)):
        await asyncio.to_thread(_bare_both, pictures[number % len(pictures)])
    bare = min(count, 40) / (time.perf_counter() - begun)
    notes = {"images": count, "decoders": MediaSettings().decoders}
    return Measure("pictures of 512 by 512, cleaned and rendered", rate, "1/s", bare, "bare, one thread", notes=notes)


def _bare_both(data: bytes) -> None:
    bare_clean(data)
    with Image.open(BytesIO(data)) as image:
        for width in (64, 256, 512):
            image.resize((width, width), Image.Resampling.LANCZOS).save(
                BytesIO(), "WEBP", quality=QUALITY, method=METHOD
            )


async def growth(folder: Path, options: Options) -> Measure:
    """What one decoder holds after many pictures, beyond what it held after a few."""
    before = _children()
    sources: list[Path] = []
    for kind in ("PNG", "JPEG", "WEBP", "GIF"):
        sources.append(folder / f"growth.{kind}")
        sources[-1].write_bytes(encoded(picture(ART, len(sources)), kind))
    async with Decoder(MediaSettings(decoders=1)) as decoder:

        async def some(count: int) -> int:
            for number in range(count):
                await decoder.clean(sources[number % 4], folder / "cleaned")
                await decoder.render_variants(folder / "cleaned", WIDTHS)
            (child,) = _children() - before
            return resident_kib(child)

        first = await some(12)
        last = await some(options.of(200, 16))  # fewer tasks than a decoder serves before it is replaced
    return Measure(
        "growth of a decoder over its pictures",
        (last - first) / 1024,
        "MiB",
        goal=Goal("median", "<=", GOAL_GROWTH_MIB),
        notes={"after 12 (MiB)": first // 1024, "at the end (MiB)": last // 1024},
    )


def _children() -> set[int]:
    """The decoder processes of this process."""
    found: set[int] = set()
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        for child in (task / "children").read_text().split():
            if b"decoder_process" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.add(int(child))
    return found
