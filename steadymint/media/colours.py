"""Conversions of a picture's colours: to sRGB, and to a GIF's palette."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageCms

MAX_COLOURS: Final = 256

_SRGB: Final = ImageCms.createProfile("sRGB")


def drawable(image: Image.Image) -> Image.Image:
    """The image in a mode whose pixels can be averaged. A palette's indices cannot, and 16-bit grey would be cut."""
    if image.mode.startswith("I"):
        return image.point(lambda level: level / 257).convert("L").convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


class ToSrgb:
    """Converts a picture's pixels to sRGB. Viewers show a picture without a profile in sRGB, so it needs no profile
    then.

    A profile that is unusable, or that is sRGB already, changes nothing. CMYK becomes RGB.
    """

    def __init__(self, image: Image.Image) -> None:
        self._transform: ImageCms.ImageCmsTransform | None = None
        raw = image.info.get("icc_profile")
        if not raw or image.mode not in {"RGB", "RGBA", "L", "LA", "P", "PA", "CMYK"}:
            return
        try:
            profile = ImageCms.ImageCmsProfile(BytesIO(raw))
            if "srgb" in ImageCms.getProfileDescription(profile).lower():
                return
            mode = self._mode_for(image, profile)
            output = "RGBA" if mode == "RGBA" else "RGB"
            self._transform = ImageCms.buildTransform(profile, _SRGB, mode, output)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            self._transform = None

    def __call__(self, image: Image.Image) -> Image.Image:
        """The picture in sRGB; the same object if there is nothing to do."""
        if self._transform is None:
            return image.convert("RGB") if image.mode in {"CMYK", "YCbCr", "LAB", "HSV"} else image
        mode = self._transform.input_mode
        prepared = image if image.mode == mode else image.convert(mode)
        return self._transform.apply(prepared)

    @staticmethod
    def _mode_for(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> str:
        space: str = profile.profile.xcolor_space.strip()  # pyright: ignore[reportAttributeAccessIssue]
        if space == "RGB":
            return "RGBA" if image.has_transparency_data else "RGB"
        if space == "GRAY" and image.mode == "L":
            return "L"
        if space == "CMYK" and image.mode == "CMYK":
            return "CMYK"
        raise ValueError("the profile is for another kind of picture")


class ToPalette:
    """Converts frames to a palette, exactly if a frame has at most 256 colours.

    A GIF with a palette per frame may show more colours at once. Such a frame is reduced.
    """

    def __init__(self) -> None:
        self._index: np.ndarray | None = None

    def __call__(self, image: Image.Image, *, clear: bool = False) -> Image.Image:
        """The frame in mode P. The colour of its transparent pixels is `info["transparency"]`; with `clear` there is
        one even if no pixel has it."""
        return self.exact(image, clear=clear) or self._reduced(image, clear=clear)

    def exact(self, image: Image.Image, *, clear: bool = False) -> Image.Image | None:
        """The same without a loss; None if the frame has too many colours."""
        mask = opaque_mask(image)
        clear = clear or mask.getextrema()[0] == 0
        rgb = _filled(image, mask)
        colours = rgb.getcolors(MAX_COLOURS - clear)
        if not colours:
            return None
        if self._index is None:
            self._index = np.zeros(1 << 24, np.uint8)  # 16 MB once, instead of a sort for each frame
        palette = np.array([colour for _, colour in colours], np.uint32)
        self._index[_packed(palette)] = np.arange(len(palette), dtype=np.uint8)
        indices = self._index[_packed(np.asarray(rgb).astype(np.uint32))]
        made = Image.frombytes("P", rgb.size, indices.tobytes())
        return _with_palette(made, palette.astype(np.uint8).tobytes(), mask if clear else None)

    def _reduced(self, image: Image.Image, *, clear: bool) -> Image.Image:
        mask = opaque_mask(image)
        clear = clear or mask.getextrema()[0] == 0
        made = _filled(image, mask).quantize(MAX_COLOURS - clear)
        return _with_palette(made, bytes(made.getpalette() or ()), mask if clear else None)


def opaque_mask(image: Image.Image) -> Image.Image:
    """A mask: 255 where the picture is at least half opaque, 0 elsewhere. A GIF has no more levels."""
    if not image.has_transparency_data:
        return Image.new("L", image.size, 255)
    return image.convert("RGBA").getchannel("A").point([0] * 128 + [255] * 128)


def _filled(image: Image.Image, mask: Image.Image) -> Image.Image:
    """The picture without transparency. Clear pixels get a colour that occurs anyway, so they add no colour."""
    rgb = image.convert("RGB")
    if mask.getextrema()[0] == 255:
        return rgb
    seen = np.asarray(rgb)[np.unravel_index(np.argmax(np.asarray(mask)), mask.size[::-1])]
    filled = Image.new("RGB", image.size, tuple(int(part) for part in seen))
    filled.paste(rgb, mask=mask)
    return filled


def _with_palette(indexed: Image.Image, palette: bytes, mask: Image.Image | None) -> Image.Image:
    """Set the palette. With a `mask`, a transparent colour is added after the palette's last."""
    indexed.info.clear()
    if mask is not None:
        colour = len(palette) // 3
        palette += b"\0\0\0"
        indexed.paste(colour, mask=ImageChops.invert(mask))
        indexed.info["transparency"] = colour
    indexed.putpalette(palette, "RGB")
    return indexed


def _packed(rgb: np.ndarray) -> np.ndarray:
    return rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]
