"""Orders of the catalog as somebody fills them: what was signed, and the proof that an offer takes a token."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import asyncpg

from steadymint.chain.nodes.registry import ChainRegistry
from steadymint.domain.errors import InvalidInputError, NotFoundError, UnknownCurrencyError
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.criteria import ANY_TOKEN, CriteriaTree
from steadymint.domain.market.fulfilment.parts import FulfilmentError, GivenToken, Part
from steadymint.domain.market.policy import Currency
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address, Bytes32, ChainId, TokenId, show_address
from steadymint.market.policies import policy_of
from steadymint.market.token_sets import TokenSets

_SIGNED: Final = """
select order_hash, components, signature from catalog_service.orders where chain_id = $1 and order_hash = any($2)"""


class FillableOrders:
    """The orders of all chains, whatever their status."""

    def __init__(self, pool: asyncpg.Pool, registry: ChainRegistry) -> None:
        self._pool = pool
        self._registry = registry
        self._token_sets = TokenSets(pool)

    async def listings(self, chain_id: ChainId, wanted: Sequence[tuple[Bytes32, int]]) -> list[Part]:
        """So many units of each order, in their order.

        Raises NotFoundError for an order that the catalog does not have, InvalidInputError for units that it does not
        have.
        """
        signed = await self._signed(chain_id, [order_hash for order_hash, _ in wanted])
        return [_part(signed[order_hash], units) for order_hash, units in wanted]

    async def offer(self, chain_id: ChainId, order_hash: Bytes32, token_id: TokenId | None, units: int) -> Part:
        """So many units of the offer, for the token.

        Raises NotFoundError if the catalog does not have it, InvalidInputError if it does not take the token.
        """
        order = (await self._signed(chain_id, [order_hash]))[order_hash]
        read = order.read
        if read.criteria is None:
            if token_id not in (None, read.token_id):
                raise InvalidInputError(f"The order is about token {read.token_id}")
            return _part(order, units)
        if token_id is None:
            raise InvalidInputError("The offer takes any of several tokens: name the one that you give as tokenId")
        proof: tuple[bytes, ...] = ()
        if read.criteria != ANY_TOKEN:
            proof = await self._proof(chain_id, read.contract, read.criteria, token_id)
        return _part(order, units, GivenToken(token_id, proof))

    async def currency(self, chain_id: ChainId, address: Address | None) -> Currency:
        """Raises UnknownChainError, NotFoundError (the chain has no market), UnknownCurrencyError."""
        currencies = policy_of(await self._registry.get(chain_id)).currencies
        if address not in currencies:
            assert address is not None, "a chain has a currency of its own"
            raise UnknownCurrencyError(f"{show_address(address)} is not a currency of this market")
        return currencies[address]

    async def _signed(self, chain_id: ChainId, hashes: Sequence[Bytes32]) -> dict[Bytes32, SubmittedOrder]:
        rows = await self._pool.fetch(_SIGNED, chain_id, list(hashes))
        found = {
            Bytes32(row["order_hash"]): SubmittedOrder.of(
                OrderComponents.model_validate(row["components"]), row["signature"]
            )
            for row in rows
        }
        for order_hash in hashes:
            if order_hash not in found:
                raise NotFoundError(f"There is no order {order_hash}")
        return found

    async def _proof(self, chain_id: ChainId, contract: Address, root: int, token_id: TokenId) -> tuple[bytes, ...]:
        """The hashes that lead from the token to the root. A thread makes the tree: a large one takes 30 ms."""
        tokens = await self._token_sets.tokens(chain_id, contract, root)
        if token_id not in tokens:
            raise InvalidInputError("The offer does not take this token")
        tree = await asyncio.to_thread(CriteriaTree, tokens)
        return tuple(tree.proof(token_id))


def _part(order: SubmittedOrder, units: int, given: GivenToken | None = None) -> Part:
    try:
        return Part(order, units, given)
    except FulfilmentError as error:
        raise InvalidInputError(str(error)) from None
