"""Offers that a token or an account could accept."""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from steadymint.catalog.reads.query import (
    LOOKED_AT,
    VISIBLE,
    Arguments,
    account,
    chain_number,
    collection_number,
    raw,
)
from steadymint.domain.types import Address, ChainId, TokenId
from steadymint.market.reads.filters import LASTS, SEEN, collection_of
from steadymint.market.reads.pages import HIGHEST, NEWEST, ByAge, ByPrice, OrderPage, at_most, merged, page_of, walk

HELD_LOOKED_AT: Final = 200
"""Collections of an account whose offers are looked at: those of which it holds most."""
RECEIVED_LOOKED_AT: Final = 400
"""Offers that one page of received offers may look at. Whether a trait offer takes one of the account's tokens can cost
as many probes as it holds tokens of the collection."""

_IN_SET: Final = """(o.side <> 'trait_offer' OR EXISTS (
    SELECT FROM catalog_service.token_set_members m WHERE m.set_no = o.token_set AND m.token_number = {token}
    OFFSET 0))"""

_RECEIVED: Final = f"""
SELECT o.* FROM (
    SELECT k.id FROM (
        SELECT h.collection FROM catalog_service.holders h WHERE {{held}}
        ORDER BY h.quantity DESC, h.collection LIMIT {HELD_LOOKED_AT}
    ) h CROSS JOIN LATERAL (
        SELECT c.id FROM catalog_service.collections c WHERE c.no = h.collection LIMIT 1
    ) c CROSS JOIN LATERAL (
        SELECT o.id, o.created_at FROM catalog_service.orders o
        WHERE o.collection_id = c.id AND o.side <> 'listing' AND o.status = 'active' AND {{behind}}
        ORDER BY {NEWEST.by} {at_most(RECEIVED_LOOKED_AT)}
    ) k ORDER BY k.created_at DESC, k.id DESC LIMIT {RECEIVED_LOOKED_AT}
) k CROSS JOIN LATERAL (
    SELECT o.* FROM catalog_service.orders o WHERE o.id = k.id LIMIT 1
) o ORDER BY {NEWEST.by} LIMIT {RECEIVED_LOOKED_AT}"""

# A token of an ERC-721 has an owner, one of an ERC-1155 has balances.
_OWNED: Final = """catalog_service.items i WHERE i.chain = c.chain_no AND i.collection = c.no
    AND i.owner = {account}"""
_HELD: Final = """catalog_service.unit_balances b WHERE b.collection = c.no
    AND b.owner = {raw} AND b.quantity > 0"""
_ACCEPTABLE: Final = f"""(
    SELECT {VISIBLE} AND CASE o.side
    WHEN 'collection_offer' THEN true
    WHEN 'item_offer' THEN
        EXISTS (SELECT FROM {_OWNED} AND i.token_number = o.token_number OFFSET 0)
        OR EXISTS (SELECT FROM {_HELD} AND b.token_number = o.token_number OFFSET 0)
    ELSE
        EXISTS (SELECT FROM {_OWNED} AND EXISTS (
            SELECT FROM catalog_service.token_set_members m
            WHERE m.set_no = o.token_set AND m.token_number = i.token_number OFFSET 0) OFFSET 0)
        OR EXISTS (SELECT FROM {_HELD} AND EXISTS (
            SELECT FROM catalog_service.token_set_members m
            WHERE m.set_no = o.token_set AND m.token_number = b.token_number OFFSET 0) OFFSET 0)
    END FROM catalog_service.collections c WHERE c.id = o.collection_id)"""


def offers_for_token(
    chain_id: ChainId, contract: Address, token_id: TokenId, *, after: ByPrice | None, limit: int
) -> OrderPage[ByPrice]:
    """Active offers for the token itself, for any token of its collection, and for a set that has it, the highest
    first; in currencies that compare with the chain's own."""

    def rows(args: Arguments) -> str:
        behind = HIGHEST.behind(args, after)
        chain, address, token = args.put(chain_id, "text"), args.put(contract, "text"), args.put(token_id, "numeric")
        of_token = f"o.token_id = catalog_service.token_id({chain}, {address}, {token}) AND o.side = 'item_offer'"
        of_any = f"o.collection_id = {collection_of(args, chain_id, contract)} AND o.side <> 'listing'"
        where = f"o.status = 'active' AND o.is_native = true AND {behind}"
        walks = [
            walk(HIGHEST, f"{which} AND {where}", LOOKED_AT)
            for which in (
                of_token,
                f"{of_any} AND o.side = 'collection_offer'",
                f"{of_any} AND o.side = 'trait_offer'",
            )
        ]
        return merged(HIGHEST, walks, LOOKED_AT)

    def tested(args: Arguments) -> Iterator[str]:
        yield from (SEEN, LASTS)
        yield _IN_SET.format(token=args.put(token_id, "numeric"))

    return page_of(HIGHEST, rows, tested, bound=LOOKED_AT, limit=limit)


def offers_received(
    owner: Address,
    *,
    chain_id: ChainId | None = None,
    contract: Address | None = None,
    after: ByAge | None,
    limit: int,
) -> OrderPage[ByAge]:
    """Active offers of others, in any currency, that the account could accept with what it holds; the newest first. A
    contract needs its chain."""

    def rows(args: Arguments) -> str:
        held = [f"h.owner = {account(args.put(owner))}"]
        if chain_id is not None:
            chain = args.put(chain_id)
            held.append(f"h.chain = {chain_number(chain)}")
            if contract is not None:
                held.append(f"h.collection = {collection_number(chain, args.put(contract))}")
        return _RECEIVED.format(held=" AND ".join(held), behind=NEWEST.behind(args, after))

    def tested(args: Arguments) -> Iterator[str]:
        mine = args.put(owner)
        yield from (LASTS, f"o.maker <> {mine}::text")
        yield _ACCEPTABLE.format(account=account(mine), raw=raw(mine))

    return page_of(NEWEST, rows, tested, bound=RECEIVED_LOOKED_AT, limit=limit)
