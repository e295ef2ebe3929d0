"""What an approval of all tokens of a contract changes: one question to a node, and one statement, for however many
orders of the maker.

It concerns ERC-721 listings. How many units of an ERC-1155 can be filled depends on the balance, so those are checked
one by one.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from steadymint.domain.types import Address, ChainId
from steadymint.market.checking.turns import mine

_CONCERNED: Final = """
o.chain_id = $1 and o.gives = $2 and o.maker = $3 and o.side = 'listing' and o.token_standard = 'erc721'
and o.status in ('active', 'inactive')"""

_SPENDERS: Final = f"""
select distinct coalesce(o.conduit, o.seaport) as spender from catalog_service.orders o
where {_CONCERNED}"""  # noqa: S608 - no value in it

# An order of an unknown conduit has nobody to approve, and one whose amounts overflow was not looked at any further.
_FLIP: Final = f"""
and coalesce(o.conduit, o.seaport) = $4 and not o.reasons && array['unknown_conduit', 'amount_overflow']
and coalesce(o.checked_block, -1) <= $5 and exists (select from mine) and {_CONCERNED}"""

_GIVEN: Final = f"""
with {mine("$1", "$6")}
update catalog_service.orders o set
    reasons = array_remove(o.reasons, 'not_approved'),
    fillable = (array_remove(o.reasons, 'not_approved') = '{{}}')::integer,
    checked_block = $5, checked_at = now()
where 'not_approved' = any(o.reasons) {_FLIP}"""  # noqa: S608 - no value in it

_TAKEN: Final = f"""
with {mine("$1", "$6")}
update catalog_service.orders o set
    reasons = catalog_service.with_reason(o.reasons, 'not_approved'),
    fillable = 0,
    checked_block = $5, checked_at = now()
where not o.approved_alone and not 'not_approved' = any(o.reasons) {_FLIP}"""  # noqa: S608 - no value in it


# A rollback does not put back the block of a check, so such a check may be of a block that is no longer on the chain.
_AHEAD: Final = f"""
select o.id from catalog_service.orders o
where o.checked_block > $4 and {_CONCERNED}"""  # noqa: S608 - no value in it


class Approval(NamedTuple):
    """Whether `spender` may move all tokens of `contract` that `maker` owns, as of `block`."""

    contract: Address
    maker: Address
    spender: Address
    given: bool
    block: int


class Approvals:
    """Writes what approvals of one chain change."""

    def __init__(self, pool: asyncpg.Pool, chain_id: ChainId) -> None:
        self._pool = pool
        self._chain_id = chain_id

    async def spenders(self, contract: Address, maker: Address) -> list[Address]:
        """Who has to be approved for the maker's open listings of the contract."""
        rows = await self._pool.fetch(_SPENDERS, self._chain_id, contract, maker)
        return [row["spender"] for row in rows]

    async def ahead(self, contract: Address, maker: Address, block: int) -> list[UUID]:
        """The maker's open listings of the contract that were checked at a later block, so that an answer as of this
        one is not written to them."""
        rows = await self._pool.fetch(_AHEAD, self._chain_id, contract, maker, block)
        return [row["id"] for row in rows]

    async def write(self, approval: Approval, turn: int) -> int:
        """Make the listings that hang on the approval inactive, or take that reason from them. Returns how many: none
        if the turn is over."""
        status = await self._pool.execute(
            _GIVEN if approval.given else _TAKEN,
            self._chain_id,
            approval.contract,
            approval.maker,
            approval.spender,
            approval.block,
            turn,
        )
        return int(status.rpartition(" ")[2])
