"""The nodes of a chain that is in no registry."""

from __future__ import annotations

from steadymint.chain.nodes.rpc import RpcClient


class FixedNodes:
    """Implements `HistoryNodes`: always the same client, and the same share of history that is checked."""

    def __init__(self, rpc: RpcClient, share: float = 1.0) -> None:
        self._rpc = rpc
        self._share = share

    async def client(self) -> RpcClient:
        return self._rpc

    async def share(self) -> float:
        return self._share
