"""Transactions of our contracts, ready for a wallet to sign. What `activities.preparing` asks of a chain."""

from __future__ import annotations

from typing import Final

from steadymint.chain.calls.abi import RegisteredContract, encode, selector
from steadymint.chain.calls.factory import KIND_OF, predict_collection
from steadymint.chain.calls.launches import predict_token
from steadymint.chain.calls.table import BUILDERS
from steadymint.chain.nodes.chain import FACTORY, TOKEN_FACTORY
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.patience import answering
from steadymint.chain.simulation import Simulator
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.intents.collection import CollectionOrder
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.kinds import AnyOrder, IntentKind
from steadymint.domain.intents.launch import LaunchOrder
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import Address, ChainId, Wei, chain_number
from steadymint.domain.upstreams import Upstream

FREE = Wei(0)

_IMPLEMENTATION_OF: Final = selector("implementationOf", ("uint8",))
_IMPLEMENTATION: Final = selector("implementation", ())

PATIENCE: Final = 3.5
"""Seconds for the answers of the nodes: less than an attempt to prepare may take, so that a silent node is named."""


class TransactionBuilder:
    """Builds the transactions of all kinds of intents and tries them out. Share one per process."""

    def __init__(self, clients: ChainClients) -> None:
        self._clients = clients
        self._simulator = Simulator(clients)
        self._implementations: dict[tuple[ChainId, Address, bytes], Address] = {}

    async def confirmations(self, chain_id: ChainId) -> int:
        """N of the chain. Raises UnknownChainError."""
        return (await self._clients.registry.get(chain_id)).confirmations

    async def request(self, order: AnyOrder, value: Wei = FREE) -> TxRequest:
        """The transaction that fulfils the order, with `value` wei.

        Raises UnknownChainError, NotFoundError (the chain has no such contract), InvalidInputError.
        """
        sender = order.caller.account
        build = BUILDERS[IntentKind(order.kind)]
        to, call = build(order.terms, sender, reference_of(order.intent_id))
        if isinstance(to, RegisteredContract):
            to = (await self._clients.registry.get(order.chain_id)).contract(to.name).address
        return TxRequest.model_validate(
            {"chain_id": order.chain_id, "from_": sender, "to": to, "data": encode(call), "value": value}
        )

    async def address_of_collection(self, order: CollectionOrder) -> Address:
        """The exact address that the collection will have.

        Raises UnknownChainError, NotFoundError (the chain has no factory), UpstreamUnavailableError.
        """
        factory = (await self._clients.registry.get(order.chain_id)).contract(FACTORY).address
        kind = KIND_OF[order.terms.standard]
        return predict_collection(
            factory=factory,
            implementation=await self._implementation(order.chain_id, factory, _IMPLEMENTATION_OF + _word(kind)),
            chain_number=chain_number(order.chain_id),
            creator=order.caller.account,
            kind=kind,
            salt=reference_of(order.intent_id),
        )

    async def address_of_token(self, order: LaunchOrder) -> Address:
        """The exact address that the token will have. Raises like `address_of_collection`."""
        factory = (await self._clients.registry.get(order.chain_id)).contract(TOKEN_FACTORY).address
        return predict_token(
            factory=factory,
            implementation=await self._implementation(order.chain_id, factory, _IMPLEMENTATION),
            chain_number=chain_number(order.chain_id),
            creator=order.caller.account,
            salt=reference_of(order.intent_id),
        )

    async def simulate(self, tx: TxRequest) -> TxRequest:
        """See `Simulator.simulate`."""
        async with answering(tx.chain_id, PATIENCE):
            return await self._simulator.simulate(tx)

    async def _implementation(self, chain_id: ChainId, factory: Address, question: bytes) -> Address:
        """What the factory clones. Immutable in the factory, so it is asked once."""
        key = (chain_id, factory, question)
        if key not in self._implementations:
            client = await self._clients.of(chain_id)
            async with answering(chain_id, PATIENCE):
                answer = await client.call(factory, question)
            if len(answer) != 32:
                raise UpstreamUnavailableError(
                    f"The factory registered for {chain_id} does not answer as one", upstream=Upstream.NODE
                )
            self._implementations[key] = Address("0x" + answer[12:].hex())
        return self._implementations[key]


def _word(number: int) -> bytes:
    return number.to_bytes(32, "big")
