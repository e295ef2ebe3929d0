"""The logic of the storefront, held by its own tests in `web/tests`: amounts, filters, flows, the cart, the chart."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from steadymint.stack.node import program

WEB: Final = Path(__file__).parents[2] / "web"


async def test_the_tests_of_the_storefront_pass() -> None:
    command = (program(), "node_modules/vitest/vitest.mjs", "run", "--reporter=dot")
    pipes = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.STDOUT}
    running = await asyncio.create_subprocess_exec(*command, cwd=WEB, **pipes)
    output, _ = await running.communicate()
    assert running.returncode == 0, output.decode()
