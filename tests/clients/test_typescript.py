"""The TypeScript client as a package: its types, and what of it a page has to load."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.api_document import api_document
from tests.support.typescript import CLIENT, TSC, build_client, run_node

GENERATED = CLIENT / "src" / "generated"
AGAIN = "run `make clients`, and commit what it writes"


def document() -> dict[str, Any]:
    return api_document()


def operations(document: dict[str, Any]) -> set[str]:
    """The names of the routes, and of the webhooks, which are operations of the receiver."""
    paths = (*document["paths"].values(), *document["webhooks"].values())
    return {operation["operationId"] for path in paths for operation in path.values()}


async def test_the_committed_types_are_those_of_the_apis_document(tmp_path: Path) -> None:
    source = tmp_path / "openapi.json"
    source.write_text(json.dumps(document()))
    code, printed = await run_node("scripts/generate.mjs", str(source), f"{tmp_path.as_uri()}/")
    assert code == 0, printed
    for name in ("api.ts", "lists.ts"):
        assert (tmp_path / name).read_text() == (GENERATED / name).read_text(), f"{name} is old: {AGAIN}"


def test_the_client_has_every_operation_of_the_document() -> None:
    types = (GENERATED / "api.ts").read_text()
    listed = types[types.index("export interface operations {") :]
    assert set(re.findall(r"^    (\w+): \{$", listed, re.MULTILINE)) == operations(document())


@pytest.mark.slow
async def test_the_client_and_its_tests_compile() -> None:
    """`types.ts` among them: each form of viem's wallet client is a wallet, and wrong calls do not compile."""
    await build_client()
    code, printed = await run_node(TSC, "-p", "tests")
    assert code == 0, printed


async def test_a_page_loads_only_what_it_imports_and_nothing_of_viem() -> None:
    await build_client()
    code, printed = await run_node("tests/bundle.mjs")
    assert code == 0, printed
    bundles = json.loads(printed)
    for name, bundle in bundles.items():
        print(f"{name}: {bundle['bytes']} bytes, {bundle['compressed']} compressed")
        packages = {path.split("/")[1] for path in bundle["used"] if path.startswith("node_modules/")}
        assert packages == {"openapi-fetch"}, name
    assert "dist/orders.js" in bundles["all"]["used"]
    assert not {"dist/flow.js", "dist/upload.js", "dist/orders.js"} & set(bundles["sign-in"]["used"])
    assert not {"dist/wallet.js", "dist/events.js"} & set(bundles["lists"]["used"])
    assert max(bundle["compressed"] for bundle in bundles.values()) < 16 * 1024


async def test_what_the_client_does_without_an_api() -> None:
    """`units.test.ts`: whose session is kept, what is repeated, how a sign-out ends, what a wallet is asked."""
    code, printed = await run_node("--test-timeout=30000", "--test", "tests/units.test.ts")
    assert code == 0, printed
