"""What is stored of an animation: its frames, their durations and its loop."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from steadymint.domain.errors import MediaRefusedError
from steadymint.media.tasks import PictureLimits
from tests.support.cleaning import cleaned, pixels
from tests.support.pictures import animated, scene


def shown(data: bytes) -> list[tuple[np.ndarray, float]]:
    """Every frame as it is seen, clear pixels alike, with its duration."""
    frames = []
    with Image.open(BytesIO(data)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frame = pixels(image)
            frame[frame[..., 3] == 0] = 0
            frames.append((frame, image.info.get("duration", 0)))
    return frames


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])  # Pillow 13 crashes when it writes such an AVIF
def test_an_animation_stands_as_its_camera_was_held(kind: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    frames = [scene(turn=turn) for turn in range(3)]
    made, stored = cleaned(animated(frames, kind, [40, 40, 40], exif=exif), tmp_path)
    assert (made.width, made.height, made.frames) == (64, 96, 3)
    with Image.open(BytesIO(stored)) as image:
        assert image.size == (64, 96)
        image.seek(2)
        assert abs(pixels(image) - pixels(frames[2].transpose(Image.Transpose.ROTATE_270))).mean() < 12


def moving(mode: str = "RGBA", frames: int = 5) -> list[Image.Image]:
    """Frames with a hole that moves and colours that change."""
    made = []
    for turn in range(frames):
        image = scene((24, 16), "RGBA", turn).quantize(24).convert("RGBA")
        if mode == "RGBA":
            image.paste((0, 0, 0, 0), (turn * 3, 2, turn * 3 + 6, 10))
        made.append(image.convert(mode))
    return made


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_an_animation_keeps_frames_durations_and_loop(kind: str, mode: str, tmp_path: Path) -> None:
    durations = [40, 50, 60, 70, 500]
    options = {"loop": 3} | ({"lossless": True, "exact": True} if kind == "WEBP" else {})
    if kind == "GIF":
        options["disposal"] = 2
    upload = animated(moving(mode), kind, durations, **options)
    made, stored = cleaned(upload, tmp_path)
    before, after = shown(upload), shown(stored)
    assert [duration for _, duration in after] == durations
    assert all((one == other).all() for (one, _), (other, _) in zip(before, after, strict=True))
    assert made.frames == 5
    with Image.open(BytesIO(stored)) as image:
        assert image.info["loop"] == 3


def test_an_avif_animation_keeps_frames_and_durations(tmp_path: Path) -> None:
    upload = animated(moving("RGB"), "AVIF", [40, 50, 60, 70, 500], quality=90)
    made, stored = cleaned(upload, tmp_path)
    before, after = shown(upload), shown(stored)
    assert [duration for _, duration in after] == [duration for _, duration in before]
    assert all(abs(one - other).mean() < 12 for (one, _), (other, _) in zip(before, after, strict=True))
    assert (made.mime, made.frames) == ("image/avif", 5)


def test_a_gif_that_is_shown_once_is_not_shown_for_ever(tmp_path: Path) -> None:
    _, stored = cleaned(animated(moving("RGB"), "GIF", [40] * 5), tmp_path)
    assert b"NETSCAPE" not in stored


@pytest.mark.parametrize("seed", range(24))
def test_a_gif_of_any_making_looks_the_same(seed: int, tmp_path: Path) -> None:
    chance = np.random.default_rng(seed)
    frames = []
    for _ in range(6):
        image = Image.fromarray(chance.integers(0, 4, (17, 19) if seed % 5 else (5, 7), dtype=np.uint8) * 60).convert(
            "P"
        )
        image.putpalette(chance.integers(0, 256, 768, dtype=np.uint8).tobytes() if seed % 2 else bytes(range(256)) * 3)
        if seed % 3:
            image.info["transparency"] = 60
        frames.append(image)
    disposal = [int(one) for one in chance.integers(0, 4, 6)]
    upload = animated(frames, "GIF", [30, 40, 50, 60, 70, 80], disposal=disposal)
    _, stored = cleaned(upload, tmp_path)
    # Equal neighbours are joined, so the pictures are compared moment by moment.
    assert all((one == other).all() for one, other in zip(moments(upload), moments(stored), strict=True))


def moments(data: bytes) -> list[np.ndarray]:
    """What is seen at every hundredth of a second."""
    return [frame for frame, duration in shown(data) for _ in range(round(duration) // 10)]


def test_an_apng_keeps_the_picture_for_those_who_know_no_apng(tmp_path: Path) -> None:
    frames = moving("RGB", 4)
    upload = animated(frames, "PNG", [50, 60, 70], default_image=True)
    _, stored = cleaned(upload, tmp_path)
    with Image.open(BytesIO(stored)) as image:
        assert image.info["default_image"]
        assert (pixels(image) == pixels(frames[0])).all()
        assert image.n_frames == 4  # pyright: ignore[reportAttributeAccessIssue]


def test_an_animation_whose_frames_are_equal_is_a_still(tmp_path: Path) -> None:
    made, stored = cleaned(animated([scene()] * 4, "GIF", [40] * 4), tmp_path)
    assert made.frames == len(shown(stored)) == 1


def test_the_limits_are_of_pixels_of_all_frames_and_of_frames(tmp_path: Path) -> None:
    upload = animated(moving("RGB"), "GIF", [40] * 5)
    size = 24 * 16
    cleaned(upload, tmp_path, PictureLimits(pixels=size, animation_pixels=5 * size, frames=5))
    for limits in (
        PictureLimits(size - 1, 5 * size, 5),
        PictureLimits(size, 5 * size - 1, 5),
        PictureLimits(size, 5 * size, 4),
    ):
        with pytest.raises(MediaRefusedError):
            cleaned(upload, tmp_path, limits)
