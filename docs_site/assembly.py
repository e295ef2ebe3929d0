"""Puts the sources of the site into one folder: written pages, generated ones, and what they are shown with."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Final

from docs_site import api_reference, graphql_reference, webhook_reference
from docs_site.schemas import Schema

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
HERE: Final = ROOT / "docs_site"
MODULES: Final = HERE / "node_modules"
SERVED: Final = {
    "assets/mermaid.js": "@mermaid-js/tiny/dist/mermaid.tiny.js",
    "assets/inter.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "assets/inter-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    "assets/jetbrains-mono.woff2": "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
}
"""Path on the site -> file of a package."""
_MARKED: Final = re.compile(r"^(```\w+) .*$", re.MULTILINE)


def assemble(target: Path, document: Schema) -> None:
    """Write all sources below `target`, which is emptied first. `document` is the OpenAPI document."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(DOCS, target)
    for page in target.rglob("*.md"):
        page.write_text(_from_docs(page.read_text()))
    (target / "contributing.md").write_text(_from_root((ROOT / "CONTRIBUTING.md").read_text()))
    for name, text in api_reference.pages(document).items():
        _write(target / "api" / name, text)
    _write(
        target / "webhook-events.md",
        webhook_reference.page(json.loads((DOCS / "webhook-events.schema.json").read_text())),
    )
    if (schema := DOCS / "schema.graphql").exists():
        _write(target / "graphql-schema.md", graphql_reference.page(schema.read_text()))
    for path, file in SERVED.items():
        _copy(MODULES / file, target / path)
    for file in (HERE / "theme").iterdir():
        _copy(file, target / "assets" / file.name)


def configuration(source: Path, html: Path) -> str:
    """`zensical.toml`, for the folder that holds both: the committed one, with the pages that are generated."""
    text = (HERE / "zensical.toml").read_text()
    api = ",\n".join(f'    {{ "{title}" = "api/{file}" }}' for title, file in api_reference.navigation())
    graphql = '{ "GraphQL" = "graphql-schema.md" },' if (source / "graphql-schema.md").exists() else ""
    filled = {"docs_dir": json.dumps(source.name), "site_dir": json.dumps(html.name), "api": api, "graphql": graphql}
    for name, value in filled.items():
        text = text.replace(f"@{name}@", value)
    return text


def _from_docs(text: str) -> str:
    """A page of `docs/`: its links to pages beside the folder, and blocks of code without the words that only our
    tests read, such as the name of a model."""
    text = text.replace("../CONTRIBUTING.md", "contributing.md").replace("../README.md", "index.md")
    return _MARKED.sub(r"\1", text)


def _from_root(text: str) -> str:
    """Links of a page of the repository's root to pages of `docs/`."""
    return text.replace("](docs/", "](")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text + "\n")


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
