"""The ranking of a collection: it reads the traits of all tokens in one snapshot, scores them, and writes the scores
that have changed.

The arithmetic runs in a thread. Rows travel to and from the database as arrays (`rank_rows`), so there is no Python
object for each token, and the event loop only passes buffers on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import Any, Final
from uuid import UUID

import asyncpg

from steadymint.catalog.rank_rows import LINKS, NOTHING, TOKENS, VALUES, Ranked, read, written
from steadymint.catalog.rarity import Method, score
from steadymint.catalog.trait_writer import settle_types

SOURCE: Final = "steadymint"
"""`rarity_scores.source` of our own ranks."""

MIN_TOKENS: Final = 2
"""A collection of one token has nothing to compare."""

_TIMEOUT: Final = 600.0
"""Seconds for a statement that moves a whole collection."""

_ROUNDS: Final = 3
"""Attempts of one ranking. If traits change during each of them, the next ranking continues."""

_STATE: Final = """
select c.standard, s.status, s.cursor, (
    select count(*) from catalog_service.items t where t.chain = c.chain_no and t.collection = c.no
        and case when t.supply is null then t.owner is not null else t.supply > 0 end) as tokens
from catalog_service.collections c
left join catalog_service.sync_state s on s.collection_id = c.id and s.source = 'rarity'
where c.id = $1"""

_TAKE_TURNS: Final = "select pg_advisory_xact_lock(hashtextextended('catalog_service.rarity_scores/' || $1::uuid, 0))"

# Whether a ranking that began later has stored its result.
_OVERTAKEN: Final = """
select s.status = 'done' and s.cursor is distinct from $2 from catalog_service.collections c
left join catalog_service.sync_state s on s.collection_id = c.id and s.source = 'rarity'
where c.id = $1"""

# The key lets the planner look rows up here, whatever it estimates for the other tables.
_NEW_TABLE: Final = """
create temporary table rank_new (token_id uuid, method text, score double precision, rank integer) on commit drop"""
_NEW_TABLE_FILLED: Final = "alter table rank_new add primary key (token_id, method); analyze rank_new"

# Scores name tokens by id, and rows of `items` have no id.
_TOKENS: Final = """
create temporary table rank_tokens on commit drop as
select catalog_service.token_id(c.chain_id, c.contract_address, t.token_number) as id, t.*
from catalog_service.collections c, lateral (
    select chain, collection, token_number from catalog_service.items
    where chain = c.chain_no and collection = c.no offset 0) t
