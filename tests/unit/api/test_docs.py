"""The examples of the documentation are what the API would answer."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from api.accounts.bodies import follows, leaving, users
from api.catalog.bodies import accounts, activity, chains, collections, search, tokens

DOCS = Path(__file__).parents[3] / "docs"
PAGES = ("catalog.md", "people.md")
BODIES = (accounts, activity, chains, collections, search, tokens, follows, leaving, users)
EXAMPLES = [
    found for page in PAGES for found in re.findall(r"```json (\w+)\n(.*?)```", (DOCS / page).read_text(), flags=re.S)
]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_an_example_has_the_shape_that_openapi_states(name: str, example: str) -> None:
    body = next(getattr(module, name) for module in BODIES if hasattr(module, name))
    TypeAdapter(body).validate_json(json.dumps(json.loads(example)), strict=True)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6
