"""What the catalog says of an imported collection on the word of its contract: who owns it (ERC-173).

Its name and symbol were asked once, when it was imported. Roles, mint rules and pauses are what only our own contracts
mean by their events.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import asyncpg

from steadymint.domain.types import ChainId

_ZERO: Final = "0x" + "0" * 40

_FOLLOW: Final = f"""
update catalog_service.collections c
set owner = nullif(last.owner, '{_ZERO}'), last_event_block = last.block_number, updated_at = last.at
from unnest($2::text[]) as spoken (contract), lateral (
    select e.args ->> 'newOwner' as owner, e.block_number, e.at from catalog_service.collection_events e
    where e.chain_id = $1 and e.contract = spoken.contract
    order by e.block_number desc, e.log_index desc limit 1) last
where c.chain_id = $1 and c.contract_address = spoken.contract and c.source = 'import'"""  # noqa: S608 - a constant

# Nothing is left of what it said: whoever the first event taken back names as the owner before.
_FORGET: Final = f"""
update catalog_service.collections c
set owner = nullif(undone.owner, '{_ZERO}'), last_event_block = null, updated_at = c.created_at
from unnest($2::text[], $3::text[]) as undone (contract, owner)
where c.chain_id = $1 and c.contract_address = undone.contract and c.source = 'import'
  and not exists (select from catalog_service.collection_events e
      where e.chain_id = $1 and e.contract = undone.contract)"""  # noqa: S608 - a constant


class ImportedRows:
    """Of one chain, over the writer's connection, inside the caller's transaction."""

    def __init__(self, connection: asyncpg.Connection, chain_id: ChainId) -> None:
        self._connection = connection
        self._chain_id = chain_id

    async def follow(self, contracts: Collection[str]) -> None:
        """The owner is who the last event names."""
        if contracts:
            await self._connection.execute(_FOLLOW, self._chain_id, list(contracts))

    async def retreat(self, previous: dict[str, str]) -> None:
        """After events were deleted. `previous` maps contract -> owner before the first event that was deleted."""
        if not previous:
            return
        await self._connection.execute(_FORGET, self._chain_id, list(previous), list(previous.values()))
        await self.follow(previous)
