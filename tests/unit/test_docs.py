"""A page that names a file names one that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
NAMED = re.compile(
    r"`((?:steadymint|workflows|activities|workers|api|migrations|contracts|tests|docs|scripts)/[\w./-]+)`"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text()
    links = [page.parent / target for target in LINK.findall(text) if "://" not in target]
    named = [ROOT / target for target in NAMED.findall(text)]
    missing = [str(target) for target in links + named if not target.exists()]
    assert not missing, f"{page.name} names what is not there"
