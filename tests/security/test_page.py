"""The security page says which attack is answered by which test. This holds it to what is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.support.syntax import nodes_of

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()

ROWS = {
    "S": "01 02 04 05 07 08 10 11 13 14 16 17 19 20 22 23 25 26 28 29 31 32 34 35",
    "N": "01 02 04 05 07 08 10 11 13 14 16 17",
    "G": "02 03 05 06",
    "C": "01 02 04 05 07 08 10 11 13 14 16 17 19 20",
    "R": "02 03 05 06 08 09 11 12 14 15 17 18 20 21 23 24",
    "I": "01 02 04 05 07 08 10 11 13 14 16 17 19 20",
    "O": "01 02 03 04 05 06 07 08 09 10 11 12 13 14",
    "X": "01 02 04 05 07 08 10 11 13 14 16 17 19 20 22 23",
    "M": "02 03 05 06 08 09 11 12 14 15 17 18 20",
    "U": "01 03 04 06 07 09 10 12 13 15",
    "A": "01 03 04 06 07 09 10 12 13 15 16 18 19 21 22",
    "T": "02 03 05 06 08 09 11 12",
}
"""The attack cases the project is checked against."""
ALL = [f"{section}{number}" for section, numbers in ROWS.items() for number in numbers.split()]

_NAME = re.compile(r"`([a-z0-9_/]+\.py)::(test_[a-z0-9_]+)`")


def rows_of(page: str) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """What stands in the tables: row -> verdict, and the tests it names. A row that stands twice is an error."""
    found: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(r"[A-Z]\d\d", cells[0]):
            assert len(cells) == 4, line
            assert cells[0] not in found, f"{cells[0]} stands twice"
            found[cells[0]] = cells[2], _NAME.findall(cells[3])
    return found


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of the tests in a file, in classes or not; none if there is no such file."""
    file = ROOT / "tests" / path
    if not file.exists():
        return frozenset()
    return frozenset(
        node.name
        for node in nodes_of(file)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def test_every_attack_case_is_on_the_page_and_no_other() -> None:
    assert sorted(rows_of(PAGE)) == sorted(ALL)


@pytest.mark.parametrize("row", ALL)
def test_what_stands_has_a_test_and_what_does_not_has_a_reason(row: str) -> None:
    verdict, tests = rows_of(PAGE)[row]
    kind = next((kind for kind in ("stands", "in part", "not yet", "cannot arise") if verdict.startswith(kind)), None)
    assert kind is not None, verdict
    if kind in ("stands", "in part"):
        assert tests
    if kind != "stands":
        assert len(verdict) > len(kind) + 20, f"no reason: {verdict}"


def test_every_test_that_the_page_names_exists() -> None:
    named = _NAME.findall(PAGE)
    assert len(named) > len(ALL)
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_every_file_that_the_page_names_exists() -> None:
    files = re.findall(r"`((?:api|steadymint|workers|docs)/[\w/.-]+)`", PAGE) + [
        f"docs/{target}" for target in re.findall(r"\]\(([\w/.-]+\.md)\)", PAGE)
    ]
    assert files
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_a_page_with_a_mistake_would_be_noticed() -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith("| I07 "))
    assert "I07" not in rows_of(PAGE.replace(line, ""))
    with pytest.raises(AssertionError, match="stands twice"):
        rows_of(PAGE + "\n" + line)
    assert "test_i07_of_nobody" not in names_in("security/test_intent_inputs.py")
    assert names_in("security/test_of_nobody.py") == frozenset()
