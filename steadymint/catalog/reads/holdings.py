"""The holders of a collection: balances of each token, and owners of all tokens together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from steadymint.catalog.reads.query import CHAIN, COLLECTION, VISIBLE, Query, account, raw
from steadymint.domain.types import Address, ChainId, TokenId


@dataclass(frozen=True, slots=True)
class Holding:
    """The units of a token that an account holds."""

    token_id: int
    owner: Address
    quantity: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Owner:
    """The units of all tokens of a collection that an account holds, and the total supply."""

    owner: Address
    quantity: int
    total_supply: int
    updated_at: datetime


class AfterHolding(NamedTuple):
    token_id: str
    owner: str


class AfterOwner(NamedTuple):
    quantity: str
    owner: str


# All tokens of a collection are of one standard. A token of an ERC-721 has an owner, one of an ERC-1155 has balances.
_SINGLE: Final = """
    SELECT t.token_number AS token_id, a.address AS owner, 1::numeric AS quantity, t.updated_at
    FROM ({rows}) t
    CROSS JOIN LATERAL (SELECT a.address FROM catalog_service.accounts a WHERE a.no = t.owner LIMIT 1) a"""
_ITEMS: Final = f"""
        SELECT t.token_number, t.owner, t.updated_at FROM catalog_service.items t
        WHERE t.chain = {CHAIN} AND t.collection = {COLLECTION} AND t.owner IS NOT NULL"""  # noqa: S608 - constants
_DIVISIBLE: Final = f"""
    SELECT b.token_number AS token_id, b.owner, b.quantity, b.updated_at
    FROM catalog_service.unit_balances b WHERE b.collection = {COLLECTION} AND b.quantity > 0"""  # noqa: S608 - constants
_SHOWN_HOLDINGS: Final = """
SELECT b.token_id, catalog_service.hex(b.owner) AS owner, b.quantity,
    catalog_service.time_of(b.updated_at) AS updated_at
FROM (({single}) UNION ALL ({divisible})) b
ORDER BY b.token_id, b.owner LIMIT $5
"""

_HOLDINGS: Final = _SHOWN_HOLDINGS.format(
    single=_SINGLE.format(
        rows=f"{_ITEMS} AND t.token_number > coalesce($3::numeric, -1) ORDER BY t.token_number LIMIT $5"
    ),
    divisible=f"""{_DIVISIBLE}
        AND (b.token_number, b.owner) > (coalesce($3::numeric, -1), coalesce({raw("$4")}, ''))
    ORDER BY b.token_number, b.owner LIMIT $5""",
)

_HOLDINGS_OF_TOKEN: Final = _SHOWN_HOLDINGS.format(
    single=_SINGLE.format(rows=f"{_ITEMS} AND t.token_number = $3::numeric LIMIT 1")
    + f" WHERE a.address > coalesce({raw('$4')}, '')",
    divisible=f"""{_DIVISIBLE} AND b.token_number = $3::numeric AND b.owner > coalesce({raw("$4")}, '')
    ORDER BY b.owner LIMIT $5""",
)

# Order: the largest quantity first, and equal quantities by the account's number. The two parts of the key run in
# opposite directions, so one comparison of rows is not enough. First come the other owners with the quantity at which
# the last page ended, then those with less.
_OWNERS: Final = f"""
SELECT catalog_service.hex(a.address) AS owner, o.quantity, o.total_supply,
    catalog_service.time_of(o.updated_at) AS updated_at
FROM (
    SELECT o.owner, o.quantity, c.total_supply, o.updated_at
    FROM catalog_service.collections c
    CROSS JOIN LATERAL (
        (SELECT * FROM catalog_service.holders o
         WHERE o.chain = c.chain_no AND o.collection = c.no AND o.quantity = $3::numeric AND o.owner > {account("$4")}
         ORDER BY o.owner LIMIT $5)
        UNION ALL
        (SELECT * FROM catalog_service.holders o
         WHERE o.chain = c.chain_no AND o.collection = c.no AND o.quantity < coalesce($3::numeric, 'Infinity')
         ORDER BY o.quantity DESC, o.owner LIMIT $5)
    ) o
    WHERE c.chain_id = $1 AND c.contract_address = $2 AND {VISIBLE}
    ORDER BY o.quantity DESC, o.owner LIMIT $5
) o
CROSS JOIN LATERAL (SELECT a.address FROM catalog_service.accounts a WHERE a.no = o.owner LIMIT 1) a
ORDER BY o.quantity DESC, o.owner
"""  # noqa: S608 - constants


def holdings(
    chain_id: ChainId, contract: Address, *, token_id: TokenId | None, after: AfterHolding | None, limit: int
) -> Query[Holding]:
    """Balances by token id and owner; those of one token if `token_id` is given."""
    owner = after.owner if after else None
    if token_id is not None:
        return Query(Holding, _HOLDINGS_OF_TOKEN, (chain_id, contract, token_id, owner, limit))
    number = int(after.token_id) if after else None
    return Query(Holding, _HOLDINGS, (chain_id, contract, number, owner, limit))


def owners(chain_id: ChainId, contract: Address, *, after: AfterOwner | None, limit: int) -> Query[Owner]:
    """The owners of a collection, the largest first."""
    quantity, owner = (int(after.quantity), after.owner) if after else (None, None)
    return Query(Owner, _OWNERS, (chain_id, contract, quantity, owner, limit))
