"""Transactions of our contracts, ready for a wallet to sign. What `activities.preparing` asks of a chain."""

from __future__ import annotations

from datetime import datetime

from steadymint.chain.calldata import (
    ZERO_BYTES32,
    CollectionInit,
    CollectionKind,
    CreateCollection,
    Mint721,
    Mint1155,
    MintBatch,
    MintConfig,
    encode,
    predict_collection,
    selector,
)
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.registry import FACTORY
from steadymint.chain.simulation import Simulator
from steadymint.domain.errors import InvalidInputError, UpstreamUnavailableError
from steadymint.domain.flows import (
    CollectionOrder,
    CollectionTerms,
    IntentOrder,
    MintOrder,
    MintRules,
    MintTerms,
    Standard,
)
from steadymint.domain.intents import TxRequest
from steadymint.domain.types import Address, Bytes32, ChainId, Wei, chain_number

KIND_OF = {Standard.ERC721: CollectionKind.ERC721, Standard.ERC1155: CollectionKind.ERC1155}


class TransactionBuilder:
    """Builds the transactions of the two intent flows and tries them out. Share one per process."""

    def __init__(self, clients: ChainClients) -> None:
        self._clients = clients
        self._simulator = Simulator(clients)
        self._implementations: dict[tuple[ChainId, Address, CollectionKind], Address] = {}

    async def confirmations(self, chain_id: ChainId) -> int:
        """N of the chain. Raises UnknownChainError."""
        return (await self._clients.registry.get(chain_id)).confirmations

    async def create_collection(self, order: CollectionOrder, reference: Bytes32) -> tuple[TxRequest, Address]:
        """The call of the newest factory, and the exact address the collection will have.

        Raises UnknownChainError, NotFoundError (the chain has no factory), InvalidInputError.
        """
        terms = order.terms
        if terms is None:
            raise InvalidInputError("There is nothing to prepare")
        factory = (await self._clients.registry.get(order.chain_id)).contract(FACTORY).address
        kind = KIND_OF[terms.standard]
        creator = order.caller.account
        call = CreateCollection(kind, reference, _init_of(terms, creator))
        tx = _request(order, factory, encode(call), Wei(0))
        preview = predict_collection(
            factory=factory,
            implementation=await self._implementation(order.chain_id, factory, kind),
            chain_number=chain_number(order.chain_id),
            creator=creator,
            kind=kind,
            salt=reference,
        )
        return tx, preview

    def mint(self, order: MintOrder, terms: MintTerms, reference: Bytes32, value: Wei) -> TxRequest:
        """The mint on the collection. Raises InvalidInputError for terms that say nothing to mint."""
        return _request(order, terms.contract, encode(_mint_call(terms, reference)), value)

    async def simulate(self, tx: TxRequest) -> None:
        """See `Simulator.simulate`."""
        await self._simulator.simulate(tx)

    async def _implementation(self, chain_id: ChainId, factory: Address, kind: CollectionKind) -> Address:
        """What the factory clones. Immutable in the factory, so it is asked once."""
        key = (chain_id, factory, kind)
        if key not in self._implementations:
            client = await self._clients.of(chain_id)
            answer = await client.call(
                factory, selector("implementationOf", ("uint8",)) + int(kind).to_bytes(32, "big")
            )
            if len(answer) != 32:
                raise UpstreamUnavailableError(f"The factory registered for {chain_id} does not answer as one")
            self._implementations[key] = Address("0x" + answer[12:].hex())
        return self._implementations[key]


def _request(order: IntentOrder, to: Address, data: str, value: Wei) -> TxRequest:
    sender = order.caller.account
    return TxRequest.model_validate(
        {"chain_id": order.chain_id, "from_": sender, "to": to, "data": data, "value": value}
    )


def _mint_call(terms: MintTerms, reference: Bytes32) -> Mint721 | Mint1155 | MintBatch:
    proof = tuple(Bytes32(node) for node in terms.proof)
    if terms.standard is Standard.ERC721:
        if terms.quantity is None:
            raise InvalidInputError("An ERC-721 mint needs a quantity")
        return Mint721(terms.to, terms.quantity, proof, reference)
    if not terms.items:
        raise InvalidInputError("An ERC-1155 mint needs items")
    if len(terms.items) == 1:  # the single mint costs less gas
        item = terms.items[0]
        return Mint1155(terms.to, item.token_id, item.quantity, proof, reference)
    ids = tuple(item.token_id for item in terms.items)
    return MintBatch(terms.to, ids, tuple(item.quantity for item in terms.items), proof, reference)


def _init_of(terms: CollectionTerms, owner: Address) -> CollectionInit:
    return CollectionInit(
        owner=owner,
        name=terms.name,
        symbol=terms.symbol,
        base_uri=terms.base_uri,
        contract_uri=terms.contract_uri,
        max_supply=terms.max_supply,
        royalty_bps=terms.royalty_bps,
        royalty_receiver=terms.royalty_receiver,
        payout=terms.payout_address,
        mint=_config_of(terms.mint),
    )


def _config_of(rules: MintRules) -> MintConfig:
    return MintConfig(
        price=rules.price,
        start_time=_unix(rules.start_at),
        end_time=_unix(rules.end_at),
        limit_per_wallet=rules.limit_per_wallet,
        allowlist_root=Bytes32(rules.allowlist_root) if rules.allowlist_root else ZERO_BYTES32,
    )


def _unix(at: datetime | None) -> int:
    """Whole seconds; 0 for no time, as the contracts have it."""
    return 0 if at is None else int(at.timestamp())
