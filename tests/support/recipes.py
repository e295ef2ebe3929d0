"""The code of the recipes in `docs/recipes`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

RECIPES = Path(__file__).parents[2] / "docs" / "recipes"


def blocks(recipe: str, language: str) -> list[str]:
    """The blocks of code of a page in this language."""
    text = (RECIPES / f"{recipe}.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def python_of(recipe: str) -> dict[str, Any]:
    """The names that the first block of Python defines."""
    names: dict[str, Any] = {}
    exec(compile(blocks(recipe, "python")[0], f"{recipe}.md", "exec"), names)
    return names
