"""The site shows every page of the docs, and its references are made of the committed documents."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema

from docs_site.assembly import DOCS, assemble, configuration
from docs_site.links import faults
from tests.support.api_document import api_document

METHODS = {"get", "post", "put", "patch", "delete"}
RECIPES = DOCS / "recipes"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return api_document()


@pytest.fixture(scope="module")
def source(document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of the site, as the generator reads them."""
    folder = tmp_path_factory.mktemp("site") / "source"
    assemble(folder, document)
    return folder


def navigation(source: Path) -> list[str]:
    """The pages of the navigation, in its order."""
    return list(_files(tomllib.loads(configuration(source, source / "html"))["project"]["nav"]))


def _files(entries: list[dict[str, Any]]) -> Iterator[str]:
    for entry in entries:
        for value in entry.values():
            if isinstance(value, str):
                yield value
            else:
                yield from _files(value)


def test_each_page_is_in_the_navigation_once(source: Path) -> None:
    pages = sorted(str(page.relative_to(source)) for page in source.rglob("*.md"))
    assert sorted(navigation(source)) == pages
    assert {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} <= set(pages)


def test_each_recipe_is_listed_with_its_title() -> None:
    listed = dict(re.findall(r"^\| \[(.+)\]\((.+\.md)\) \|", (RECIPES / "index.md").read_text(), re.MULTILINE))
    titles = {
        page.read_text().partition("\n")[0].removeprefix("# "): page.name
        for page in RECIPES.glob("*.md")
        if page.name != "index.md"
    }
    assert listed == titles


def test_the_api_reference_has_each_route_of_the_document(source: Path, document: dict[str, Any]) -> None:
    written = "\n".join(page.read_text() for page in (source / "api").glob("*.md"))
    routes = [
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
        if method in METHODS
    ]
    assert len(routes) > 100
    assert [route for route in routes if route not in written] == []


def test_the_graphql_reference_has_each_operation_of_the_committed_schema(source: Path) -> None:
    schema = build_schema((DOCS / "schema.graphql").read_text())
    written = (source / "graphql-schema.md").read_text()
    for root in (schema.query_type, schema.mutation_type, schema.subscription_type):
        assert root is not None
        assert [name for name in root.fields if f"### {name} " not in written] == []


def test_the_reference_of_webhooks_has_each_event_of_the_committed_schema(source: Path) -> None:
    schema = json.loads((DOCS / "webhook-events.schema.json").read_text())
    kinds = re.findall(r'"const": "([a-z_. ]+)"', json.dumps(schema))
    written = (source / "webhook-events.md").read_text()
    assert kinds
    assert [kind for kind in kinds if kind not in written] == []


def test_a_broken_link_is_told(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        '<h1 id="top"></h1><a href="other/">x</a><a href="#top">y</a><a href="#no">z</a>'
    )
    told = "\n".join(faults(tmp_path))
    assert "other/" in told
    assert "#no" in told
    assert "#top" not in told
