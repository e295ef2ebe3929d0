"""The client of a development node: no failover, no limits, and calls that only such nodes have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import aiohttp

CHAIN_ID = 31_337
"""The default of anvil and similar nodes."""


class RpcError(Exception):
    """The node answered with an error."""


class ChainNode:
    """The client of a local chain. A subclass has the `url` and knows how the node mines."""

    chain_id: int
    block_time: float | None
    """Seconds between blocks; None if only transactions make blocks."""
    mixed: bool
    """Whether a transaction is mined at once although there is a block time."""

    @property
    def url(self) -> str:
        raise NotImplementedError

    @property
    def ws_url(self) -> str:
        return "ws" + self.url.removeprefix("http")

    @property
    def caip2(self) -> str:
        return f"eip155:{self.chain_id}"

    async def rpc(self, method: str, *params: Any) -> Any:
        """One JSON-RPC call.

        Raises:
            RpcError: the node refused it.
        """
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
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


@dataclass(frozen=True)
class RemoteNode(ChainNode):
    """A development node that someone else runs."""

    address: str
    chain_id: int = CHAIN_ID
    block_time: float | None = 1.0
    mixed: bool = True

    @property
    def url(self) -> str:
        return self.address
