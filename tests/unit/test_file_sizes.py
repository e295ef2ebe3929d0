"""A file is one idea, and no Python file of the product or of its tests is longer than 300 lines."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = (
    "steadymint",
    "api",
    "workflows",
    "activities",
    "workers",
    "migrations",
    "contracts",
    "benchmarks",
    "tests",
)
LONGEST: Final = 300
"""Lines. A longer file usually holds two ideas."""


def lengths() -> dict[str, int]:
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py") if "node_modules" not in file.parts]
    return {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files}


def test_no_file_is_longer_than_one_idea_takes() -> None:
    found = lengths()
    assert len(found) > 900, "the search finds nothing any more"
    assert {name: lines for name, lines in found.items() if lines > LONGEST} == {}
