"""The base of the preparing activities: the services that they need, and writing the intent."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from temporalio import activity

from steadymint.domain.collections import Mintable
from steadymint.domain.errors import InvalidInputError, NotFoundError, UnknownCollectionError
from steadymint.domain.intents.approve import ApproveTerms
from steadymint.domain.intents.collection import CollectionOrder
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.kinds import AnyOrder, kind_of
from steadymint.domain.intents.launch import LaunchOrder
from steadymint.domain.intents.messages import Prepared
from steadymint.domain.intents.rows import IntentRow, NewIntent
from steadymint.domain.market.approvals import ApprovalContracts
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.fulfilment.outcomes import Fulfilling
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.market.policy import Currency
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import Address, Bytes32, ChainId, IntentId, Standard, TokenId, UserId, Wei


class Transactions(Protocol):
    """Builds transactions of our contracts and tries them out."""

    async def confirmations(self, chain_id: ChainId) -> int:
        """The number of confirmations that the chain requires. Raises UnknownChainError."""
        ...

    async def request(self, order: AnyOrder, value: Wei = ...) -> TxRequest:
        """The transaction that fulfils the order. Raises UnknownChainError, NotFoundError, InvalidInputError."""
        ...

    async def address_of_collection(self, order: CollectionOrder) -> Address:
        """The exact address that the collection will have. Raises UnknownChainError."""
        ...

    async def address_of_token(self, order: LaunchOrder) -> Address:
        """The exact address that the fungible token will have. Raises UnknownChainError."""
        ...

    async def simulate(self, tx: TxRequest) -> TxRequest:
        """The same transaction with a gas limit, after a simulation.

        Raises NotEligibleError, CallRevertedError, InsufficientFundsError.
        """
        ...


class Collections(Protocol):
    async def mintable(self, chain_id: ChainId, contract: Address) -> Mintable | None:
        """The collection; None if our factory has made no such collection."""
        ...

    async def has_launched(self, chain_id: ChainId, contract: Address) -> bool:
        """Whether a token factory of ours has launched this fungible token."""
        ...


class Metadata(Protocol):
    async def check_next(self, base_uri: str, next_id: int, quantity: int) -> None:
        """Raises MissingMetadataError if so many further ERC-721 tokens would lack documents of a set that we
        publish."""
        ...

    async def check_ids(self, base_uri: str, ids: tuple[TokenId, ...]) -> None:
        """Raises MissingMetadataError if one of these ERC-1155 tokens lacks a document of a set that we publish."""
        ...


class Approvals(Protocol):
    async def contracts(self, chain_id: ChainId) -> ApprovalContracts:
        """Who may be approved, and for which currencies. Raises UnknownChainError."""
        ...

    async def allowed(self, chain_id: ChainId, owner: Address, terms: ApproveTerms) -> int:
        """How much the spender of the terms may move now: an amount of a currency, `ALL` or 0 of tokens.

        Raises ContractNotFoundError, NotACollectionError, UpstreamUnavailableError.
        """
        ...


class KnownOrders(Protocol):
    async def orders_by_hash(self, chain_id: ChainId, hashes: Sequence[Bytes32]) -> Mapping[Bytes32, OrderComponents]:
        """Orders of the catalog, by hash. A hash that is not known is left out."""
        ...


class Orders(Protocol):
    async def all_cancelled(self, chain_id: ChainId, maker: Address, orders: Sequence[OrderComponents]) -> bool:
        """Whether Seaport fills none of the maker's orders any more, since each is cancelled by its hash or by the
        maker's counter.

        Raises UnknownChainError, NotFoundError (the chain has no market), UpstreamUnavailableError.
        """
        ...


class FillableOrders(Protocol):
    async def listings(self, chain_id: ChainId, wanted: Sequence[tuple[Bytes32, int]]) -> list[Part]:
        """So many units of each order of the catalog. Raises NotFoundError, InvalidInputError."""
        ...

    async def offer(self, chain_id: ChainId, order_hash: Bytes32, token_id: TokenId | None, units: int) -> Part:
        """So many units of an offer of the catalog, for the token. Raises NotFoundError, InvalidInputError."""
        ...

    async def currency(self, chain_id: ChainId, address: Address | None) -> Currency:
        """Raises UnknownChainError, NotFoundError (the chain has no market), UnknownCurrencyError."""
        ...


class Rows(Protocol):
    async def get_owned(self, intent_id: IntentId, user_id: UserId) -> IntentRow:
        """The intent of this user. Raises NotFoundError."""
        ...


class Intents(Protocol):
    async def create(self, new: NewIntent) -> IntentRow:
        """Writes the intent at its first step and tells viewers. An existing intent is returned as it is.

        Raises IdempotencyMismatchError if it exists with another request.
        """
        ...


@dataclass(frozen=True, slots=True)
class PreparingNeeds:
    """The services that preparing needs."""

    transactions: Transactions
    collections: Collections
    metadata: Metadata
    approvals: Approvals
    orders: Orders
    known_orders: KnownOrders
    fillable: FillableOrders
    fulfilling: Fulfilling
    rows: Rows
    intents: Intents


class Preparing:
    """Base of the preparing activities. A subclass has one activity, `prepare`, which is `made_once`."""

    def __init__(self, needs: PreparingNeeds) -> None:
        self.transactions = needs.transactions
        self.collections = needs.collections
        self.metadata = needs.metadata
        self.approvals = needs.approvals
        self.orders = needs.orders
        self.known_orders = needs.known_orders
        self.fillable = needs.fillable
        self.fulfilling = needs.fulfilling
        self._rows = needs.rows
        self._intents = needs.intents

    def prepare(self, order: Any, deadline_at: datetime, /) -> Awaitable[Prepared]:
        """Checks the order and writes its intent."""
        raise NotImplementedError

    async def made(self, order: AnyOrder) -> Prepared | None:
        """The intent that an earlier attempt has written for this very request."""
        try:
            row = await self._rows.get_owned(IntentId(order.intent_id), UserId(order.caller.user_id))
        except NotFoundError:
            return None
        return Prepared.of(row) if row.request_hash == order.request_hash else None

    async def known_collection(self, chain_id: ChainId, contract: Address, standard: Standard) -> Mintable:
        """The collection in the catalog. Raises UnknownCollectionError, or InvalidInputError for another standard."""
        found = await self.collections.mintable(chain_id, contract)
        if found is None:
            raise UnknownCollectionError(chainId=chain_id)
        if found.standard is not standard:
            raise InvalidInputError(f"This collection is {found.standard}, not {standard}")
        return found

    async def write(
        self,
        order: AnyOrder,
        tx: TxRequest,
        deadline_at: datetime,
        *,
        contract: Address,
        facts: Facts,
        foreseen: Mapping[str, Any] | None = None,
    ) -> Prepared:
        """Writes the intent, or finds it written with the calldata of an earlier attempt. `contract`: whose rules it is
        under, such as the collection; `foreseen`: effects that are known before it is sent."""
        workflow_id = activity.info().workflow_id
        assert order.caller.session_id is not None, "only a session prepares"
        assert workflow_id is not None, "only a flow prepares"
        kind, intent_id = kind_of(order), IntentId(order.intent_id)
        row = await self._intents.create(
            NewIntent(
                intent_id=intent_id,
                kind=kind.name,
                chain_id=order.chain_id,
                account=order.caller.account,
                user_id=order.caller.user_id,
                session_id=order.caller.session_id,
                contract=contract,
                request=order.terms.model_dump(mode="json"),
                request_hash=order.request_hash,
                idempotency_key=order.idempotency_key,
                tx_request=tx,
                match_key=kind.match_key(intent_id, order.chain_id, facts),
                facts=facts,
                foreseen=foreseen or {},
                required_confirmations=await self.transactions.confirmations(order.chain_id),
                workflow_id=workflow_id,
                deadline_at=deadline_at,
            )
        )
        return Prepared.of(row)


P = TypeVar("P", bound=Preparing)
A = TypeVar("A", bound=AnyOrder)


def made_once(
    prepare: Callable[[P, A, datetime], Awaitable[Prepared]],
) -> Callable[[P, A, datetime], Awaitable[Prepared]]:
    """A decorator of `prepare`: once the intent is written, every further attempt answers with what was written.

    An attempt may end after the row is committed and before Temporal knows: its worker is killed, or the database's
    answer is lost. The chain may say something else by then. The first attempt asks for the row only if it fails, so
    that no prepared intent costs a query more. It must ask then: a flow that another worker takes over counts its
    attempts from 1 again. A later attempt asks at once, because a silent node leaves it no time to fail.
    """

    @functools.wraps(prepare)
    async def call(preparing: P, order: A, deadline_at: datetime) -> Prepared:
        if activity.info().attempt > 1:
            made = await preparing.made(order)
            if made is not None:
                return made
        try:
            return await prepare(preparing, order, deadline_at)
        except Exception:
            made = await preparing.made(order)
            if made is None:
                raise
            return made

    return call
