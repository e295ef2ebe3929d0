"""What is at stake where somebody may move the tokens of an account: how many there are, and their value at the
floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import asyncpg

from steadymint.domain.types import Address, ChainId

_STAKES: Final = """
select slug, name, tokens, tokens * floor as value, operator_name
from (
    select c.slug, c.name, s.floor_price_native as floor, k.name as operator_name, a.place,
        case when c.id is null then null when a.is_one then 1 else coalesce(h.quantity, 0) end as tokens
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[])
        with ordinality a (owner, chain_id, contract, operator, is_one, place)
    left join catalog_service.collections c on c.chain_id = a.chain_id and c.contract_address = a.contract
    left join catalog_service.accounts o on o.address = catalog_service.raw_address(a.owner)
    left join catalog_service.holders h on h.chain = c.chain_no and h.collection = c.no and h.owner = o.no
    left join catalog_service.collection_stats s on s.collection_id = c.id
    left join chain_registry_service.chains r on r.caip2 = a.chain_id
    left join chain_registry_service.chain_contracts k on k.chain_id = r.id and k.address = a.operator
) one
order by place"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose tokens of which contract, and who may move them."""

    owner: Address
    chain_id: ChainId
    contract: Address
    operator: Address
    is_one: bool = False
    """Whether they may move one token only."""


@dataclass(frozen=True, slots=True)
class Stake:
    """What the operator may move."""

    slug: str | None
    name: str | None
    """Of the collection; None for a contract that the catalog does not have."""
    tokens: int | None
    """Units that the account has of it, or the one that may be moved; None for such a contract."""
    value: Decimal | int | None
    """At the floor, in whole units of the chain's currency. None without a floor."""
    operator_name: str | None
    """The role of the operator's contract in the registry, such as `seaport`; None for one that is not registered."""


async def stakes_of(pool: asyncpg.Pool, asked: Sequence[Asked]) -> list[Stake]:
    """The stakes, in the order of `asked`. The cost is a few reads by key for each."""
    names = ("owner", "chain_id", "contract", "operator", "is_one")
    rows = await pool.fetch(_STAKES, *([getattr(one, name) for one in asked] for name in names))
    return [Stake(**row) for row in rows]
