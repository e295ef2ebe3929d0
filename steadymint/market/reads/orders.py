"""Lists of orders: the newest, or by price, of everything, a collection, a token, or an account."""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from steadymint.catalog.reads.query import LOOKED_AT, Arguments
from steadymint.domain.market.sides import Side
from steadymint.domain.types import ZERO_ADDRESS
from steadymint.market.reads.filters import LASTS, OrderFilter, collection_of, tests
from steadymint.market.reads.pages import (
    CHEAPEST,
    HIGHEST,
    NEWEST,
    ByAge,
    ByPrice,
    OrderPage,
    merged,
    page_of,
    walk,
)

OrderSort = Literal["newest", "price"]

OFFERS: Final = (Side.ITEM_OFFER, Side.COLLECTION_OFFER, Side.TRAIT_OFFER)
"""The sides that are not a listing."""
OF_ALL_CHAINS: Final = 200
"""Orders of each chain that a page of all chains may read. They are merged by sorting, so all of them are read."""

# Not in the order of the list, so all of them are read and sorted: those that an account has filled last.
_TAKEN: Final = f"""
SELECT o.* FROM (
    SELECT DISTINCT f.order_id FROM (
        SELECT f.order_id FROM catalog_service.order_fills f WHERE f.taker = {{taker}}
        ORDER BY f.filled_at DESC LIMIT {LOOKED_AT}
    ) f
) f CROSS JOIN LATERAL (
    SELECT o.* FROM catalog_service.orders o WHERE o.id = f.order_id LIMIT 1
) o WHERE {{behind}} ORDER BY {NEWEST.by} LIMIT {LOOKED_AT}"""
_OF_EACH_CHAIN: Final = """
SELECT o.* FROM catalog_service.chain_numbers n CROSS JOIN LATERAL ({walk}) o ORDER BY {by} LIMIT {bound}"""

# Only prices in the chain's own currency and its wrapped forms compare. Which of the two kinds a currency is, the
# registry says.
_IS_WRAPPED: Final = """EXISTS (
    SELECT FROM chain_registry_service.chain_contracts k JOIN chain_registry_service.chains n ON n.id = k.chain_id
    WHERE n.caip2 = {chain} AND k.address = {currency} AND k.name = 'wrapped_native')"""


def orders_by_age(asked: OrderFilter, *, after: ByAge | None, limit: int) -> OrderPage[ByAge]:
    """Orders, the newest first."""
    everywhere = asked == _only_tests(asked)
    bound = OF_ALL_CHAINS if everywhere else LOOKED_AT

    def rows(args: Arguments) -> str:
        behind = NEWEST.behind(args, after)
        if everywhere:
            of_chain = walk(NEWEST, f"o.chain_id = n.chain_id AND {behind}", bound)
            return _OF_EACH_CHAIN.format(walk=of_chain, by=NEWEST.by, bound=bound)
        if asked.taker is not None:
            return _TAKEN.format(taker=args.put(asked.taker, "text"), behind=behind)
        return walk(NEWEST, f"{_narrowest(args, asked)} AND {behind}", bound)

    return page_of(NEWEST, rows, lambda args: tests(args, asked), bound=bound, limit=limit)


def orders_by_price(asked: OrderFilter, *, after: ByPrice | None, limit: int) -> OrderPage[ByPrice]:
    """Active orders of a collection or a token in currencies that compare: listings, the cheapest first, or offers, the
    highest first. With `asked.currency`, those in this currency. `asked` names a contract, and sides of one kind."""
    sorting = CHEAPEST if Side.LISTING in asked.sides else HIGHEST

    def rows(args: Arguments) -> str:
        behind, native = sorting.behind(args, after), _is_native(args, asked)
        where = f"o.status = 'active' AND o.is_native = {native} AND {behind}"
        walks = [walk(sorting, f"{one} AND {where}", LOOKED_AT) for one in _of_each_side(args, asked)]
        return merged(sorting, walks, LOOKED_AT)

    def tested(args: Arguments) -> Iterator[str]:
        yield LASTS
        yield from tests(args, asked)

    return page_of(sorting, rows, tested, bound=LOOKED_AT, limit=limit)


def _only_tests(asked: OrderFilter) -> OrderFilter:
    """The filter without the conditions by which an index can be walked."""
    return OrderFilter(
        sides=asked.sides,
        statuses=asked.statuses,
        currency=asked.currency,
        min_price=asked.min_price,
        max_price=asked.max_price,
    )


def _narrowest(args: Arguments, asked: OrderFilter) -> str:
    """The condition by which an index is walked: the one that leaves the fewest orders, as far as can be told."""
    if asked.token_id is not None:
        return f"o.token_id = {_token(args, asked)}"
    if asked.maker is not None:
        return f"o.maker = {args.put(asked.maker, 'text')}"
    if asked.contract is not None:
        return f"o.collection_id = {collection_of(args, asked.chain_id, asked.contract)}"
    return f"o.chain_id = {args.put(asked.chain_id, 'text')}"


def _of_each_side(args: Arguments, asked: OrderFilter) -> Iterator[str]:
    """The conditions of an index for each side: constants, by which Postgres knows the index."""
    if asked.token_id is not None:  # no offer but that for an item names a token
        side = Side.LISTING if Side.LISTING in asked.sides else Side.ITEM_OFFER
        yield f"o.token_id = {_token(args, asked)} AND o.side = '{side.value}'"
        return
    of = f"o.collection_id = {collection_of(args, asked.chain_id, asked.contract)}"
    if Side.LISTING in asked.sides:
        yield f"{of} AND o.side = 'listing'"
    else:
        for side in OFFERS:
            if side in asked.sides:
                yield f"{of} AND o.side <> 'listing' AND o.side = '{side.value}'"


def _token(args: Arguments, asked: OrderFilter) -> str:
    chain, contract = args.put(asked.chain_id, "text"), args.put(asked.contract, "text")
    return f"catalog_service.token_id({chain}, {contract}, {args.put(asked.token_id, 'numeric')})"


def _is_native(args: Arguments, asked: OrderFilter) -> str:
    if asked.currency in (None, ZERO_ADDRESS):
        return "true"
    wrapped = _IS_WRAPPED.format(chain=args.put(asked.chain_id, "text"), currency=args.put(asked.currency, "text"))
    return f"(SELECT {wrapped})"