where c.id = $1"""
_TOKENS_FILLED: Final = "alter table rank_tokens add primary key (id); analyze rank_tokens"

# The tokens whose rows change. A token that a reorg has locked is skipped: the reorg deletes its rows and makes ranks
# due again. A reorg that comes later waits here, before it has locked any row that this transaction needs.
_TOUCHED: Final = """
create temporary table rank_touched on commit drop as
select t.id, t.token_number from rank_tokens i join (
    select n.token_id from rank_new n
    left join catalog_service.rarity_scores r on r.token_id = n.token_id and r.method = n.method and r.source = $2
    where (r.score, r.rank) is distinct from (n.score, n.rank)
    union
    select r.token_id from catalog_service.rarity_scores r
    where r.collection_id = $1 and r.source = $2 and not exists (
        select from rank_new n where n.token_id = r.token_id and n.method = r.method)
) c on c.token_id = i.id, lateral (
    select i.id, t.token_number from catalog_service.items t
    where t.chain = i.chain and t.collection = i.collection and t.token_number = i.token_number
    for key share of t skip locked) t"""
_TOUCHED_FILLED: Final = "alter table rank_touched add primary key (id); analyze rank_touched"

_DROP_SCORES: Final = """
delete from catalog_service.rarity_scores r using rank_touched t
where r.token_id = t.id and r.source = $1 and not exists (
    select from rank_new n where n.token_id = r.token_id and n.method = r.method)"""
_PUT_SCORES: Final = """
insert into catalog_service.rarity_scores as r (token_id, collection_id, method, source, score, rank, token_number)
select n.token_id, $1, n.method, $2, n.score, n.rank, t.token_number
from rank_touched t join rank_new n on n.token_id = t.id
on conflict (token_id, method, source) do update set score = excluded.score, rank = excluded.rank, updated_at = now()
where (r.score, r.rank) is distinct from (excluded.score, excluded.rank)"""

_DROP_PRODUCTS: Final = """
delete from catalog_service.token_rarity r using rank_touched t
where r.token_id = t.id and not exists (select from rank_new n where n.token_id = r.token_id)"""
_PUT_PRODUCTS: Final = """
insert into catalog_service.token_rarity as r (token_id, rarity_score_product)
select n.token_id, n.score from rank_touched t join rank_new n on n.token_id = t.id and n.method = $1
on conflict (token_id) do update set rarity_score_product = excluded.rarity_score_product
where r.rarity_score_product <> excluded.rarity_score_product"""

_SHARES: Final = """
with shared as (
    select v.id, least(v.occurrences::float8 / greatest($2::bigint, 1), 1) as frequency,
        case when t.value_type = 'string' and $3::bigint > 0 then $3::float8 / v.occurrences end as rarity_score
    from catalog_service.traits t join catalog_service.trait_values v on v.trait_id = t.id
    where t.collection_id = $1 and v.occurrences > 0
)
update catalog_service.trait_values v set frequency = s.frequency, rarity_score = s.rarity_score
from shared s where v.id = s.id and (v.frequency, v.rarity_score) is distinct from (s.frequency, s.rarity_score)"""

_FINISH: Final = """
insert into catalog_service.sync_state as s (collection_id, source, status, cursor, total, done, last_run_at)
values ($1, 'rarity', 'done', $2, $3, $4, now())
on conflict (collection_id, source) do update set
    status = case when s.cursor is not distinct from $2 then 'done' else s.status end,
    total = excluded.total, done = excluded.done, last_run_at = excluded.last_run_at
