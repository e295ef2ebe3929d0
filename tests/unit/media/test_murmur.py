"""MurmurHash3 x64 128, its first half: the values that other implementations give for these texts."""

from __future__ import annotations

import pytest

from steadymint.media.murmur import murmur3_x64_64


@pytest.mark.parametrize(
    ("text", "hashed"),
    [
        (b"", "0000000000000000"),
        (b"hello", "cbd8a7b341bd9b02"),
        (b"The quick brown fox jumps over the lazy dog", "e34bbc7bbc071b6c"),
    ],
    ids=["nothing", "a tail", "blocks and a tail"],
)
def test_the_hash_is_the_one_that_everybody_has(text: bytes, hashed: str) -> None:
    assert murmur3_x64_64(text).hex() == hashed
