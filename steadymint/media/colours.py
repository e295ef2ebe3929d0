"""Colours of a picture: to sRGB, to a GIF's palette."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

import numpy as np
from PIL import Image, ImageChops, ImageCms

MAX_COLOURS: Final = 256

_SRGB: Final = ImageCms.createProfile("sRGB")


class ToSrgb:
    """Takes a picture's pixels to sRGB, which is what a picture without a profile is shown as. Then needs no profile.

    A profile that cannot be used, or that is sRGB already, changes nothing. A printer's colours (CMYK) become RGB.
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
        """The picture in sRGB: itself if there is nothing to do."""
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
    """RGBA frames as frames of a palette, pixel for pixel where a frame has at most 256 colours.

    A GIF whose every frame has a palette of its own may show more at once; such a frame is reduced.
    """

    def __init__(self) -> None:
        self._index: np.ndarray | None = None

    def __call__(self, image: Image.Image) -> Image.Image:
        """The frame in mode P; transparent pixels, if any, have the index in `info["transparency"]`."""
        if image.mode == "P":
            return image
        rgba = image.convert("RGBA")
        opaque = rgba.getchannel("A").point([0] * 128 + [255] * 128)
        clear = opaque.getextrema()[0] == 0
        # Clear pixels have colours too; they take one that is seen anyway, so that they do not count as more.
        seen = np.asarray(rgba)[np.unravel_index(np.argmax(np.asarray(opaque)), opaque.size[::-1])]
        rgb = Image.new("RGB", rgba.size, tuple(int(part) for part in seen[:3]))
        rgb.paste(rgba.convert("RGB"), mask=opaque)
        room = MAX_COLOURS - clear
        colours = rgb.getcolors(room)
        made = self._exact(rgb, colours) if colours else rgb.quantize(room)
        made.info.clear()
        if clear:
            made.paste(room, mask=ImageChops.invert(opaque))
            made.info["transparency"] = room
        return made

    def _exact(self, rgb: Image.Image, colours: Sequence[tuple[int, Any]]) -> Image.Image:
        if self._index is None:
            self._index = np.zeros(1 << 24, np.uint8)  # 16 MB once, instead of a sort for each frame
        palette = np.array([colour for _, colour in colours], np.uint32)
        self._index[_packed(palette)] = np.arange(len(palette), dtype=np.uint8)
        indices = self._index[_packed(np.asarray(rgb).astype(np.uint32))]
        made = Image.frombytes("P", rgb.size, indices.tobytes())
        made.putpalette(palette.astype(np.uint8).tobytes(), "RGB")
        return made


def _packed(rgb: np.ndarray) -> np.ndarray:
    return rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]
