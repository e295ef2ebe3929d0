"""The page for operators has the saved views as `steadymint ops` prints them."""

from __future__ import annotations

import re
from pathlib import Path

from steadymint.cli.views import VIEWS

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"


def test_the_page_has_every_view_with_its_filter() -> None:
    table = PAGE.read_text().partition("| view | filter |\n|---|---|\n")[2].partition("\n\n")[0]
    shown = [re.fullmatch(r"\| (.+?) \| `(.+)` \|", line) for line in table.splitlines()]
    assert [row and row.groups() for row in shown] == [(view.name, view.query) for view in VIEWS]
