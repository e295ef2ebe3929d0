"""What operators are told of a chain's nodes: the head, a transaction, where the nodes are, and how far each is."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Mapping
from typing import Final

from prometheus_client import Gauge

from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.endpoint import EndpointConfig, shown_address
from steadymint.domain.errors import SteadymintError
from steadymint.domain.index_standing import Pace
from steadymint.domain.transactions import SeenTransaction
from steadymint.domain.types import BlockNumber, ChainId, TxHash

PATIENCE: Final = 5.0
"""Seconds for each endpoint to tell its head."""
SHOWN_FOR: Final = 180.0
"""Seconds for which the metric keeps what was told. The process that reads the chain asks once a minute."""

_behind: Final = Gauge(
    "steadymint_rpc_behind_blocks",
    "Blocks that an endpoint is behind the chain's newest endpoint; NaN if it does not answer",
    ["chain", "endpoint"],
)
_removals: Final[dict[ChainId, asyncio.TimerHandle]] = {}


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
        endpoints = await self._clients.registry.endpoints(chain_id)
        return Pace(
            confirmations=chain.confirmations,
            block_time=chain.block_time_seconds,
            mines_seldom=not any(endpoint.public_only for endpoint in endpoints),
        )

    async def nodes(self, chain_id: ChainId) -> str:
        """The chain's endpoints with their addresses, without keys, in Markdown."""
        return _listed(_named(one) for one in await self._clients.registry.endpoints(chain_id))

    async def nodes_and_heads(self, chain_id: ChainId) -> str:
        """The same, with the head that each endpoint tells now or why it tells none. Sets the metric, too."""
        endpoints = await self._clients.registry.endpoints(chain_id)
        heads = await (await self._clients.of(chain_id)).heads(timeout=PATIENCE)
        newest = max((head for head in heads.values() if isinstance(head, int)), default=0)
        behind = {number: newest - head if isinstance(head, int) else math.nan for number, head in heads.items()}
        _measure(chain_id, behind)
        return _listed(f"{_named(one)}, {_standing(one.id, heads, newest)}" for one in endpoints)


def _measure(chain_id: ChainId, behind: Mapping[int, float]) -> None:
    """Set the metric for these endpoints of the chain, and remove others. All go once another process reads it."""
    _behind.remove_by_labels({"chain": chain_id})
    for number, blocks in behind.items():
        _behind.labels(chain_id, number).set(blocks)
    if earlier := _removals.get(chain_id):
        earlier.cancel()
    loop = asyncio.get_running_loop()
    _removals[chain_id] = loop.call_later(SHOWN_FOR, lambda: _behind.remove_by_labels({"chain": chain_id}))


def _listed(nodes: Iterable[str]) -> str:
    return "; ".join(nodes) or "no active endpoint"


def _named(endpoint: EndpointConfig) -> str:
    return f"endpoint {endpoint.id} at `{shown_address(endpoint.url)}`"


def _standing(number: int, heads: Mapping[int, BlockNumber | SteadymintError], newest: int) -> str:
    head = heads.get(number)
    if head is None:
        return "not asked yet"
    if isinstance(head, SteadymintError):
        return f"no answer: {head.detail}"
    behind = f", {newest - head:,} behind" if head < newest else ""
    return f"at block {head:,}{behind}"
