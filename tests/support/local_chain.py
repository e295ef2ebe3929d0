"""A chain for tests: one anvil per worker with our contracts on it, as if new for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from steadymint.stack.anvil import Anvil
from steadymint.stack.deploy import Deployment, deploy

NODE_DIR = Path(__file__).parents[2] / ".steadymint" / "node"
"""npm packages, shared by every stack of this checkout."""


@dataclass(frozen=True, slots=True)
class LocalChain:
    """A running node and where our contracts are on it. Blocks come with transactions only, or by `anvil.mine`."""

    anvil: Anvil
    contracts: Deployment


@pytest.fixture(scope="session")
async def _worker_chain(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalChain]:
    anvil = Anvil(tmp_path_factory.mktemp("anvil") / "data", NODE_DIR, persist=False)
    await anvil.start()
    yield LocalChain(anvil, await deploy(anvil))
    await anvil.stop()


@pytest.fixture
async def chain(_worker_chain: LocalChain) -> AsyncIterator[LocalChain]:
    """This worker's chain with the contracts deployed and nothing else; what the test does is undone."""
    snapshot = await _worker_chain.anvil.rpc("evm_snapshot")
    yield _worker_chain
    await _worker_chain.anvil.rpc("evm_revert", snapshot)
    await _worker_chain.anvil.rpc("evm_setIntervalMining", 0)  # turns automatic mining off as well, so it comes first
    await _worker_chain.anvil.rpc("evm_setAutomine", True)


@pytest.fixture
async def new_chain(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[LocalChain]]]:
    """Makes a chain of this test's own, e.g. with a block time or to be killed: `await new_chain(block_time=1)`.

    The arguments are those of `Anvil`; `contracts=False` leaves it empty.
    """
    async with AsyncExitStack() as stack:
        made = 0

        async def make(*, contracts: bool = True, **options: Any) -> LocalChain:
            nonlocal made
            made += 1
            anvil = Anvil(tmp_path / f"chain-{made}", NODE_DIR, **({"persist": False} | options))
            stack.push_async_callback(anvil.stop)
            await anvil.start()
            deployment = await deploy(anvil) if contracts else Deployment("", "", "", "", "", 0)
            return LocalChain(anvil, deployment)

        yield make
