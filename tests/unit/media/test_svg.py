"""An SVG is read once, whatever is in it."""

from __future__ import annotations

from contextlib import suppress

import pytest

from steadymint.domain.errors import MediaRefusedError
from steadymint.media.svg import rasterise


@pytest.mark.parametrize("length", ["1" * 200_000 + "x", "1" + " " * 200_000 + "x", "1." * 100_000])
def test_a_length_that_is_made_to_be_hard_is_looked_at_once(length: str) -> None:
    """With an expression that can read a text in many ways, this test does not end."""
    with suppress(MediaRefusedError):
        rasterise(f'<svg xmlns="http://www.w3.org/2000/svg" width="{length}" height="1"/>'.encode())
