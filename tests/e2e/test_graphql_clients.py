"""The specification's operations against the product, unchanged, by clients that others wrote."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.support.full_stack import FullStack
from tests.support.typescript import CLIENT, run_node, stage


@pytest.mark.parametrize(
    ("client", "standard", "minted"),
    [("graphql-ws", "erc721", ["1", "2"]), ("urql", "erc721", ["1", "2"]), ("apollo", "erc1155", ["7"])],
)
async def test_a_foreign_client_runs_the_operations_of_the_specification(
    full_stack: FullStack, client: str, standard: str, minted: list[str]
) -> None:
    account = full_stack.described["devAccounts"][6]["address"]
    told = stage(full_stack, account=account, standard=standard)
    async with full_stack.blocks.ticking(0.5), asyncio.timeout(120):
        code, printed = await run_node("run.mjs", client, told, folder=CLIENT.parent / "graphql")
    assert code == 0, printed
    status = json.loads(printed.splitlines()[-1])
    assert (status["status"], status["tokenIds"], status["chainId"]) == ("ready", minted, full_stack.chain_id)
