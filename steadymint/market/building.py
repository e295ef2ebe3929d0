"""Builds orders for a wallet to sign: with the fee, the royalty and the counter, and the approvals that are missing."""

from __future__ import annotations

import secrets
import time
from typing import Final

import asyncpg

from steadymint.chain.nodes.chain import Chain
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.orders import OrderInspector
from steadymint.domain.errors import InvalidInputError, UnknownCollectionError
from steadymint.domain.market.build import Price, Token
from steadymint.domain.market.drafts import Draft, Wish, any_token, complete, period, preliminary
from steadymint.domain.market.intake import BuiltOrder, BuiltOrders, OrderWish, OrderWishes, WishKind
from steadymint.domain.market.policy import MarketPolicy
from steadymint.domain.market.prices import parse_price
from steadymint.domain.market.sides import UnsupportedOrderError
from steadymint.domain.market.typed_data import bulk_typed_data, order_typed_data
from steadymint.domain.types import Address, Bytes32, ChainId, Standard, Wei
from steadymint.market.intake import chosen
from steadymint.market.new_orders import hash_text
from steadymint.market.policies import policy_of, wrapped_native_of
from steadymint.market.telling import told
from steadymint.market.token_sets import TokenSets, root_of

SALT_BYTES: Final = 32
"""Of chance, so that nobody else knows the hash of an order before it is signed."""

_COLLECTION: Final = """
select id, standard from catalog_service.collections where chain_id = $1 and contract_address = $2"""


class OrderBuilding:
    """Builds the orders of all chains. Share one per process."""

    def __init__(self, pool: asyncpg.Pool, clients: ChainClients) -> None:
        self._pool = pool
        self._clients = clients
        self._inspector = OrderInspector(clients)
        self._sets = TokenSets(pool)

    async def build(self, wishes: OrderWishes) -> BuiltOrders:
        """The orders, as one thing to sign. The set of a trait offer's tokens is kept for a day, so that the signed
        order is known by its root although traits may change. Repeating it gives orders with other salts.

        Raises UnknownChainError, NotFoundError (the chain has no market), UnknownCollectionError, InvalidInputError,
        UpstreamUnavailableError.
        """
        chain_id = wishes.chain_id
        chain = await self._clients.registry.get(chain_id)
        policy = policy_of(chain)
        conduit_key = await self._inspector.conduit_key(chain_id)
        now = int(time.time())
        wanted = [await self._wish(chain, policy, conduit_key, wish, now) for wish in wishes.wishes]
        drafts = await self._drafts(chain_id, policy, wanted, now)
        components = [draft.order.components for draft in drafts]
        single = len(components) == 1
        return BuiltOrders(
            typed_data=(
                order_typed_data(components[0], policy.domain) if single else bulk_typed_data(components, policy.domain)
            ),
            orders=tuple(
                BuiltOrder(
                    order_hash=hash_text(draft.order.hash),
                    components=draft.order.components,
                    findings=told(chain_id, draft.order.read.maker, draft.verdict.findings),
                )
                for draft in drafts
            ),
        )

    async def _drafts(self, chain_id: ChainId, policy: MarketPolicy, wanted: list[Wish], now: int) -> list[Draft]:
        try:
            asked = [preliminary(wish, policy) for wish in wanted]
            facts = await self._inspector.facts(chain_id, asked)
            return [complete(wish, policy, found, now) for wish, found in zip(wanted, facts, strict=True)]
        except UnsupportedOrderError as error:
            raise InvalidInputError(f"The market takes no such order: {error.fault.value.replace('_', ' ')}") from None
        except ValueError as error:
            raise InvalidInputError(str(error)) from None

    async def _wish(self, chain: Chain, policy: MarketPolicy, conduit_key: Bytes32, asked: OrderWish, now: int) -> Wish:
        is_listing = asked.kind is WishKind.LIST
        try:
            start, end = _period(asked, now)
        except ValueError as error:
            raise InvalidInputError(str(error)) from None
        return Wish(
            maker=asked.maker,
            token=await self._token(chain.chain_id, asked),
            price=_price(chain, policy, asked, is_listing),
            is_listing=is_listing,
            start_time=start,
            end_time=end,
            salt=int.from_bytes(secrets.token_bytes(SALT_BYTES)),
            conduit_key=conduit_key,
        )

    async def _token(self, chain_id: ChainId, asked: OrderWish) -> Token:
        row = await self._pool.fetchrow(_COLLECTION, chain_id, asked.contract)
        if row is None:
            raise UnknownCollectionError
        standard = Standard(row["standard"])
        if asked.kind is WishKind.COLLECTION_OFFER:
            return any_token(asked.contract, standard, asked.quantity)
        if asked.kind is WishKind.TRAIT_OFFER:
            tokens = await chosen(self._sets, row["id"], asked.choice)
            root = await root_of(tokens)
            if not asked.choice.tokens:
                await self._sets.keep(chain_id, asked.contract, root, tokens, asked.choice.traits)
            return Token(asked.contract, standard, root, has_criteria=True, quantity=asked.quantity)
        if asked.token_id is None:
            raise InvalidInputError("The order needs a tokenId")
        return Token(asked.contract, standard, asked.token_id, quantity=asked.quantity)


def _price(chain: Chain, policy: MarketPolicy, asked: OrderWish, is_listing: bool) -> Price:
    usual: Address | None = None if is_listing else wrapped_native_of(chain)
    currency = usual if asked.currency is None else asked.currency
    known = policy.currencies.get(currency)
    if known is None:
        raise InvalidInputError("The market does not take this currency")
    prices: list[Wei] = []
    for name, text in (("price", asked.price), ("endPrice", asked.end_price or asked.price)):
        try:
            prices.append(parse_price(text, known.decimals))
        except ValueError as error:
            raise InvalidInputError(f"{name} {error}") from None
    if 0 in prices:
        raise InvalidInputError("A price must be above zero")
    start, end = prices
    return Price(start, end, currency)


def _period(asked: OrderWish, now: int) -> tuple[int, int]:
    """Raises ValueError."""
    if asked.end_time is None:
        return period(now, asked.start_time)
    start = now if asked.start_time is None else asked.start_time
    return period(now, asked.start_time, asked.end_time - start)
