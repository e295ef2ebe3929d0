"""The refresh queue, write side: it adds entries. `steadymint.metadata.entries` takes them out.

An entry is a stored request to read one document. It is written in the transaction of its cause (a mint, an event, a
click) and deleted when the request is answered. A request that arrives meanwhile raises the entry's generation, and an
answer to an older generation does not delete the entry.

A request for a few tokens makes an entry for each. A request for a whole collection, or for a wide range of token
numbers as ERC-4906 allows in one log, makes one row: a *token range*, which the refresh turns into entries. So a log
that names 2^256 tokens costs the indexer one row, and a thousand such logs update the same row.

A transaction that writes several kinds writes token ranges before contracts' own documents. Two transactions that lock
these rows in different orders would wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

import asyncpg

from steadymint.domain.types import UINT256_MAX

NARROW: Final = 100
"""Token numbers of a range that is written as entries at once. A wider range is stored as one row."""

Reason = Literal["mint", "event", "burn", "request", "import"]
"""Only `request` overrules a frozen collection, so a later event does not replace it. The budget of what contracts
announce is for `event` only."""


@dataclass(frozen=True, slots=True)
class TokenRange:
    """A range of token numbers of a collection, both ends included."""

    collection_id: UUID
    first: int
    last: int

    @property
    def narrow(self) -> bool:
        return self.last - self.first < NARROW


# Contracts announce their mints, in the same transaction. So the first event leaves the reason of a mint that was not
# tried yet. A second one replaces it: otherwise a contract that announces in every block would pass its budget.
AGAIN: Final = """
on conflict (subject_id) do update set
    generation = q.generation + 1,
    reason = case
        when q.reason = 'request' then q.reason
        when q.reason in ('mint', 'import') and excluded.reason = 'event' and q.generation = 1 and q.last_error is null
        then q.reason
        else excluded.reason end,
    attempts = 0,
    due_at = least(q.due_at, excluded.due_at),
    requested_at = excluded.requested_at,
    last_error = null"""

# $1 token ids, $2 their collections, $3 their numbers, $4 reason. Sorted, so two writers lock in the same order.
ENQUEUE_TOKENS: Final = f"""
insert into catalog_service.metadata_queue as q (subject_id, collection_id, kind, reason, token_number)
select distinct on (token_id) token_id, collection_id, 'token', $4, number::numeric
from unnest($1::uuid[], $2::uuid[], $3::text[]) as given (token_id, collection_id, number)
order by token_id {AGAIN}"""  # noqa: S608 - no value in it

# $1 collections, $2 first numbers, $3 last numbers, $4 reason. Only tokens that exist.
ENQUEUE_NARROW: Final = f"""
insert into catalog_service.metadata_queue as q (subject_id, collection_id, kind, reason, token_number)
select distinct on (t.id) t.id, token_range.collection_id, 'token', $4, t.token_number
from unnest($1::uuid[], $2::numeric[], $3::numeric[]) as token_range (collection_id, first, last), lateral (
    select c.no, c.chain_no, c.chain_id, c.contract_address from catalog_service.collections c
    where c.id = token_range.collection_id limit 1) c, lateral (
    select catalog_service.token_id(c.chain_id, c.contract_address, t.token_number) as id, t.token_number
    from catalog_service.items t
    where t.chain = c.chain_no and t.collection = c.no and t.token_number between token_range.first and token_range.last
    offset 0) t
order by t.id {AGAIN}"""  # noqa: S608 - no value in it

# The collections' own documents. $1 collections, $2 reason.
ENQUEUE_CONTRACTS: Final = f"""
insert into catalog_service.metadata_queue as q (subject_id, collection_id, kind, reason)
select distinct collection_id, collection_id, 'contract', $2
from unnest($1::uuid[]) as given (collection_id)
order by collection_id {AGAIN}"""  # noqa: S608 - no value in it

# $1 collections, $2 first numbers, $3 last numbers, $4 reason. `cursor` is "{reason}:{first}:{last}" of the rest that
# is not turned into entries yet. Two ranges become the one that holds both.
ENQUEUE_WIDE: Final = """
insert into catalog_service.sync_state as s (collection_id, source, cursor, status, started_at)
select collection_id, 'metadata', concat_ws(':', $4::text, min(first), max(last)), 'due', now()
from unnest($1::uuid[], $2::numeric[], $3::numeric[]) as token_range (collection_id, first, last)
group by collection_id order by collection_id
on conflict (collection_id, source) do update set
    cursor = case when s.cursor is null then excluded.cursor else concat_ws(':',
        case when split_part(s.cursor, ':', 1) = 'request' then 'request' else split_part(excluded.cursor, ':', 1) end,
        least(split_part(s.cursor, ':', 2)::numeric, split_part(excluded.cursor, ':', 2)::numeric),
        greatest(split_part(s.cursor, ':', 3)::numeric, split_part(excluded.cursor, ':', 3)::numeric)) end,
    status = case when s.status = 'running' then s.status else 'due' end,
    started_at = case when s.status in ('due', 'running') then s.started_at else now() end,
    done = case when s.status in ('due', 'running') then s.done else 0 end,
    failed = case when s.status in ('due', 'running') then s.failed else 0 end"""


async def enqueue_tokens(
    connection: asyncpg.Connection, tokens: Sequence[tuple[UUID | str, UUID | str, int]], reason: Reason
) -> None:
    """Add tokens, given as (token id, collection id, token number). All functions here run in the caller's
    transaction."""
    if tokens:
        ids, collections, numbers = zip(*tokens, strict=True)
        await connection.execute(ENQUEUE_TOKENS, list(ids), list(collections), list(map(str, numbers)), reason)


async def enqueue_ranges(connection: asyncpg.Connection, ranges: Sequence[TokenRange], reason: Reason) -> None:
    """Add tokens by number. Numbers without a token are left out."""
    for statement, chosen in (
        (ENQUEUE_NARROW, [one for one in ranges if one.narrow]),
        (ENQUEUE_WIDE, [one for one in ranges if not one.narrow]),
    ):
        if chosen:
            await connection.execute(
                statement,
                [one.collection_id for one in chosen],
                [one.first for one in chosen],
                [one.last for one in chosen],
                reason,
            )


async def enqueue_contracts(connection: asyncpg.Connection, collections: Sequence[UUID | str], reason: Reason) -> None:
    """Add the collections' own documents (ERC-7572)."""
    if collections:
        await connection.execute(ENQUEUE_CONTRACTS, list(collections), reason)


async def enqueue_everything(connection: asyncpg.Connection, collections: Sequence[UUID], reason: Reason) -> None:
    """Add every token of the collections and their own documents."""
    await enqueue_ranges(connection, [whole(collection_id) for collection_id in collections], reason)
    await enqueue_contracts(connection, collections, reason)


def whole(collection_id: UUID) -> TokenRange:
    """Every token of a collection."""
    return TokenRange(collection_id, 0, UINT256_MAX)
