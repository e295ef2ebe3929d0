"""Variants: smaller, never larger; what moves goes on moving."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from steadymint.domain.errors import MediaRefusedError
from steadymint.media import variants
from steadymint.media.decoder import Decoder, RenderedVariant
from steadymint.media.tasks import PictureLimits, widths_for
from tests.support.pictures import animated, encoded, scene

WIDTHS = (16, 48, 200)


def sizes(rendered: list[RenderedVariant]) -> list[tuple[int, int]]:
    return [(one.width, one.height) for one in rendered]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
async def test_every_width_is_made_and_none_is_wider_than_the_original(decoder: Decoder, kind: str) -> None:
    rendered = await decoder.render_variants(encoded(scene(), kind), WIDTHS)
    assert sizes(rendered) == [(16, 11), (48, 32), (96, 64)]
    for one in rendered:
        assert one.mime == "image/webp"
        with Image.open(BytesIO(one.data)) as image:
            assert (image.format, image.size) == ("WEBP", (one.width, one.height))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
async def test_pictures_of_every_mode_look_alike_when_smaller(decoder: Decoder, mode: str) -> None:
    image = (
        scene((96, 64), "L").convert("I;16").point(lambda level: level * 257) if mode == "I;16" else scene(mode=mode)
    )
    rendered = await decoder.render_variants(encoded(image, "PNG"), (32,))
    plain = scene(mode="L" if mode == "I;16" else mode).convert("RGB").resize((32, 21), Image.Resampling.LANCZOS)
    with Image.open(BytesIO(rendered[0].data)) as small:
        difference = [
            abs(one - other) for one, other in zip(small.convert("RGB").tobytes(), plain.tobytes(), strict=True)
        ]
    assert sum(difference) / len(difference) < 16


async def test_a_hole_stays_a_hole(decoder: Decoder) -> None:
    image = scene(mode="RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 48, 64))
    rendered = await decoder.render_variants(encoded(image, "PNG"), (48,))
    with Image.open(BytesIO(rendered[0].data)) as small:
        assert small.getpixel((5, 5))[3] == 0  # pyright: ignore[reportIndexIssue, reportOptionalSubscript]
        assert small.getpixel((40, 5))[3] == 255  # pyright: ignore[reportIndexIssue, reportOptionalSubscript]


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "AVIF"])
async def test_what_moves_goes_on_moving(decoder: Decoder, kind: str) -> None:
    frames = [scene(turn=turn) for turn in range(4)]
    upload = animated(frames, kind, [40, 50, 60, 70], **({} if kind == "AVIF" else {"loop": 2}))
    rendered = await decoder.render_variants(upload, WIDTHS, animated=True)
    assert sizes(rendered) == [(16, 11), (48, 32), (96, 64)]
    for one in rendered:
        with Image.open(BytesIO(one.data)) as image:
            durations = []
            for frame in range(image.n_frames):  # pyright: ignore[reportAttributeAccessIssue]
                image.seek(frame)
                image.load()
                durations.append(image.info["duration"])
            assert durations == [40, 50, 60, 70]
            assert kind == "AVIF" or image.info["loop"] == 2


async def test_the_picture_before_an_apng_is_no_frame_of_its_variants(decoder: Decoder) -> None:
    upload = animated([scene(turn=turn) for turn in range(4)], "PNG", [50, 60, 70], default_image=True)
    rendered = await decoder.render_variants(upload, (16,), animated=True)
    with Image.open(BytesIO(rendered[0].data)) as image:
        assert image.n_frames == 3  # pyright: ignore[reportAttributeAccessIssue]


def test_of_a_long_animation_the_narrow_variants_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(animated([scene(turn=turn) for turn in range(4)], "GIF", [40] * 4))
    limits = PictureLimits(10**6, 10**6, 10)
    monkeypatch.setattr(variants, "MAX_ANIMATION_PIXELS", 4 * 48 * 32)
    made = variants.render(tmp_path / "a", tmp_path, WIDTHS, limits, required=True)
    assert [one.width for one in made] == [16, 48]
    monkeypatch.setattr(variants, "MAX_ANIMATION_PIXELS", 1)
    made = variants.render(tmp_path / "a", tmp_path, WIDTHS, limits, required=True)
    assert [one.width for one in made] == [16]
    assert variants.render(tmp_path / "a", tmp_path, WIDTHS, limits, required=False) == []


async def test_a_stored_file_that_is_damaged_is_refused(decoder: Decoder, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(encoded(scene(), "PNG")[:200])
    with pytest.raises(MediaRefusedError):
        await decoder.render_variants(tmp_path / "a", WIDTHS)


@pytest.mark.parametrize(
    ("width", "made"), [(10, [10]), (64, [64]), (65, [64, 65]), (300, [64, 256, 300]), (5000, [64, 256, 512, 1024])]
)
def test_the_originals_width_stands_for_wider_ones(width: int, made: list[int]) -> None:
    assert widths_for(width, (1024, 64, 512, 256)) == made
