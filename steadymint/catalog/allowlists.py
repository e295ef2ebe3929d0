"""Published allowlists, by their roots. A list is its root, so nobody can publish a wrong one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import asyncpg

from steadymint.database import in_batches
from steadymint.domain.allowlists import AllowlistTree, leaf_of
from steadymint.domain.errors import RateLimitedError
from steadymint.domain.types import Address, Bytes32, UserId

KEPT: Final = timedelta(days=30)
"""How long a list waits for a collection that names it. Publishing it again begins the days anew."""
SWEPT_AT_ONCE: Final = 20
"""Lists of one transaction: each may be three megabytes."""
_DAY: Final = 86_400.0
"""Seconds."""

# One after another for each user, so that two requests at once do not both count the last one of the day.
_TURN: Final = "select pg_advisory_xact_lock(hashtextextended('catalog_service.allowlists/' || $1::text, 0))"
_AGAIN: Final = "update catalog_service.allowlists set published_at = now() where root = $1 returning root"
_OF_THE_DAY: Final = """
select count(*) as lists, extract(epoch from min(created_at) + interval '1 day' - now())::float8 as wait
from catalog_service.allowlists where published_by = $1 and created_at > now() - interval '1 day'"""
_PUBLISH: Final = """
insert into catalog_service.allowlists (root, nodes, published_by) values ($1, $2, $3) on conflict (root) do nothing"""
# The column is stored outside of the row and as it is, so that `substr` and `length` read what they need of it: of the
# largest list some 150 pages of memory, most of them of its index, and a kilobyte leaves the database. The list is
# 400 pages and 3.2 MB. $2 is the leaf. Leaves stand in descending order at the end of the tree.
PROOF: Final = """
with recursive tree as materialized (
    select nodes, (length(nodes) / 32 + 1) / 2 as size from catalog_service.allowlists where root = $1
), search as (
    select size - 1 as low, 2 * size - 2 as high from tree
    union all
    select case when behind then low else middle + 1 end, case when behind then middle else high end
    from (
        select low, high, (low + high) / 2 as middle, substr(nodes, (low + high) / 2 * 32 + 1, 32) <= $2 as behind
        from search cross join tree where low < high
    ) halved
), way as (
    select low as place from search cross join tree where low = high and substr(nodes, low * 32 + 1, 32) = $2
    union all
    select (place - 1) / 2 from way where place > 0
)
select
    exists (select from way) as listed,
    array(
        select '0x' || encode(substr(nodes, (place - 1 + 2 * (place % 2)) * 32 + 1, 32), 'hex')
        from way cross join tree where place > 0 order by place desc
    ) as proof
from tree
"""
# A list that a collection has ever named stays: the index may be going back, or begin anew.
_NAMED: Final = """
update catalog_service.allowlists set named = true where not named
    and exists (select from catalog_service.collection_mint_config m where m.allowlist_root = allowlists.root)
"""
_DELETE: Final = """
delete from catalog_service.allowlists where root = any (array (
    select root from catalog_service.allowlists where not named and published_at < now() - $1::interval
    order by published_at limit $2 for update skip locked
))
"""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What a published list says of an account."""

    proof: tuple[Bytes32, ...] | None
    """What the contract takes as proof that the account is on the list; None if it is not."""


class Allowlists:
    """Published allowlists. Share one per process."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def publish(self, tree: AllowlistTree, publisher: UserId, per_day: int) -> None:
        """Keeps the tree. Publishing one again counts for nobody, and its `KEPT` begins anew.

        Raises RateLimitedError if the publisher has published `per_day` new ones within a day.
        """
        async with self._pool.acquire() as leased, leased.transaction():
            connection: Any = leased
            if await connection.fetchval(_AGAIN, tree.root) is not None:
                return
            await connection.execute(_TURN, str(publisher))
            row = await connection.fetchrow(_OF_THE_DAY, publisher)
            if row["lists"] >= per_day:
                raise RateLimitedError(retry_after=min(row["wait"], _DAY), limit="allowlists-of-a-day")
            await connection.execute(_PUBLISH, tree.root, tree.nodes, publisher)

    async def of(self, root: Bytes32, account: Address) -> Eligibility | None:
        """What the list of that root says of the account; None if nobody has published it."""
        row = await self._pool.fetchrow(PROOF, root, leaf_of(account))
        if row is None:
            return None
        return Eligibility(tuple(map(Bytes32, row["proof"])) if row["listed"] else None)


class AllowlistSweep:
    """Deletes lists that no collection of the catalog has named within `KEPT`. Several processes may sweep at once."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def run(self) -> int:
        """Delete all such lists and return their number. Each batch is a transaction of its own."""
        await self._pool.execute(_NAMED)
        return await in_batches(self._pool, _DELETE, KEPT, SWEPT_AT_ONCE)
