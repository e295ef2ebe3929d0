"""Purchases and sales, tried on the chain before anybody signs: what would be filled, and what keeps the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from steadymint.chain.nodes.chain import Chain
from steadymint.chain.nodes.client import ChainClients
from steadymint.domain.market.fulfilment.outcomes import PreparedFulfilment
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.market.policy import MarketPolicy
from steadymint.domain.types import Address, ChainId


class FulfilmentBuilder:
    """Builds the transactions of purchases and sales, and tries them. Share one per process.

    `policies` gives the rules of a chain's market; it raises NotFoundError for a chain without one.
    """

    def __init__(self, clients: ChainClients, policies: Callable[[Chain], MarketPolicy]) -> None:
        self._clients = clients
        self._policies = policies

    async def purchase(
        self, chain_id: ChainId, buyer: Address, parts: Sequence[Part], *, highest_total: int, deadline: int
    ) -> PreparedFulfilment:
        """The transaction that buys those of the listings that can be filled now, for `highest_total` at most.

        `deadline` (Unix seconds) is when it must be mined, as far as the chain's own currency covers a rising price.

        Raises UnknownChainError, NotFoundError (the chain has no market), InvalidInputError (no plan can be made of the
        parts), OrdersUnavailableError (none can be filled), PriceMovedError, InsufficientFundsError, CallRevertedError,
        UpstreamUnavailableError.
        """
        raise NotImplementedError

    async def sale(
        self, chain_id: ChainId, seller: Address, part: Part, *, lowest_total: int = 0, deadline: int
    ) -> PreparedFulfilment:
        """The transaction that accepts an offer, if it brings `lowest_total` at least.

        Raises as `purchase` does. A seller who does not have the token is refused with CallRevertedError.
        """
        raise NotImplementedError
