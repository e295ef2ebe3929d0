"""Numbers with their words."""

from __future__ import annotations

import re
from pathlib import Path

from steadymint.domain.counting import are, counted

ROOT = Path(__file__).parents[3]
COUNTED_BARE = re.compile(
    r"\{(?![A-Z_.]+\})[^{}\"]*[^{}\":,gd]\} (more )?"
    r"(confirmation|row|block|token|id|document|variant|flow|object|log|upload|time|name|intent|recipient|frame)s\b"
)
"""A number in a text whose word has one form only. Numbers that are constants stand in capitals."""


def test_one_is_told_from_many() -> None:
    assert [counted(number, "token") for number in (0, 1, 2)] == ["0 tokens", "1 token", "2 tokens"]
    assert [counted(number, "process", "processes") for number in (1, 2)] == ["1 process", "2 processes"]
    assert [are(number) for number in (0, 1, 2)] == ["are", "is", "are"]


def test_no_text_that_people_read_counts_one_as_many() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("api", "activities", "steadymint", "workers", "workflows")
        for path in (ROOT / folder).rglob("*.py")
        for line in path.read_text().splitlines()
        if COUNTED_BARE.search(line)
    ]
    assert not found, "\n".join(found)
