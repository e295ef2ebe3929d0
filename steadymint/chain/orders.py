"""What a chain says about orders of the market. Whether an order can be filled is decided from it by
`steadymint.domain.market.checks`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from steadymint.chain.calls.holdings import approval_lookup, is_yes
from steadymint.chain.calls.lookups import look_up, look_up_now
from steadymint.chain.calls.seaport import (
    CancelQuestions,
    MarketContracts,
    OrderQuestions,
    conduit_key_in,
    conduit_key_lookup,
)
from steadymint.chain.nodes.chain import CONDUIT, CONDUIT_CONTROLLER, SEAPORT
from steadymint.chain.nodes.client import BlockRef, ChainClients, EvmClient, Header
from steadymint.chain.patience import answering
from steadymint.domain.errors import NotFoundError
from steadymint.domain.market.components import ZERO_BYTES32, OrderComponents
from steadymint.domain.market.facts import OrderFacts
from steadymint.domain.market.hashing import SigningDomain
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32, ChainId

ORDERS: Final = 50
"""Orders in one round trip: some ten questions each, in four or five calls of one batch."""
PATIENCE: Final = 8.0
"""Seconds for the answers about so many orders: a node that takes 2 s for a call gives them, and gives them again for
those that used up their gas."""


PREPARE_PATIENCE: Final = 3.0
"""Seconds, while a user waits for calldata: they leave time for the simulation in the same attempt."""


class OrderInspector:
    """Asks the nodes of a chain about orders. Share one per process."""

    def __init__(self, clients: ChainClients) -> None:
        self._clients = clients
        self._keys: dict[tuple[ChainId, Address], Bytes32] = {}

    async def contracts(self, chain_id: ChainId) -> MarketContracts:
        """The contracts of the chain's market. Raises UnknownChainError, NotFoundError (the chain has no market)."""
        chain = await self._clients.registry.get(chain_id)
        return MarketContracts(
            domain=SigningDomain(chain.number, chain.contract(SEAPORT).address),
            conduit_controller=chain.contract(CONDUIT_CONTROLLER).address,
            conduits=tuple(contract.address for contract in chain.named(CONDUIT)),
        )

    async def facts(
        self, chain_id: ChainId, orders: Sequence[SubmittedOrder], *, block: BlockRef = "latest"
    ) -> list[OrderFacts]:
        """The facts in the order of `orders`. Each `ORDERS` of them take one round trip.

        Raises UnknownChainError, NotFoundError (the chain has no market), UpstreamUnavailableError when no node
        answers.
        """
        market = await self.contracts(chain_id)
        client = await self._clients.of(chain_id)
        found: list[OrderFacts] = []
        for at in range(0, len(orders), ORDERS):
            async with answering(chain_id, PATIENCE):
                found += await facts_of(client, market, orders[at : at + ORDERS], block)
        return found

    async def answers(self, chain_id: ChainId, *, block: BlockRef = "latest") -> None:
        """Ask Seaport alone, and no contract of a stranger.

        Raises UnknownChainError, NotFoundError (the chain has no market), UpstreamUnavailableError: no node answers
        calls as of the block, or what is registered as Seaport does not answer as Seaport.
        """
        questions = CancelQuestions((await self.contracts(chain_id)).seaport, ZERO_ADDRESS, ())
        client = await self._clients.of(chain_id)
        async with answering(chain_id, PATIENCE):
            questions.all_cancelled(await look_up(client, questions.lookups, block=block))

    async def facts_now(self, chain_id: ChainId, orders: Sequence[SubmittedOrder]) -> tuple[list[OrderFacts], Header]:
        """The facts about at most `ORDERS` orders at the newest block, and its header (or that of one beside it). Both
        take one round trip. Raises as `facts` does."""
        market = await self.contracts(chain_id)
        client = await self._clients.of(chain_id)
        async with answering(chain_id, PATIENCE):
            return await facts_now_of(client, market, orders)

    async def all_cancelled(self, chain_id: ChainId, maker: Address, orders: Sequence[OrderComponents]) -> bool:
        """Whether Seaport fills none of the maker's orders any more, since each is cancelled by its hash or by the
        maker's counter.

        Raises UnknownChainError, NotFoundError (the chain has no market), UpstreamUnavailableError.
        """
        questions = CancelQuestions((await self.contracts(chain_id)).seaport, maker, orders)
        client = await self._clients.of(chain_id)
        async with answering(chain_id, PREPARE_PATIENCE):
            return questions.all_cancelled(await look_up(client, questions.lookups))

    async def approvals(
        self,
        chain_id: ChainId,
        contract: Address,
        owner: Address,
        spenders: Sequence[Address],
        *,
        block: BlockRef = "latest",
    ) -> list[bool]:
        """Whether each spender may move all of the owner's tokens. Raises UnknownChainError,
        UpstreamUnavailableError."""
        lookups = [approval_lookup(contract, owner, spender) for spender in spenders]
        answers = await look_up(await self._clients.of(chain_id), lookups, block=block)
        return [is_yes(answers[lookup]) for lookup in lookups]

    async def conduit_key(self, chain_id: ChainId) -> Bytes32:
        """The key of the newest conduit, which orders that we build name. Zero, which stands for Seaport itself, on a
        chain without a conduit. A conduit keeps its key, so it is asked once.

        Raises UnknownChainError, NotFoundError (the chain has no market, or its conduit is none of the controller's),
        UpstreamUnavailableError.
        """
        market = await self.contracts(chain_id)
        if not market.conduits:
            return ZERO_BYTES32
        conduit = market.conduits[0]
        if (chain_id, conduit) not in self._keys:
            lookup = conduit_key_lookup(market.conduit_controller, conduit)
            client = await self._clients.of(chain_id)
            key = conduit_key_in((await look_up(client, [lookup]))[lookup])
            if key is None:
                raise NotFoundError(f"The controller of {chain_id} does not know the registered conduit")
            self._keys[chain_id, conduit] = key
        return self._keys[chain_id, conduit]


async def facts_of(
    client: EvmClient, market: MarketContracts, orders: Sequence[SubmittedOrder], block: BlockRef = "latest"
) -> list[OrderFacts]:
    """The facts of some orders from one round trip, and from a second one if a contract used up its share of the gas.
    Raises UpstreamUnavailableError."""
    questions = [OrderQuestions(order, market) for order in orders]
    answers = await look_up(client, [lookup for one in questions for lookup in one.lookups], block=block)
    return [one.facts(answers) for one in questions]


async def facts_now_of(
    client: EvmClient, market: MarketContracts, orders: Sequence[SubmittedOrder]
) -> tuple[list[OrderFacts], Header]:
    """The same at the newest block, with a header in the same round trip. Raises UpstreamUnavailableError."""
    questions = [OrderQuestions(order, market) for order in orders]
    answers, head = await look_up_now(client, [lookup for one in questions for lookup in one.lookups])
    return [one.facts(answers) for one in questions], head
