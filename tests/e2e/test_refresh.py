"""Metadata over the whole stack: asked for over HTTP, read from the chain by the worker, shown in the catalog."""

from __future__ import annotations

import base64
import json
from typing import Any

import aiohttp

from steadymint.domain.refreshing import workflow_id_of
from steadymint_client import models
from tests.e2e.test_published_metadata import minted
from tests.support.full_stack import FullStack, until
from tests.support.odd_collection import OddCollection

SIZE = 12
BROKEN, NAMELESS = 3, 10
"""Tokens whose document is none, and for which the contract reverts."""


def inline(document: Any) -> str:
    return "data:application/json;base64," + base64.b64encode(json.dumps(document).encode()).decode()


def document(number: int) -> dict[str, Any]:
    parity = "even" if number % 2 == 0 else "odd"
    return {"name": f"Token {number}", "attributes": [{"trait_type": "Parity", "value": parity}]}


async def test_a_refresh_goes_from_the_request_to_ranks_and_says_what_could_not_be_read(full_stack: FullStack) -> None:
    odd = await OddCollection.of(full_stack, SIZE)
    numbers = [number for number in range(SIZE) if number not in (BROKEN, NAMELESS, 0)]
    await odd.say({number: inline(document(number)) for number in numbers})
    await odd.say({0: inline(document(0)), BROKEN: "data:application/json,<html>"})
    await odd.say_of_itself(inline({"name": "Odd ones", "description": "All of them"}))
    await odd.indexed()

    async with aiohttp.ClientSession(full_stack.stack.api_url) as http:

        async def get(path: str) -> Any:
            async with http.get(odd.path + path) as answer:
                assert answer.status == 200, await answer.text()
                return await answer.json()

        async def done() -> Any:
            found = await get("/refresh")
            return found if found["status"] == "done" else None

        async with http.post(f"{odd.path}/refresh") as answer:
            assert answer.status == 202, await answer.text()
            assert (await answer.json())["total"] == SIZE + 1
        progress = await until(done, "all documents are read")
        assert (progress["done"], progress["failed"], progress["waiting"]) == (SIZE + 1, 2, 0)

        assert (await get("/tokens/5"))["name"] == "Token 5"
        assert (await get(f"/tokens/{BROKEN}/refresh"))["error"].startswith("not_json")
        assert (await get(f"/tokens/{NAMELESS}/refresh"))["error"].startswith("no_uri")
        assert (await get(""))["description"] == "All of them"

    async def ranked() -> Any:
        return await full_stack.pool.fetchval(
            "select count(distinct token_id) = $2 from catalog_service.rarity_scores where collection_id = $1",
            odd.id,
            SIZE - 2,
        )

    await until(ranked, "every token that was read is ranked")
    flow = full_stack.temporal.get_workflow_handle(workflow_id_of(odd.ref))
    assert (await flow.describe()).history_length < 60


async def test_what_is_minted_is_read_without_anybody_asking(full_stack: FullStack) -> None:
    async with full_stack.person() as alice:
        told = [
            models.TokenWordsBody(
                name=f"Light {number}", attributes=[models.TraitWordsBody(trait_type="Lamp", value=lamp)]
            )
            for number, lamp in ((1, "Oil"), (2, "Gas"))
        ]
        client, api, chain_id = alice.client, alice.client.api, full_stack.chain_id
        published = await api.publish_metadata(models.PublishBody(standard="erc721", tokens=told))
        address = await full_stack.made(alice, description="Two", metadataSetId=published.metadata_set_id)
        await minted(full_stack, alice, address, quantity="2")

        async def named() -> Any:
            names = {token.name async for token in client.items(api.list_tokens, chain_id, address)}
            about = await api.get_collection(chain_id, address)
            return names == {"Light 1", "Light 2"} and about.description

        assert await until(named, "tokens and collection have what their documents say") == "Two"
        assert len((await api.list_traits(chain_id, address)).items) == 2
