"""Changes of a collection's owner and roles as security events of the users whose wallets they are about.

Only of collections that our factories made: an imported contract may name anybody in any event, and what its import
reads has happened long ago.

An event says what was seen in a block that was deep enough. If the block leaves the chain after all, the entry stays:
the record is of what we were told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from steadymint.audit.entries import Entry, EventType, record_all
from steadymint.domain.types import Address, ChainId
from steadymint.indexing.batch import CollectionEvent

_ABOUT: Final[dict[str, tuple[str, ...]]] = {
    "OwnershipTransferred": ("previousOwner", "newOwner"),
    "RoleGranted": ("account",),
    "RoleRevoked": ("account",),
}
"""The members of an event that say whom it is about."""
_USERS: Final = """
select address, user_id from wallet_service.wallet_links
where address = any($1::text[]) and unlinked_at is null and (chain_id = $2 or type = 'eoa')
"""


async def note(connection: Any, chain_id: ChainId, events: Sequence[CollectionEvent]) -> None:
    """Record the changes, in the caller's transaction. Wallets that no user has are left out; a repeated call records
    nothing. Of one kind of change there is one entry for each contract, block and wallet, however many roles it grants:
    `collection_events` has all of them."""
    changes = [(event, address) for event in events for address in _addresses(event)]
    if not changes:
        return
    rows = await connection.fetch(_USERS, list({address for _, address in changes}), chain_id)
    users = {row["address"]: row["user_id"] for row in rows}
    entries: dict[str, Entry] = {}
    for event, address in changes:
        key = f"{chain_id}:{event.contract}:{event.name}:{event.block}:{address}"
        if address in users and key not in entries:
            entries[key] = Entry(
                EventType.ROLES_CHANGED,
                f"{event.name} of a collection",
                "warning",
                user_id=users[address],
                wallet=Address(address),
                details={
                    "event": event.name,
                    "chainId": chain_id,
                    "contract": event.contract,
                    "txHash": event.tx_hash,
                },
                key=key,
            )
    await record_all(connection, entries.values())


def _addresses(event: CollectionEvent) -> Iterator[str]:
    yield from (event.payload[member] for member in _ABOUT.get(event.name, ()))
