"""A collection is named by its contract or by its slug, wherever a contract is taken."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from steadymint.catalog.contracts import contract_of
from steadymint.domain.slugs import ContractName, address_in, parse_contract
from steadymint.domain.types import ChainId
from tests.support.api_document import api_document
from tests.support.catalog_rows import CHAIN, account, collection_row, contract, insert, token_row
from tests.support.reads import Reads, serving_reads

LIGHTS = collection_row(1)
SLUG: str = LIGHTS["slug"]


@pytest.fixture
async def reads(database: str) -> AsyncIterator[Reads]:
    async with serving_reads(database) as found:
        await insert(found.pool, "catalog_service.collections", [LIGHTS])
        await insert(found.pool, "catalog_service.tokens", [token_row(LIGHTS, 1)])
        yield found


def contracts_in(schema: Any, named: dict[str, Any], seen: frozenset[str] = frozenset()) -> Iterator[dict[str, Any]]:
    """The schemas of all members `contract`, at any depth. `named`: the document's schemas."""
    if isinstance(schema, list):
        for one in schema:
            yield from contracts_in(one, named, seen)
    elif isinstance(schema, dict):
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen:
            yield from contracts_in(named[name], named, seen | {name})
        for key, value in schema.items():
            if key == "properties" and "contract" in value:
                yield value["contract"]
            yield from contracts_in(value, named, seen)


def test_every_path_body_and_query_that_takes_a_contract_takes_a_slug() -> None:
    document = api_document()
    named = document["components"]["schemas"]
    asked = [
        (path, operation)
        for path, operations in document["paths"].items()
        if not path.startswith("/v1/tokens-fungible")  # fungible tokens have no slugs
        for operation in operations.values()
    ]
    taken = [
        (path, parameter["schema"])
        for path, operation in asked
        for parameter in operation.get("parameters", [])
        if parameter["name"] == "contract"
    ]
    bodies = [
        (path, schema)
        for path, operation in asked
        for content in operation.get("requestBody", {}).get("content", {}).values()
        for schema in contracts_in(content["schema"], named)
    ]
    assert len(taken) > 15
    assert len(bodies) > 5
    for path, schema in (*taken, *bodies):
        patterns = [one["pattern"] for one in schema.get("anyOf", [schema]) if "pattern" in one]
        assert any(re.fullmatch(pattern, contract(1)) for pattern in patterns), path
        assert any(re.fullmatch(pattern, SLUG) for pattern in patterns), path


@pytest.mark.parametrize("below", ["", "/stats", "/traits", "/owners", "/holders", "/activity", "/tokens", "/tokens/1"])
async def test_a_collection_is_read_by_its_slug_as_by_its_contract(reads: Reads, below: str) -> None:
    by_contract = await reads.http.get(f"/v1/collections/{CHAIN}/{contract(1)}{below}")
    by_slug = await reads.http.get(f"/v1/collections/{CHAIN}/{SLUG}{below}")
    assert by_contract.status_code == 200, by_contract.text
    assert by_slug.json() == by_contract.json()


async def test_an_accounts_tokens_are_filtered_by_slug(reads: Reads) -> None:
    path = f"/v1/accounts/{account(1)}/tokens"
    by_slug = await reads.http.get(path, params={"chainId": CHAIN, "contract": SLUG})
    by_contract = await reads.http.get(path, params={"chainId": CHAIN, "contract": contract(1)})
    assert (by_slug.status_code, by_slug.json()) == (200, by_contract.json())
    assert (await reads.http.get(path, params={"chainId": CHAIN, "contract": "no-such-slug"})).status_code == 404


async def test_a_slug_is_a_name_on_its_own_chain(reads: Reads) -> None:
    assert await contract_of(reads.pool, ChainId(CHAIN), ContractName(SLUG)) == contract(1).lower()
    assert await contract_of(reads.pool, ChainId("eip155:1"), ContractName(SLUG)) is None
    assert (await reads.http.get(f"/v1/collections/eip155:1/{SLUG}")).status_code == 404
    assert (await reads.http.get(f"/v1/collections/{CHAIN}/no-such-slug")).status_code == 404


@pytest.mark.parametrize("text", ["", "lights", "Lights-1", "0x12", "-a-b", "a-" + "b" * 127, "a_b-c", "0x" + "g" * 40])
def test_what_is_neither_an_address_nor_a_slug_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        parse_contract(text)


def test_a_slug_that_begins_like_an_address_is_a_slug() -> None:
    assert address_in(parse_contract("0xabc-5fbdb231")) is None
    assert address_in(parse_contract("0x" + "AB" * 20)) == "0x" + "ab" * 20
