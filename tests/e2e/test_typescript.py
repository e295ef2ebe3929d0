"""The TypeScript programs of `clients/typescript` against the product, as a front end runs them."""

from __future__ import annotations

import asyncio
import json

from tests.support.full_stack import FullStack
from tests.support.typescript import GENERATORS, generate_clients, run_node, stage


async def test_a_program_on_a_generated_client_mints(full_stack: FullStack) -> None:
    """That of `@hey-api/openapi-ts`. Our own client stands on types of the other generator."""
    await generate_clients()
    told = stage(full_stack, account=full_stack.described["devAccounts"][5]["address"])
    async with full_stack.blocks.ticking(0.5), asyncio.timeout(120):
        code, printed = await run_node("run.mjs", "hey-api", told, folder=GENERATORS)
    assert code == 0, printed
    intent = json.loads(printed.splitlines()[-1])
    assert (intent["step"], intent["tokenIds"]) == ("ready", ["1", "2"])
