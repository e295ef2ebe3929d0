"""`docs/problems.md` tells front ends what each code means: all of them, under the status they come with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from steadymint.domain.errors import PROBLEM_CODES
from tests.support.api_document import api_document

PAGE = Path(__file__).parents[2] / "docs" / "problems.md"
ROW = re.compile(r"^\| (`[a-z_`, ]+`) \| ([0-9, ]+) \|", re.MULTILINE)


def test_every_code_that_a_route_declares_is_on_the_page_under_its_status() -> None:
    told = {
        (code, int(status))
        for codes, statuses in ROW.findall(PAGE.read_text())
        for code in re.findall(r"[a-z_]+", codes)
        for status in re.findall(r"[0-9]+", statuses)
    }
    declared = set(_problems(api_document()))
    assert declared
    assert not declared - told


def test_the_page_has_every_code_that_there_is_and_no_other() -> None:
    told = {code for codes, _ in ROW.findall(PAGE.read_text()) for code in re.findall(r"[a-z_]+", codes)}
    assert told == PROBLEM_CODES


def _problems(node: Any) -> list[tuple[str, int]]:
    """Code and status of every example of a problem below `node`."""
    if isinstance(node, list):
        return [found for one in node for found in _problems(one)]
    if not isinstance(node, dict):
        return []
    is_problem = isinstance(node.get("code"), str) and {"status", "title", "detail"} <= node.keys()
    own = [(node["code"], node["status"])] if is_problem else []
    return own + [found for one in node.values() for found in _problems(one)]
