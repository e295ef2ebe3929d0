"""The settlement of a refresh: one transaction writes tokens, traits, queue and progress.

It never waits for a lock while it holds others. It locks the row of the refresh first, and then only rows that are not
locked. The indexer locks the same tokens and entries in another order, and a deadlock must never abort the indexer.
Rows that the indexer has locked stay in the queue and are read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, cast
from uuid import UUID

import asyncpg

from steadymint.domain.metadata import Attribute, ContractDocument, NormalisedDocument
from steadymint.metadata import announced, hostile
from steadymint.metadata.entries import Entry
from steadymint.metadata.uris import picture, shown


class EntryVerdict(StrEnum):
    """What the reading of an entry came to."""

    READ = "read"
    """There is a new document."""
    UNCHANGED = "unchanged"
    """The document is the one that Postgres has already."""
    FAILED = "failed"
    """The document is not tried again."""
    DELAYED = "delayed"
    """The document is tried again later."""
    GONE = "gone"
    """The token is burned, so it has no traits."""
    LEFT = "left"
    """There is nothing to do: the document must not be read, or there is no such document or token."""


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """The outcome of one entry of the queue."""

    entry: Entry
    verdict: EntryVerdict
    uri: str | None = None
    document: NormalisedDocument | ContractDocument | None = None
    doc_id: str | None = None
    error: str | None = None
    """`code: why`."""
    wait: float = 0.0
    """Seconds until the next try of a delayed entry."""
    counts: bool = True
    """Whether the try counts. A throttled try does not."""
    name: str | None = None
    """The name that an imported contract gives itself."""


@dataclass(frozen=True, slots=True)
class SettledCounts:
    """The counts of one transaction or of a whole batch."""

    read: int = 0
    failed: int = 0
    delayed: int = 0
    traits_changed: bool = False

    def __add__(self, other: SettledCounts) -> SettledCounts:
        return SettledCounts(
            self.read + other.read,
            self.failed + other.failed,
            self.delayed + other.delayed,
            self.traits_changed or other.traits_changed,
        )


class TraitWriterLike(Protocol):
    """The catalog's writer of traits. It replaces the traits of tokens, given by number. The caller's transaction has
    locked these tokens."""

    async def write(
        self,
        connection: asyncpg.Connection,
        collection_id: UUID,
        documents: Sequence[tuple[int, Sequence[Attribute]]],
    ) -> bool:
        """Returns whether ranks must be computed again."""
        ...


_LOCK_STATE: Final = """
select 1 from catalog_service.sync_state where collection_id = $1 and source = 'metadata' for no key update"""

_HOLD_ENTRIES: Final = """
select subject_id from catalog_service.metadata_queue where subject_id = any($1::uuid[]) and collection_id = $2
order by subject_id for update skip locked"""

_HOLD_TOKENS: Final = """
select t.token_number from catalog_service.items t
where t.chain = (select chain_no from catalog_service.collections where id = $1)
    and t.collection = (select no from catalog_service.collections where id = $1)
    and t.token_number = any($2::text[]::numeric[])
order by t.token_number for no key update of t skip locked"""

_HOLD_COLLECTION: Final = """
select id from catalog_service.collections where id = $1 for no key update skip locked"""

# A token that cannot be read keeps its earlier values. A burned token counts as never read, in case it is minted again.
_TOKENS: Final = """
update catalog_service.items t set
    name = case r.verdict when 'read' then r.name else t.name end,
    image_url = case r.verdict when 'read' then r.image_url else t.image_url end,
    animation_url = case r.verdict when 'read' then r.animation_url else t.animation_url end,
    metadata_url = case when r.verdict = 'gone' then t.metadata_url else coalesce(r.metadata_url, t.metadata_url) end,
    metadata_doc = coalesce(r.metadata_doc, t.metadata_doc),
    metadata_status = case r.verdict when 'gone' then null when 'failed' then 'failed' else 'ok' end,
    metadata_error = case r.verdict when 'failed' then r.error end,
    last_refresh_at = $10
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
    as r (number, verdict, name, image_url, animation_url, metadata_url, metadata_doc, error)
