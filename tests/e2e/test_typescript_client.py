"""The TypeScript client against the product: its tests are in `clients/typescript/tests` and run under Node."""

from __future__ import annotations

import asyncio
import re

import pytest

from steadymint.stack.market import expected_market
from tests.support.full_stack import FullStack
from tests.support.typescript import build_client, run_node, stage


@pytest.mark.parametrize("tests", ["interruptions", "market", "wallets"])
async def test_the_client_keeps_its_promises(full_stack: FullStack, open_collection: str, tests: str) -> None:
    told = stage(full_stack, collection=open_collection, wrapped=expected_market().wrapped_native)
    async with asyncio.timeout(180):
        code, printed = await run_node("--test-timeout=90000", f"tests/{tests}.test.ts", STAGE=told)
    assert code == 0, printed


async def test_the_code_of_the_readme_runs_as_it_is_written(full_stack: FullStack) -> None:
    await build_client()
    told = stage(full_stack, account=full_stack.described["devAccounts"][6]["address"])
    async with full_stack.blocks.ticking(0.25), asyncio.timeout(90):
        code, printed = await run_node("tests/readme.mjs", STAGE=told)
    assert code == 0, printed
    lines = printed.splitlines()
    assert lines[:5] == ["1 prepared", "2 tracked", "3 confirming", "4 indexed", "5 ready"]
    assert lines[5:7] == ["tokens [ '1', '2' ]", "Only 1 is left; you asked for 2."], lines
    assert [re.sub(r"0x\w{40}$", "owner", line) for line in lines[7:]] == [
        "Harbour Lights 1 owner",
        "Harbour Lights 2 owner",
    ]
