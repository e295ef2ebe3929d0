"""A local chain: anvil from npm's `@foundry-rs/anvil`."""

from __future__ import annotations

import asyncio
import platform
import signal
from pathlib import Path

from steadymint.stack import node
from steadymint.stack.chain_node import CHAIN_ID, ChainNode
from steadymint.stack.chain_node import RpcError as RpcError
from steadymint.stack.dev_accounts import DEPLOYER as DEPLOYER
from steadymint.stack.dev_accounts import DEV_ACCOUNTS as DEV_ACCOUNTS
from steadymint.stack.dev_accounts import DevAccount as DevAccount
from steadymint.stack.part import Part, PartFailedError
from steadymint.stack.ports import HOST, free_port

VERSION = "1.7.1"


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
    """The anvil binary below `node_dir`. npm fetches it the first time."""
    return await node.install(node_dir, platform_package(), VERSION) / "bin" / "anvil"


class Anvil(Part, ChainNode):
    """An EVM chain of one node.

    Without `block_time` a transaction is mined at once, and no other block is made. With it a block comes every
    `block_time` seconds, and `mixed` also mines each transaction at once. `persist` keeps the chain in a state file.
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

    @property
    def listens_on(self) -> int:
        return self.port

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

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
            # The state is also written at the end. A kill -9 loses at most one interval.
            words += ["--state", str(self.data_dir / "state.json"), "--state-interval", "10"]
        return [*words, *self.extra]

    async def probe(self) -> bool:
        return int(await self.rpc("eth_chainId"), 16) == self.chain_id


if __name__ == "__main__":  # fetches the binary before its first use
    from steadymint.stack.home import NODE_DIR

    asyncio.run(install(NODE_DIR))
