"""What holds for every part of the catalog: what is not shown, what has not changed, what OpenAPI says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from pydantic import TypeAdapter

from api.catalog import bodies
from api.catalog.routes import PARTS
from api.market import bodies as market_bodies
from api.market.routes import collection_market, order_lists
from tests.support.catalog_rows import CHAIN, account, contract
from tests.support.catalog_sample import serving_sample
from tests.support.reads import Reads


@pytest.fixture
async def reads(database: str) -> AsyncIterator[Reads]:
    async with serving_sample(database) as found:
        yield found


@pytest.mark.parametrize("hidden", [contract(3), contract(4), contract(99)])
async def test_what_is_hidden_removed_or_unknown_is_404_in_every_part(reads: Reads, hidden: str) -> None:
    base = f"/v1/collections/{CHAIN}/{hidden}"
    for part in ("", "/tokens", "/tokens/1", "/traits", "/holders", "/activity", "/stats"):
        answer = await reads.http.get(base + part)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), part


async def test_an_empty_list_of_a_known_collection_is_an_empty_page(reads: Reads) -> None:
    for part in ("traits", "activity"):
        answer = await reads.http.get(f"/v1/collections/{CHAIN}/{contract(2)}/{part}")
        assert answer.json() == {"items": [], "nextCursor": None}


async def test_an_answer_that_has_not_changed_is_304(reads: Reads) -> None:
    path = f"/v1/collections/{CHAIN}/{contract(1)}/tokens/1"
    first = await reads.http.get(path)
    etag = first.headers["etag"]
    assert etag.startswith('W/"')
    again = await reads.http.get(path, headers={"if-none-match": f'"other", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    await reads.pool.execute("UPDATE catalog_service.tokens SET owner_address = $1 WHERE token_number = 1", account(9))
    changed = await reads.http.get(path, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag


def body_of(name: str) -> Any:
    """The body of the catalog or the market with this name."""
    rooms = (bodies, market_bodies)
    modules = [import_module(one.name) for room in rooms for one in iter_modules(room.__path__, f"{room.__name__}.")]
    return next(getattr(module, name) for module in modules if hasattr(module, name))


async def test_openapi_has_an_example_for_every_answer_and_it_is_one(reads: Reads) -> None:
    document = reads.app.openapi()
    parts = (*PARTS, order_lists, collection_market)
    paths = {route.path for part in parts for route in part.router.routes}  # type: ignore[attr-defined]
    assert set(document["paths"]) == paths | {"/v1/chains"}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            content = operation["responses"]["200"]["content"]["application/json"]
            name = content["schema"]["$ref"].rpartition("/")[2]
            body = body_of(name)
            strict = name != "OrderView"  # Seaport's JSON of an order is looked at before it is validated
            TypeAdapter(body).validate_json(json.dumps(content["example"]), strict=strict)
            assert "422" in operation["responses"], path
