"""A local chain: anvil from npm's `@foundry-rs/anvil`."""

from __future__ import annotations

import asyncio
import itertools
import platform
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from steadymint.stack import node
from steadymint.stack.part import Part, PartFailedError
from steadymint.stack.ports import HOST, free_port

VERSION = "1.7.1"
CHAIN_ID = 31_337


@dataclass(frozen=True, slots=True)
class DevAccount:
    """An account of anvil's well-known mnemonic, "test test ... junk". Anyone can sign for it: local chains only."""

    address: str
    private_key: str


DEV_ACCOUNTS: tuple[DevAccount, ...] = tuple(
    DevAccount(address, key)
    for address, key in (
        (
            "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
            "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
        ),
        (
            "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
        ),
        (
            "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
            "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
        ),
        (
            "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
            "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
        ),
        (
            "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
            "0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a",
        ),
        (
            "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
            "0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba",
        ),
        (
            "0x976EA74026E726554dB657fA54763abd0C3a0aa9",
            "0x92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e",
        ),
        (
            "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
            "0x4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356",
        ),
        (
            "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
            "0xdbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97",
        ),
        (
            "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
            "0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6",
        ),
    )
)

DEPLOYER = DEV_ACCOUNTS[9]
"""Deploys the factory of the local chain; the last one, so that the first ones start with nonce 0 for people."""


class RpcError(Exception):
    """What the node answered instead of a result."""


def platform_package() -> str:
    """The npm package that carries the binary for this machine."""
    system = platform.system().lower()
    machine = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}.get(
        platform.machine().lower()
    )
    if system not in {"linux", "darwin"} or machine is None:
        raise PartFailedError(f"anvil has no binary for {platform.system()} {platform.machine()}")
    return f"@foundry-rs/anvil-{system}-{machine}"


async def install(node_dir: Path) -> Path:
    """The anvil binary below `node_dir`; npm fetches it the first time."""
    return await node.install(node_dir, platform_package(), VERSION) / "bin" / "anvil"


class Anvil(Part):
    """An EVM chain of one node.

    Without `block_time` each transaction is mined at once and nothing else is; with it a block comes every
    `block_time` seconds, and `mixed` mines transactions at once as well. `persist` keeps the chain in a state file.
    """

    name = "anvil"
    stop_signal = signal.SIGINT  # writes the state file
    death_signal = signal.SIGINT

    def __init__(
        self,
        data_dir: Path,
        node_dir: Path,
        port: int | None = None,
        block_time: float | None = None,
        mixed: bool = True,
        persist: bool = True,
        chain_id: int = CHAIN_ID,
        extra: tuple[str, ...] = (),
        log_file: Path | None = None,
    ) -> None:
        super().__init__(data_dir, log_file)
        self.port = free_port(port)
        self.node_dir = node_dir
        self.block_time = block_time
        self.mixed = mixed
        self.persist = persist
        self.chain_id = chain_id
        self.extra = extra
        self._binary: Path | None = None
        self._ids = itertools.count(1)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://{HOST}:{self.port}"

    @property
    def caip2(self) -> str:
        return f"eip155:{self.chain_id}"

    async def prepare(self) -> None:
        self._binary = await install(self.node_dir)

    def command(self) -> list[str]:
        words = [
            str(self._binary),
            "--host",
            HOST,
            "--port",
            str(self.port),
            "--chain-id",
            str(self.chain_id),
            "--quiet",
        ]
        if self.block_time is not None:
            words += ["--block-time", f"{self.block_time:g}", *(["--mixed-mining"] if self.mixed else [])]
        if self.persist:
            # Written at the end too; the interval is what a kill -9 can lose.
            words += ["--state", str(self.data_dir / "state.json"), "--state-interval", "10"]
        return [*words, *self.extra]

    async def probe(self) -> bool:
        return int(await self.rpc("eth_chainId"), 16) == self.chain_id

    async def rpc(self, method: str, *params: Any) -> Any:
        """One JSON-RPC call.

        Raises:
            RpcError: the node refused it.
        """
        body = {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(params)}
        timeout = aiohttp.ClientTimeout(total=30)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.post(self.url, json=body) as response:
            answer = await response.json()
        if "error" in answer:
            raise RpcError(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    async def mine(self, blocks: int = 1) -> None:
        """Mine `blocks` blocks now."""
        await self.rpc("anvil_mine", hex(blocks))

    async def block_number(self) -> int:
        return int(await self.rpc("eth_blockNumber"), 16)


if __name__ == "__main__":  # fetches the binary ahead of its first use
    from steadymint.stack.home import NODE_DIR

    asyncio.run(install(NODE_DIR))
