"""Preparing an intent: terms become calldata that the contract is known to accept, and a row.

Local activities, inside the request of a waiting user. Every attempt ends in the same intent: its id, reference and
calldata are derived from the order alone, and the row is inserted only once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from temporalio import activity

from steadymint.domain.errors import InvalidInputError, NotEligibleError, UnknownCollectionError
from steadymint.domain.flows import CollectionOrder, IntentOrder, MintOrder, MintTerms, Prepared, Standard
from steadymint.domain.intents import (
    Expectation,
    IntentKind,
    IntentView,
    Record,
    TxRequest,
    reference_of,
    workflow_id_of,
)
from steadymint.domain.types import Address, Bytes32, ChainId, IntentId, Wei
from steadymint.durable.failures import activity_boundary


class NewIntent(Record):
    """An intent as it is first written."""

    intent_id: IntentId
    kind: IntentKind
    chain_id: ChainId
    account: Address
    user_id: UUID
    session_id: UUID
    contract: Address | None
    preview_address: Address | None
    reference: Bytes32
    required_confirmations: int
    request: dict[str, Any]
    request_hash: str
    idempotency_key: str | None
    tx_request: TxRequest
    expectation: Expectation
    workflow_id: str
    deadline_at: datetime


class Mintable(Record):
    """What the catalog knows of a collection that matters to a mint."""

    standard: Standard
    price: int
    """Wei for one token, as last indexed."""
    base_uri: str = ""
    """Where its tokens' metadata is, as last indexed."""
    next_id: int = 1
    """ERC-721: the id after the last one that is indexed."""


class Calldata(Protocol):
    """Builds transactions of our contracts and tries them out."""

    async def confirmations(self, chain_id: ChainId) -> int:
        """How many the chain requires. Raises UnknownChainError."""
        ...

    async def create_collection(self, order: CollectionOrder, reference: Bytes32) -> tuple[TxRequest, Address]:
        """The factory call and the exact address the collection will have. Raises UnknownChainError."""
        ...

    def mint(self, order: MintOrder, terms: MintTerms, reference: Bytes32, value: Wei) -> TxRequest: ...

    async def simulate(self, tx: TxRequest) -> None:
        """`eth_call` of the very transaction. Raises NotEligibleError, CallRevertedError, InsufficientFundsError."""
        ...


class Collections(Protocol):
    async def mintable(self, chain_id: ChainId, contract: Address) -> Mintable | None: ...


class Metadata(Protocol):
    async def check_mint(self, base_uri: str, next_id: int, terms: MintTerms) -> None:
        """Raises MissingMetadataError if tokens would be minted without the metadata that we are to hold for them."""
        ...


class Intents(Protocol):
    async def create(self, intent: NewIntent) -> IntentView:
        """Writes the intent at its first step and tells viewers; an intent that exists is returned as it is.

        Raises IdempotencyMismatchError if it exists with another request.
        """
        ...


class Preparing:
    """The local activities `prepare_collection` and `prepare_mint`."""

    def __init__(self, calldata: Calldata, collections: Collections, metadata: Metadata, intents: Intents) -> None:
        self._calldata = calldata
        self._collections = collections
        self._metadata = metadata
        self._intents = intents

    @activity.defn
    @activity_boundary
    async def prepare_collection(self, order: CollectionOrder, deadline_at: datetime) -> Prepared:
        """The factory's calldata with the exact address the collection will have, checked by `eth_call`."""
        assert order.terms is not None
        confirmations = await self._calldata.confirmations(order.chain_id)
        tx, preview = await self._calldata.create_collection(order, reference_of(IntentId(order.intent_id)))
        await self._calldata.simulate(tx)
        expectation = Expectation(contract=preview, minter=order.caller.account)
        view = await self._intents.create(
            _new_intent(
                order,
                IntentKind.COLLECTION,
                tx,
                expectation,
                request=order.terms.model_dump(mode="json"),
                confirmations=confirmations,
                deadline_at=deadline_at,
                preview_address=preview,
            )
        )
        return Prepared(view=view, tx_request=tx, preview_address=preview)

    @activity.defn
    @activity_boundary
    async def prepare_mint(self, order: MintOrder, deadline_at: datetime) -> Prepared:
        """The mint's calldata, once the contract is seen to accept it: window, limit, supply, allowlist and price.

        The contract's own reasons come first; then no token is minted whose metadata we know to be missing.
        """
        assert order.terms is not None
        terms = order.terms
        confirmations = await self._calldata.confirmations(order.chain_id)
        collection = await self._collections.mintable(order.chain_id, terms.contract)
        if collection is None:
            raise UnknownCollectionError(chainId=order.chain_id)
        if collection.standard is not terms.standard:
            raise InvalidInputError(f"This collection is {collection.standard}, not {terms.standard}")
        tx = await self._accepted_mint(order, terms, collection.price)
        await self._metadata.check_mint(collection.base_uri, collection.next_id, terms)
        view = await self._intents.create(
            _new_intent(
                order,
                IntentKind.MINT,
                tx,
                _expected_of_mint(order, terms),
                request=terms.model_dump(mode="json"),
                confirmations=confirmations,
                deadline_at=deadline_at,
                contract=terms.contract,
            )
        )
        return Prepared(view=view, tx_request=tx)

    async def _accepted_mint(self, order: MintOrder, terms: MintTerms, price: int) -> TxRequest:
        """The catalog's price is as old as the last indexed block: if the contract names another, ask it again."""
        reference = reference_of(IntentId(order.intent_id))
        tx = self._calldata.mint(order, terms, reference, Wei(price * total_quantity(terms)))
        try:
            await self._calldata.simulate(tx)
        except NotEligibleError as error:
            due = _price_due(error)
            if due is None:
                raise
            tx = self._calldata.mint(order, terms, reference, due)
            await self._calldata.simulate(tx)
        return tx


def total_quantity(terms: MintTerms) -> int:
    """Tokens of an ERC-721 mint, units over all ids of an ERC-1155 mint: what the price is multiplied by."""
    return terms.quantity if terms.quantity is not None else sum(item.quantity for item in terms.items)


def _price_due(error: NotEligibleError) -> Wei | None:
    if error.extra.get("reason") != "WrongPayment":
        return None
    return Wei(int(error.extra["arguments"]["due"]))


def _expected_of_mint(order: MintOrder, terms: MintTerms) -> Expectation:
    return Expectation(
        contract=terms.contract,
        minter=order.caller.account,
        recipient=terms.to,
        quantity=terms.quantity,
        quantities={str(item.token_id): str(item.quantity) for item in terms.items} or None,
    )


def _new_intent(
    order: IntentOrder,
    kind: IntentKind,
    tx: TxRequest,
    expectation: Expectation,
    *,
    request: dict[str, Any],
    confirmations: int,
    deadline_at: datetime,
    contract: Address | None = None,
    preview_address: Address | None = None,
) -> NewIntent:
    assert order.caller.session_id is not None, "only a session prepares"
    intent_id = IntentId(order.intent_id)
    return NewIntent(
        intent_id=intent_id,
        kind=kind,
        chain_id=order.chain_id,
        account=order.caller.account,
        user_id=order.caller.user_id,
        session_id=order.caller.session_id,
        contract=contract or preview_address,
        preview_address=preview_address,
        reference=reference_of(intent_id),
        required_confirmations=confirmations,
        request=request,
        request_hash=order.request_hash,
        idempotency_key=order.idempotency_key,
        tx_request=tx,
        expectation=expectation,
        workflow_id=workflow_id_of(kind, intent_id),
        deadline_at=deadline_at,
    )
