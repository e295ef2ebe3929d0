"""A user brings a collection that others have deployed: over HTTP, through the flow, by the indexer that runs."""

from __future__ import annotations

from typing import Any

from steadymint.domain.importing import workflow_id_of
from steadymint.domain.types import ChainId, show_address
from steadymint.stack.deploy import create
from tests.support.full_stack import FullStack, until
from tests.support.indexing import ALICE, BOB, call_data


async def test_a_foreign_collection_is_imported_and_lives_on_like_our_own(full_stack: FullStack) -> None:
    anvil = full_stack.stack.anvil
    drop = (await create(anvil, "ForeignDrop", ALICE, 3))["contractAddress"]
    where = f"/v1/collections/{full_stack.chain_id}/{show_address(drop)}"

    async def owner_of(token_id: int) -> str | None:
        answer = await alice.client.ask("GET", f"{where}/tokens/{token_id}")
        return answer.body["owner"] if answer.status == 200 else None

    async def done() -> bool:
        answer = await alice.client.ask("GET", f"{where}/import")
        return answer.status == 200 and answer.body["status"] == "done"

    async def moved() -> bool:
        return await owner_of(1) == show_address(BOB)

    async with full_stack.person() as alice, full_stack.blocks.ticking():
        order: dict[str, Any] = {"chainId": full_stack.chain_id, "contract": show_address(drop)}
        asked = await alice.client.ask("POST", "/v1/collections/import", order)
        assert (asked.status, asked.body["name"], asked.body["standard"]) == (202, "Foreign Drop", "erc721")
        await until(done, "the import")
        assert await owner_of(1) == show_address(ALICE)
        await full_stack.temporal.get_workflow_handle(workflow_id_of(ChainId(full_stack.chain_id), drop)).result()
        again = await alice.client.ask("POST", "/v1/collections/import", order)
        assert (again.status, again.body["code"]) == (409, "already_in_catalog")

        move = {"from": ALICE, "to": drop, "data": call_data("ForeignDrop", "transferFrom", ALICE, BOB, 1)}
        await anvil.rpc("eth_sendTransaction", {**move, "gas": hex(500_000)})
        await until(moved, "the transfer after the import")

        owners = await alice.client.ask("GET", f"{where}/owners")
        held = {item["owner"]: item["quantity"] for item in owners.body["items"]}
        assert held == {show_address(ALICE): "2", show_address(BOB): "1"}