returning status = 'done'"""


class RankOutcome(StrEnum):
    """The outcome of a ranking."""

    RANKED = "ranked"
    """Every token whose document was read has its rank by every method."""
    UNCHANGED = "unchanged"
    """No trait has changed since the last ranking, so nothing was read."""
    TOO_FEW = "too_few"
    """There are fewer than two tokens, so none has a rank."""
    NOT_UNIQUE = "not_unique"
    """It is an ERC-1155. A token id has many units, and OpenRarity takes ERC-721 only, so none has a rank."""
    OVERTAKEN = "overtaken"
    """Traits changed during every attempt. The stored ranks are complete but old, and `sync_state` still says `due`, so
    the collection is ranked again."""
    GONE = "gone"
    """There is no such collection, or it was deleted meanwhile."""


@dataclass(frozen=True, slots=True)
class RankSummary:
    """The result of a ranking: the number of tokens with a rank, and of stored scores that have changed. Each token has
    six scores."""

    collection_id: UUID
    outcome: RankOutcome
    tokens: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class _Snapshot:
    ranked: Ranked
    outcome: RankOutcome
    alive: int
    cursor: str | None


@dataclass(frozen=True, slots=True)
class _Wrote:
    changed: int
    current: bool
    """Whether no trait changed between reading and writing."""


class Ranking:
    """Ranks collections."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def rank(self, collection_id: UUID, *, again: bool = False) -> RankSummary:
        """Bring scores, ranks and shares of a collection up to date with its traits.

        Idempotent. If no trait has changed, it does nothing, unless `again` is set. All rows are written in one
        transaction, so readers see the old ranks or the new ones, and a kill leaves all or nothing. Concurrent rankings
        of a collection write one after the other, and one that has read older traits than the stored result writes
        nothing.
        """
        tokens = changed = 0
        for _ in range(_ROUNDS):
            found = await self._read(collection_id, again=again)
            if not isinstance(found, _Snapshot):
                return RankSummary(collection_id, found)
            try:
                wrote = await self._write(collection_id, found)
            except asyncpg.ForeignKeyViolationError:  # deleted since we read it
                wrote = None
            if wrote is None:
                return RankSummary(collection_id, RankOutcome.GONE)
            tokens, changed = len(found.ranked.ids), changed + wrote.changed
            if wrote.current:
                return RankSummary(collection_id, found.outcome, tokens, changed)
        return RankSummary(collection_id, RankOutcome.OVERTAKEN, tokens, changed)

    async def _read(self, collection_id: UUID, *, again: bool) -> _Snapshot | RankOutcome:
        async with self._pool.acquire() as connection:
            state = await connection.fetchrow(_STATE, collection_id)
            if state is None:
                return RankOutcome.GONE
            if state["status"] == "done" and not again:
                return RankOutcome.UNCHANGED
            async with connection.transaction():
                await settle_types(connection, collection_id)
            async with connection.transaction(isolation="repeatable_read"):
                state = await connection.fetchrow(_STATE, collection_id)
                if state is None:
                    return RankOutcome.GONE
                if state["standard"] != "erc721":
                    return _Snapshot(NOTHING, RankOutcome.NOT_UNIQUE, state["tokens"], state["cursor"])
                copied = [await _copied(connection, query, collection_id) for query in (TOKENS, VALUES, LINKS)]
        ranked = await asyncio.to_thread(_ranked, *copied)
        outcome = RankOutcome.RANKED if ranked is not NOTHING else RankOutcome.TOO_FEW
        return _Snapshot(ranked, outcome, state["tokens"], state["cursor"])

    async def _write(self, collection_id: UUID, found: _Snapshot) -> _Wrote | None:
        """None if the collection is gone."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_TAKE_TURNS, collection_id, timeout=_TIMEOUT)
            overtaken = await connection.fetchrow(_OVERTAKEN, collection_id, found.cursor)
            if overtaken is None:
                return None
            if overtaken[0]:
                return _Wrote(0, current=True)
            changed = await self._write_scores(connection, collection_id, found.ranked)
            await connection.execute("select catalog_service.lock_collections(array[$1::uuid])", collection_id)
            ranked = len(found.ranked.ids)
            await connection.execute(_SHARES, collection_id, found.alive, ranked, timeout=_TIMEOUT)
            current = await connection.fetchval(_FINISH, collection_id, found.cursor, found.alive, ranked)
            return _Wrote(changed, current)

    async def _write_scores(self, connection: Any, collection_id: UUID, ranked: Ranked) -> int:
        async def run(statement: str, *arguments: Any) -> int:
            return int((await connection.execute(statement, *arguments, timeout=_TIMEOUT)).rpartition(" ")[2])

        await connection.execute(_NEW_TABLE)
        await connection.copy_to_table("rank_new", source=_streamed(ranked), format="binary", timeout=_TIMEOUT)
        await connection.execute(_NEW_TABLE_FILLED, timeout=_TIMEOUT)
        await run(_TOKENS, collection_id)
        await connection.execute(_TOKENS_FILLED, timeout=_TIMEOUT)
        await run(_TOUCHED, collection_id, SOURCE)
        await connection.execute(_TOUCHED_FILLED, timeout=_TIMEOUT)
        changed = await run(_DROP_SCORES, SOURCE)
        changed += await run(_PUT_SCORES, collection_id, SOURCE)
        await run(_DROP_PRODUCTS)
        await run(_PUT_PRODUCTS, Method.STATISTICAL)
        return changed


async def _copied(connection: Any, query: str, collection_id: UUID) -> bytes:
    buffer = BytesIO()
    await connection.copy_from_query(query, collection_id, output=buffer, format="binary", timeout=_TIMEOUT)
    return buffer.getvalue()


async def _streamed(ranked: Ranked) -> AsyncIterator[bytes]:
    rows = written(ranked)
    while chunk := await asyncio.to_thread(next, rows, b""):
        yield chunk


def _ranked(tokens: bytes, values: bytes, links: bytes) -> Ranked:
    ids, traits = read(tokens, values, links)
    return Ranked(ids, score(traits)) if len(ids) >= MIN_TOKENS else NOTHING
