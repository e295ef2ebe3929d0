"""A file is what its first bytes are."""

from __future__ import annotations

import pytest

from steadymint.media.sniffing import HEAD, PictureFormat, format_of


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WEBP"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00avifmiaf", "AVIF"),
        (b"<svg>", "SVG"),
        (b"\xef\xbb\xbf <?xml version='1.0'?>\n<!-- one --><!-- two -->\n<svg xmlns='...'>", "SVG"),
        (b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN'>", "SVG"),
        (b"<x:svg>", "SVG"),
        (b"<svgs>", None),
        (b"<html><svg>", None),
        (b"<!-- <svg> -->", None),
        (b"", None),
    ],
)
def test_a_format_is_told_by_the_first_bytes(head: bytes, kind: PictureFormat | None) -> None:
    assert format_of(head) == kind


@pytest.mark.parametrize("unit", [b"<!---->", b"<?x?>", b"<!--", b"<!-- --> ", b"<?", b" ", b"<a:"])
def test_a_head_that_is_made_to_be_hard_is_looked_at_once(unit: bytes) -> None:
    """With an expression that goes back over what it has skipped, this test does not end."""
    assert format_of(unit * (HEAD // len(unit))) is None
