"""The usernames behind addresses, for pages that show many addresses at once. SQL of `user_service` and
`wallet_service`.

A name is told of the wallet that the user's profile shows, to those who may see that it is theirs. An account with a
private key is the same person on every chain; a contract's address means nothing on another chain than its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg

from steadymint.domain.types import Address, ChainId, UserId
from steadymint.identity.users.privacy import Member, visible
from steadymint.identity.users.relations import RELATION, relation_of

_NAMES: Final = f"""
SELECT w.address, p.username, r.privacy_level, {RELATION}
FROM wallet_service.wallet_links w
JOIN user_service.users u USING (user_id)
JOIN user_service.profiles p USING (user_id)
JOIN user_service.user_preferences r USING (user_id)
WHERE w.address = ANY($1::text[]) AND w.unlinked_at IS NULL AND w.is_primary
    AND (w.chain_id = $3 OR w.type = 'eoa') AND u.status = 'active' AND p.username IS NOT NULL
"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class Named:
    """An address and the name of its user."""

    address: Address
    username: str


async def names_of(
    pool: asyncpg.Pool, chain_id: ChainId, addresses: Sequence[Address], viewer: UserId | None
) -> list[Named]:
    """The names that the viewer may see, in the order of the addresses. An address that two users have, on two chains,
    has none. One statement."""
    rows = await pool.fetch(_NAMES, list(dict.fromkeys(addresses)), viewer, chain_id)
    users = Counter(row["address"] for row in rows)
    found = {
        row["address"]: row["username"]
        for row in rows
        if users[row["address"]] == 1
        and {Member.USERNAME, Member.ADDRESS} <= visible(row["privacy_level"], relation_of(row).viewer)
    }
    return [Named(address, found[address]) for address in dict.fromkeys(addresses) if address in found]
