"""The owner of imported collections, as their contracts' events name it (ERC-173).

Name and symbol are read once, at the import. Roles, mint rules and pauses are not read, since those events have their
meaning only in our own contracts.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import asyncpg

from steadymint.domain.types import ZERO_ADDRESS, ChainId

_FOLLOW: Final = f"""
update catalog_service.collections c
set owner = nullif(last.owner, '{ZERO_ADDRESS}'), last_event_block = last.block_number, updated_at = last.at
from unnest($2::text[]) as said (contract), lateral (
    select e.args ->> 'newOwner' as owner, e.block_number, e.at from catalog_service.collection_events e
    where e.chain_id = $1 and e.contract = said.contract
    order by e.block_number desc, e.log_index desc limit 1) last
where c.chain_id = $1 and c.contract_address = said.contract and c.source = 'import'"""  # noqa: S608 - a constant

# No event of the contract is left. The owner is the previous owner of the first event that was removed.
_FORGET: Final = f"""
update catalog_service.collections c
set owner = nullif(undone.owner, '{ZERO_ADDRESS}'), last_event_block = null, updated_at = c.created_at
from unnest($2::text[], $3::text[]) as undone (contract, owner)
where c.chain_id = $1 and c.contract_address = undone.contract and c.source = 'import'
  and not exists (select from catalog_service.collection_events e
      where e.chain_id = $1 and e.contract = undone.contract)"""  # noqa: S608 - a constant


class ImportedRows:
    """Writes imported collections of one chain, on the writer's connection and in the caller's transaction."""

    def __init__(self, connection: asyncpg.Connection, chain_id: ChainId) -> None:
        self._connection = connection
        self._chain_id = chain_id

    async def follow(self, contracts: Collection[str]) -> None:
        """Set the owner of each contract to the one that its last event names."""
        if contracts:
            await self._connection.execute(_FOLLOW, self._chain_id, list(contracts))

    async def retreat(self, previous: dict[str, str]) -> None:
        """Correct the owners after events were deleted. `previous` maps a contract to its owner before the first of
        them."""
        if not previous:
            return
        await self._connection.execute(_FORGET, self._chain_id, list(previous), list(previous.values()))
        await self.follow(previous)