where t.chain = (select chain_no from catalog_service.collections where id = $1)
    and t.collection = (select no from catalog_service.collections where id = $1)
    and t.token_number = r.number::numeric"""

_COLLECTION: Final = """
update catalog_service.collections set
    contract_uri = coalesce($2, contract_uri), description = coalesce($3, description),
    image_url = coalesce($4, image_url), banner_url = coalesce($5, banner_url),
    website_url = coalesce($6, website_url), metadata_doc = coalesce($7, metadata_doc),
    metadata_status = $8, metadata_error = $9, name = coalesce($10, name)
where id = $1"""

_DONE: Final = """
delete from catalog_service.metadata_queue q using unnest($1::uuid[], $2::bigint[], $3::boolean[])
    as r (subject_id, generation, failed)
where q.subject_id = r.subject_id and q.generation = r.generation returning r.failed"""

_LATER: Final = """
update catalog_service.metadata_queue q set
    attempts = q.attempts + r.counts::int, due_at = now() + make_interval(secs => r.wait), last_error = r.error
from unnest($1::uuid[], $2::bigint[], $3::float8[], $4::boolean[], $5::text[])
    as r (subject_id, generation, wait, counts, error)
where q.subject_id = r.subject_id and q.generation = r.generation"""

_PROGRESS: Final = """
update catalog_service.sync_state set done = done + $2, failed = failed + $3, last_run_at = now()
where collection_id = $1 and source = 'metadata'"""


class Settlement:
    """Writes outcomes."""

    def __init__(self, pool: asyncpg.Pool, traits: TraitWriterLike) -> None:
        self._pool = pool
        self._traits = traits

    async def settle(self, collection_id: UUID, outcomes: Sequence[EntryOutcome], at: datetime) -> SettledCounts:
        """Write all outcomes in one transaction. Entries that are gone were settled by another attempt and are not
        counted again. For entries that were requested again meanwhile the rows are written and the entry stays."""
        async with self._pool.acquire() as leased, leased.transaction():
            connection = cast(asyncpg.Connection, leased)
            await connection.execute(_LOCK_STATE, collection_id)
            held = await self._hold(connection, collection_id, outcomes)
            await self._write_tokens(connection, collection_id, held, at)
            await self._write_collection(connection, held)
            changed = [outcome for outcome in held if _changes_traits(outcome)]
            traits = [(_number(outcome), _attributes(outcome)) for outcome in changed]
            traits_changed = bool(changed) and await self._traits.write(connection, collection_id, traits)
            settled = await _leave_queue(connection, held)
            await connection.execute(_PROGRESS, collection_id, settled.read, settled.failed)
            await announced.count(connection, collection_id, sum(map(_was_announced, held)))
            failures = [one.error or "" for one in held if one.verdict is EntryVerdict.FAILED]
            await hostile.note(connection, collection_id, failures, at)
        return SettledCounts(settled.read, settled.failed, settled.delayed, traits_changed)

    async def _hold(
        self, connection: asyncpg.Connection, collection_id: UUID, outcomes: Sequence[EntryOutcome]
    ) -> list[EntryOutcome]:
        """Lock rows and return the outcomes whose rows could be locked."""
        ids = [outcome.entry.subject_id for outcome in outcomes]
        entries = {row["subject_id"] for row in await connection.fetch(_HOLD_ENTRIES, ids, collection_id)}
        numbers = [str(_number(outcome)) for outcome in outcomes if _writes_token(outcome)]
        tokens = {row["token_number"] for row in await connection.fetch(_HOLD_TOKENS, collection_id, numbers)}
        collection_held = any(_writes_collection(outcome) for outcome in outcomes) and bool(
            await connection.fetch(_HOLD_COLLECTION, collection_id)
        )

        def is_ours(outcome: EntryOutcome) -> bool:
            if _writes_token(outcome):
                return outcome.entry.token_number in tokens
            return collection_held or not _writes_collection(outcome)

        return [outcome for outcome in outcomes if outcome.entry.subject_id in entries and is_ours(outcome)]

    async def _write_tokens(
        self, connection: asyncpg.Connection, collection_id: UUID, held: Sequence[EntryOutcome], at: datetime
    ) -> None:
        rows = [_token_row(outcome) for outcome in held if _writes_token(outcome)]
        if rows:
            await connection.execute(_TOKENS, collection_id, *map(list, zip(*rows, strict=True)), at)

    async def _write_collection(self, connection: asyncpg.Connection, held: Sequence[EntryOutcome]) -> None:
        for outcome in held:
            if _writes_collection(outcome):
                await connection.execute(_COLLECTION, outcome.entry.subject_id, *_collection_row(outcome))


async def _leave_queue(connection: asyncpg.Connection, held: Sequence[EntryOutcome]) -> SettledCounts:
    done = [outcome for outcome in held if outcome.verdict is not EntryVerdict.DELAYED]
    later = [outcome for outcome in held if outcome.verdict is EntryVerdict.DELAYED]
    deleted = await connection.fetch(
        _DONE,
        [outcome.entry.subject_id for outcome in done],
        [outcome.entry.generation for outcome in done],
        [outcome.verdict is EntryVerdict.FAILED for outcome in done],
    )
    if later:
        await connection.execute(
            _LATER,
            [outcome.entry.subject_id for outcome in later],
            [outcome.entry.generation for outcome in later],
            [outcome.wait for outcome in later],
            [outcome.counts for outcome in later],
            [outcome.error for outcome in later],
        )
    return SettledCounts(read=len(deleted), failed=sum(row["failed"] for row in deleted), delayed=len(later))


def _was_announced(outcome: EntryOutcome) -> bool:
    return outcome.entry.reason == "event" and outcome.verdict not in (EntryVerdict.GONE, EntryVerdict.LEFT)


def _writes_token(outcome: EntryOutcome) -> bool:
    return outcome.entry.kind == "token" and outcome.verdict not in (EntryVerdict.DELAYED, EntryVerdict.LEFT)


def _writes_collection(outcome: EntryOutcome) -> bool:
    return outcome.entry.kind == "contract" and outcome.verdict is not EntryVerdict.DELAYED


def _changes_traits(outcome: EntryOutcome) -> bool:
    return outcome.entry.kind == "token" and outcome.verdict in (EntryVerdict.READ, EntryVerdict.GONE)


def _attributes(outcome: EntryOutcome) -> Sequence[Attribute]:
    return outcome.document.attributes if isinstance(outcome.document, NormalisedDocument) else ()


def _number(outcome: EntryOutcome) -> int:
    """Of the token that an outcome is about."""
    assert outcome.entry.token_number is not None, "what writes a token has one"
    return outcome.entry.token_number


def _token_row(
    outcome: EntryOutcome,
) -> tuple[str, str, str | None, str | None, str | None, str | None, str | None, str | None]:
    found = outcome.document if isinstance(outcome.document, NormalisedDocument) else NormalisedDocument()
    return (
        str(_number(outcome)),
        outcome.verdict.value,
        found.name,
        picture(found.image),
        picture(found.animation_url),
        shown(outcome.uri),
        outcome.doc_id,
        outcome.error,
    )


def _collection_row(outcome: EntryOutcome) -> tuple[str | None, ...]:
    found = outcome.document if isinstance(outcome.document, ContractDocument) else ContractDocument()
    status = {EntryVerdict.READ: "ok", EntryVerdict.UNCHANGED: "ok", EntryVerdict.FAILED: "failed"}.get(outcome.verdict)
    return (
        shown(outcome.uri),
        found.description,
        picture(found.image),
        picture(found.banner),
        found.external_url,
        outcome.doc_id,
        status,
        outcome.error,
        outcome.name,
    )
