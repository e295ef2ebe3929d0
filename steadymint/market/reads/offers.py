"""Offers that a token or an account could accept, the highest first."""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from decimal import Decimal
from typing import Final

from steadymint.catalog.reads.query import LOOKED_AT, VISIBLE, Query, account, raw
from steadymint.domain.types import Address, ChainId, TokenId
from steadymint.market.orders import COLUMNS, OrderRow
from steadymint.market.reads.orders import ByPrice

_ORDER: Final = "o.price_native DESC, o.id"
_PAGE: Final = f"""
SELECT {COLUMNS} FROM (
    SELECT o.* FROM (
{{rows}}
    ) o
    WHERE {{behind}}
    ORDER BY {_ORDER} LIMIT {{limit}}
) o LEFT JOIN catalog_service.token_sets s ON s.no = o.token_set
ORDER BY {_ORDER}"""
_OFFERED: Final = "o.side <> 'listing' AND o.status = 'active' AND o.is_native"
_BEHIND: Final = "({price} IS NULL OR o.price_native < {price} OR (o.price_native = {price} AND o.id > {id}))"

# Of each kind the best ones only: a page needs no more of any.
_OF_TOKEN: Final = f"""
(SELECT o.* FROM catalog_service.orders o
 WHERE o.token_id = catalog_service.token_id($1::text, $2::text, $3::numeric) AND o.side = 'item_offer'
     AND o.status = 'active' AND o.is_native AND {{behind}}
 ORDER BY {_ORDER} LIMIT {LOOKED_AT})
UNION ALL
(SELECT o.* FROM catalog_service.orders o
 WHERE o.collection_id = c.id AND {_OFFERED} AND {{behind}} AND (o.side = 'collection_offer' OR (
     o.side = 'trait_offer' AND EXISTS (SELECT FROM catalog_service.token_set_members m
         WHERE m.set_no = o.token_set AND m.token_number = $3::numeric)))
 ORDER BY {_ORDER} LIMIT {LOOKED_AT})"""

_RECEIVED: Final = f"""
SELECT o.* FROM (
    SELECT h.collection_id FROM catalog_service.holders h WHERE h.owner = {raw("$1")}
    ORDER BY h.quantity DESC, h.collection_id LIMIT {LOOKED_AT}
) h
JOIN catalog_service.collections c ON c.id = h.collection_id AND {VISIBLE}
CROSS JOIN LATERAL (
    SELECT o.* FROM catalog_service.orders o
    WHERE o.collection_id = c.id AND {_OFFERED} AND o.maker <> $1::text AND {{behind}} AND (
        o.side = 'collection_offer'
        OR (o.side = 'item_offer' AND {{holds}} AND t.token_number = o.token_number))
        OR (o.side = 'trait_offer' AND {{holds}} AND EXISTS (SELECT FROM catalog_service.token_set_members m
            WHERE m.set_no = o.token_set AND m.token_number = t.token_number))))
    ORDER BY {_ORDER} LIMIT {{bound}}
) o"""
_HOLDS: Final = f"""EXISTS (
            SELECT FROM (
                SELECT i.token_number FROM catalog_service.items i
                WHERE i.owner = {account("$1")} AND i.collection = c.no AND i.chain = c.chain_no
                UNION ALL
                SELECT b.token_number FROM catalog_service.unit_balances b
                WHERE b.owner = {raw("$1")} AND b.collection = c.no AND b.quantity > 0
            ) t WHERE true"""


def offers_for_token(
    chain_id: ChainId, contract: Address, token_id: TokenId, *, after: ByPrice | None, limit: int
) -> Query[OrderRow]:
    """Active offers for the token itself, for any token of its collection, and for a set that has it; in currencies
    that compare with the chain's own."""
    behind = _BEHIND.format(price="$4::numeric", id="$5::uuid")
    of_token = _OF_TOKEN.format(behind=behind)
    rows = f"""SELECT o.* FROM catalog_service.collections c CROSS JOIN LATERAL ({of_token}) o
        WHERE c.chain_id = $1::text AND c.contract_address = $2::text AND {VISIBLE}"""
    sql = _PAGE.format(rows=rows, behind="true", limit="$6::bigint")
    return Query(OrderRow, sql, (chain_id, contract, token_id, *_position(after), limit))


def offers_received(owner: Address, *, after: ByPrice | None, limit: int) -> Query[OrderRow]:
    """Active offers of others that the account could accept with what it holds."""
    behind = _BEHIND.format(price="$2::numeric", id="$3::uuid")
    rows = _RECEIVED.format(behind=behind, holds=_HOLDS, bound="$4::bigint")
    sql = _PAGE.format(rows=rows, behind="true", limit="$4::bigint")
    return Query(OrderRow, sql, (owner, *_position(after), limit))


def _position(after: ByPrice | None) -> tuple[Decimal | None, object]:
    return (None, None) if after is None else (Decimal(after.price), after.id)
