"""The whole product for tests: every part a real process, one stack for the run, blocks when a test asks for them.

The tests that use it run one after another in one worker (`xdist_group`), those of `tests/chaos` last. Each finds every
part running and the chain under its own hands, and leaves it so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest
from eth_account import Account
from temporalio.client import Client
from web3 import AsyncHTTPProvider, AsyncWeb3

from steadymint.database import create_pool
from steadymint.durable.client import connect
from steadymint.stack.anvil import Anvil
from steadymint.stack.application import Application, answers_ok
from steadymint.stack.configuration import description
from steadymint.stack.embedded import EmbeddedStack
from steadymint.stack.ports import HOST, free_port
from tests.support.local_chain import NODE_DIR
from tests.support.people import Person, Visitor, Wallet

CONFIRMATIONS = 3
"""One more than the local stack has: a mint can stand between its first and its last confirmation."""
ETHER = 10**18
PATIENCE = 60.0
"""Seconds that something may take on a machine that others use as well."""

T = TypeVar("T")


async def until(ask: Callable[[], Awaitable[T]], what: str, patience: float = PATIENCE) -> T:
    """The first answer that is not empty. Raises AssertionError once patience is over."""
    deadline = asyncio.get_running_loop().time() + patience
    while not (answer := await ask()):
        assert asyncio.get_running_loop().time() < deadline, f"{what}: not within {patience:g} s"
        await asyncio.sleep(0.05)
    return answer


class Blocks:
    """The chain's clock: stands still unless told otherwise."""

    def __init__(self, anvil: Anvil) -> None:
        self._anvil = anvil

    async def stop(self) -> None:
        await self._anvil.rpc("evm_setIntervalMining", 0)

    async def mine(self, count: int = 1) -> None:
        for _ in range(count):
            await self._anvil.mine()

    @asynccontextmanager
    async def ticking(self, every: float = 0.25) -> AsyncIterator[None]:
        """A block every so many seconds for as long as the block of code runs."""

        async def tick() -> None:
            while True:
                await self._anvil.mine()
                await asyncio.sleep(every)

        ticker = asyncio.create_task(tick())
        try:
            yield
        finally:
            ticker.cancel()
            with suppress(asyncio.CancelledError):
                await ticker


class FullStack:
    """A running stack and what tests do with it."""

    def __init__(self, stack: EmbeddedStack, pool: asyncpg.Pool[Any], temporal: Client, web3: AsyncWeb3[Any]) -> None:
        self.stack = stack
        self.pool = pool
        self.temporal = temporal
        self.web3 = web3
        self.blocks = Blocks(stack.anvil)
        self.described = description(stack)
        self.chain_id: str = self.described["chains"][0]["chainId"]
        self.origin = f"http://{self.described['signInDomain']}"

    async def wallet(self, ether: int = 1000) -> Wallet:
        """A new key with money."""
        wallet = Wallet(self.web3, "0x" + bytes(Account.create().key).hex())
        await self.stack.anvil.rpc("anvil_setBalance", wallet.address, hex(ether * ETHER))
        return wallet

    @asynccontextmanager
    async def person(self, api_url: str | None = None, wallet: Wallet | None = None) -> AsyncIterator[Person]:
        """Somebody with a new wallet (or the given one), signed in."""
        wallet = wallet or await self.wallet()
        async with Visitor(api_url or self.stack.api_url, self.origin) as visitor:
            await visitor.sign_in(wallet, self.chain_id)
            yield Person(visitor, wallet, self.chain_id)

    @asynccontextmanager
    async def another_api(self, **variables: str) -> AsyncIterator[str]:
        """One more API process with other settings; its URL."""
        port = free_port()
        url = f"http://{HOST}:{port}"
        environment = self.stack.environment() | {"STEADYMINT_API__PORT": str(port)} | variables
        api = Application(
            "api",
            self.stack.home / "logs" / f"api-{port}.log",
            lambda: environment,
            lambda _: answers_ok(f"{url}/readyz"),
        )
        await api.start()
        try:
            yield url
        finally:
            await api.stop()

    @asynccontextmanager
    async def another_worker(self, **variables: str) -> AsyncIterator[None]:
        """A worker with other settings in place of the stack's own."""
        environment = self.stack.environment() | variables
        log = self.stack.home / "logs" / f"worker-{free_port()}.log"
        worker = Application("worker", log, lambda: environment, self.stack.polls)
        await self.stack.worker.stop()
        await worker.start()
        try:
            yield
        finally:
            await worker.stop()
            await self.stack.worker.start()

    async def made(self, person: Person, standard: str = "erc721", **asked: Any) -> str:
        """The address of a new collection of theirs, indexed."""
        prepared = await person.prepare_collection(standard, **asked)
        await person.send_and_track(prepared)
        async with self.blocks.ticking():
            last = await person.until_final(prepared["intentId"])
        assert last["step"] == "ready", last
        return last["contract"]

    @asynccontextmanager
    async def nodes_at(self, url: str) -> AsyncIterator[None]:
        """The chain's only endpoint is `url` for as long as the block runs; every process follows the registry."""
        change = "update chain_registry_service.chain_endpoints set url = $1, ws_url = $2"
        await self.pool.execute(change, url, None)
        try:
            yield
        finally:
            await self.pool.execute(change, self.stack.anvil.url, self.stack.anvil.ws_url)

    async def heal(self) -> None:
        """Every part runs, the chain stands still and is reached directly: whatever the last test has done."""
        for part in self.stack.parts:
            part.resume()
            await part.start()
        await self.blocks.stop()


@asynccontextmanager
async def started_stack(folder: Path) -> AsyncIterator[FullStack]:
    """A stack with its data in the folder, for as long as the block runs."""
    embedded = EmbeddedStack(
        folder,
        node_dir=NODE_DIR,
        disposable=True,
        known_ports=False,
        confirmations=CONFIRMATIONS,
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(embedded)
        pool = await create_pool(embedded.postgres.url, min_size=1, max_size=4)
        stack.push_async_callback(pool.close)
        web3 = AsyncWeb3(AsyncHTTPProvider(embedded.anvil.url))
        stack.push_async_callback(web3.provider.disconnect)
        yield FullStack(embedded, pool, await connect(embedded.settings()), web3)


@pytest.fixture(scope="session")
async def running_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FullStack]:
    async with started_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture
async def full_stack(running_stack: FullStack) -> FullStack:
    """The run's stack, in good health, with manual mining."""
    await running_stack.heal()
    return running_stack


@pytest.fixture(scope="session")
async def open_collection(running_stack: FullStack) -> str:
    """An ERC-721 collection in which everybody mints for nothing. Tests share it."""
    await running_stack.heal()
    async with running_stack.person() as owner:
        return await running_stack.made(owner)


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker for all that use the stack; those that break its parts come last."""
    for item in items:
        if "running_stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))
            item.add_marker(pytest.mark.timeout(420))
    items.sort(key=lambda item: ("tests/chaos/" in item.nodeid, not _is_slow(item)))


def _is_slow(item: pytest.Item) -> bool:
    """Those begin first: one that began last would keep its worker busy when the others have nothing left to do."""
    return item.get_closest_marker("slow") is not None
