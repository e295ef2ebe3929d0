"""An SVG is read once, whatever is in it."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image

from steadymint.domain.errors import MediaRefusedError
from steadymint.media.svg import rasterise


@pytest.mark.parametrize("length", ["1" * 200_000 + "x", "1" + " " * 200_000 + "x", "1." * 100_000])
def test_a_length_that_is_made_to_be_hard_is_looked_at_once(length: str) -> None:
    """With an expression that can read a text in many ways, this test does not end."""
    with suppress(MediaRefusedError):
        rasterise(f'<svg xmlns="http://www.w3.org/2000/svg" width="{length}" height="1"/>'.encode())


SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{}</svg>"
RECTANGLE = SVG.format("<rect width='9' height='9' fill='{}'/>").replace("<", "%3C").replace(">", "%3E")


@pytest.mark.parametrize(("colour", "drawn"), [("%23ff0000", True), ("#ff0000", False)])
def test_a_nested_picture_is_drawn_whole_or_the_svg_is_refused(colour: str, drawn: bool) -> None:
    """The renderer ends the content of a `data:` address at `#` and leaves out what it cannot read."""
    href = "data:image/svg+xml;utf8," + RECTANGLE.format(colour)
    source = SVG.format(f'<image width="9" height="9" href="{href}"/>').encode()
    if not drawn:
        with pytest.raises(MediaRefusedError, match="%23"):
            rasterise(source)
        return
    picture = Image.open(BytesIO(rasterise(source))).convert("RGB")
    assert picture.getpixel((picture.width // 2, picture.height // 2)) == (255, 0, 0)
