"""What operators are told of a chain's nodes: the head, a transaction, and where the nodes are."""

from __future__ import annotations

from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.endpoint import shown_address
from steadymint.domain.index_standing import Pace
from steadymint.domain.transactions import SeenTransaction
from steadymint.domain.types import ChainId, TxHash


class ChainInspector:
    """Asks the nodes of a chain, afresh each time. Raises UnknownChainError, UpstreamUnavailableError."""

    def __init__(self, clients: ChainClients) -> None:
        self._clients = clients

    async def head(self, chain_id: ChainId) -> int:
        """The number of the newest block."""
        return await (await self._clients.of(chain_id)).block_number()

    async def inspect(self, chain_id: ChainId, tx_hash: TxHash) -> SeenTransaction | None:
        """The transaction as a node knows it, pending or mined; None if it knows none."""
        (seen,) = await (await self._clients.of(chain_id)).transactions([tx_hash])
        return seen

    async def pace(self, chain_id: ChainId) -> Pace:
        chain = await self._clients.registry.get(chain_id)
        return Pace(confirmations=chain.confirmations, block_time=chain.block_time_seconds)

    async def nodes(self, chain_id: ChainId) -> str:
        """The chain's endpoints with their addresses, without keys, in Markdown."""
        endpoints = await self._clients.registry.endpoints(chain_id)
        return (
            ", ".join(f"endpoint {one.id} at `{shown_address(one.url)}`" for one in endpoints) or "no active endpoint"
        )
