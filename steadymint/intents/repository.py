"""The repository of intents. The row is the truth, and the log is what viewers are shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from steadymint.database import NEWEST
from steadymint.domain.errors import HashAlreadyTrackedError, IdempotencyMismatchError, NotFoundError
from steadymint.domain.intents.kinds import KINDS, IntentKind
from steadymint.domain.intents.machine import PREDECESSORS, SETTLED_FROM, STATUS_OF, IntentStatus, Step
from steadymint.domain.intents.rows import Effects, IntentRow, NewIntent, Settled, Sighting
from steadymint.domain.intents.view import IntentError, IntentView, LoggedStep, view_of
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import (
    ChainId,
    IntentId,
    SessionId,
    TxHash,
    UserId,
)
from steadymint.intents import sql
from steadymint.intents.pairing import shares_of

# Steps by which a transaction leaves its block, or another transaction takes its place.
_LEAVES_BLOCK = frozenset({Step.TRACKED, Step.REORGED})


class IntentRepository:
    """The SQL of `orchestrator_service`. Safe to share between tasks and to call concurrently.

    The pool must have the jsonb codec registered (Python objects in and out).
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    # -- one intent --------------------------------------------------------------------------------------------------

    async def create(self, new: NewIntent) -> tuple[IntentRow, bool]:
        """Insert the intent at step `prepared`. The second value says whether this call has done it.

        Raises:
            IdempotencyMismatchError: the id is taken by a request with other content.
        """
        made = await self._pool.fetchrow(
            sql.CREATE,
            new.intent_id,
            new.kind.value,
            new.chain_id,
            new.contract,
            new.match_key,
            dict(new.facts),
            dict(new.foreseen),
            new.user_id,
            str(new.session_id),
            new.account,
            dict(new.request),
            new.request_hash,
            new.idempotency_key,
            new.tx_request.model_dump(mode="json", by_alias=True),
            new.required_confirmations,
            new.workflow_id,
            new.deadline_at,
        )
        if made is not None:
            return _row(made), True
        existing = await self.get(new.intent_id)
        if existing.request_hash != new.request_hash or existing.user_id != new.user_id:
            raise IdempotencyMismatchError(
                "This Idempotency-Key was used with another body. Use a new key for a new request."
            )
        return existing, False

    async def get(self, intent_id: IntentId) -> IntentRow:
        """Raises NotFoundError."""
        return _row(_found(await self._pool.fetchrow(sql.GET, intent_id)))

    async def get_owned(self, intent_id: IntentId, user_id: UserId) -> IntentRow:
        """The intent of this user. Raises NotFoundError also if it is another user's, so that both look the same."""
        return _row(_found(await self._pool.fetchrow(sql.GET_OWNED, intent_id, user_id)))

    async def request_of(self, intent_id: IntentId, user_id: UserId) -> Mapping[str, Any]:
        """The terms of this user's intent as they were prepared. Raises NotFoundError."""
        row = await self._pool.fetchrow(sql.REQUEST_OF, intent_id, user_id)
        return _found(row)["req_payload_json"]

    async def list_owned(
        self,
        user_id: UserId,
        *,
        kind: IntentKind | None = None,
        status: IntentStatus | None = None,
        after: tuple[datetime, UUID] | None = None,
        limit: int = 50,
    ) -> list[IntentRow]:
        """Newest first. `after` is (created_at, intent_id) of the last row already seen."""
        created_at, intent_id = after or NEWEST
        rows = await self._pool.fetch(sql.LIST_OWNED, user_id, kind, status, created_at, intent_id, limit)
        return [_row(row) for row in rows]

    async def transition(
        self,
        intent_id: IntentId,
        to: Step,
        dedupe_key: str,
        *,
        tx_hash: TxHash | None = None,
        tx_nonce: int | None = None,
        block_number: int | None = None,
        block_hash: str | None = None,
        error: IntentError | None = None,
        confirmations: int | None = None,
        standing: Collection[Step] | None = None,
        bound_to: TxHash | None = None,
        effects: Effects | None = None,
    ) -> LoggedStep | None:
        """Take the step `to`, if the state machine has that edge from the present step. If not, nothing changes and the
        answer is None.

        With `standing` the step is taken only from one of these steps, with `bound_to` only while the intent is bound
        to this hash. A repeated call with the same `dedupe_key` returns the line that was written first and changes
        nothing, whatever happened since.

        Raises:
            HashAlreadyTrackedError: `tx_hash` belongs to another intent of the same kind and chain.
        """
        arguments = (
            intent_id,
            dedupe_key,
            to.value,
            STATUS_OF[to].value,
            [step.value for step in PREDECESSORS.get(to, ()) if standing is None or step in standing],
            to in _LEAVES_BLOCK,
            tx_hash,
            tx_nonce,
            block_number,
            block_hash,
            None if error is None else error.model_dump(mode="json", by_alias=True, exclude_none=True),
            confirmations,
            bound_to,
            None if effects is None else dict(effects),
        )
        try:
            taken = await self._pool.fetchrow(sql.TRANSITION, *arguments)
        except asyncpg.UniqueViolationError as clash:
            if getattr(clash, "table_name", None) == "tx_intents":
                raise HashAlreadyTrackedError() from None
            taken = None  # the same call ran beside us and was first; its line is read below
        # Nothing moved: either there is no such edge, or the same call ran beside us and was first.
        fresh = taken is not None and bool(taken["fresh"])
        taken = taken or await self._pool.fetchrow(sql.PRIOR, intent_id, dedupe_key)
        if taken is None:
            return None
        return LoggedStep(intent_id, taken["seq"], view_of(taken["view"]), latest=taken["latest"], fresh=fresh)

    async def extend(self, intent_id: IntentId, until: datetime) -> None:
        """Change the deadline that is shown. This is no step, so the log has no line about it."""
        await self._pool.execute(sql.EXTEND, intent_id, until)

    # -- many at once ------------------------------------------------------------------------------------------------

    async def settle(self, sightings: Iterable[Sighting]) -> list[Settled]:
        """Make every intent `ready` that the chain has fulfilled, with all steps in between, in one statement.

        Sightings under a foreign key, or whose facts are not those of the intent, change nothing and are left out of
        the answer. Repeated, the answer names the same intents with `fresh=False`. Where the kind may be shown in part,
        `steadymint.intents.pairing` says which intent gets which part.
        """
        return await self._move(sql.SETTLE, sightings, SETTLED_FROM)

    async def orphan(self, sightings: Iterable[Sighting]) -> list[Settled]:
        """Make every intent `reorged` whose block has left the chain, in one statement.

        An intent that was settled by another block than the sighting's is left alone.
        """
        return await self._move(sql.ORPHAN, sightings, PREDECESSORS[Step.REORGED])

    async def final_of(self, intent_ids: Iterable[IntentId]) -> dict[IntentId, IntentView]:
        """The views of those intents that have ended."""
        rows = await self._pool.fetch(sql.FINAL_OF, list(intent_ids))
        return {IntentId(row["intent_id"]): view_of(row["view"]) for row in rows}

    async def steps_after(self, intent_id: IntentId, seq: int) -> list[LoggedStep]:
        """The lines of one log beyond `seq`, in order."""
        return (await self.steps_after_many({intent_id: seq})).get(intent_id, [])

    async def steps_after_many(self, known: Mapping[IntentId, int]) -> dict[IntentId, list[LoggedStep]]:
        """The lines of many logs, each beyond its given seq, in one query. Logs without new lines are left out."""
        rows = await self._pool.fetch(sql.STEPS_AFTER_MANY, list(known), list(known.values()))
        logs: dict[IntentId, list[LoggedStep]] = {}
        for row in rows:
            step = LoggedStep(row["intent_id"], row["seq"], view_of(row["view"]), fresh=False)
            logs.setdefault(step.intent_id, []).append(step)
        return logs

    async def _move(self, statement: str, sightings: Iterable[Sighting], standing: Collection[Step]) -> list[Settled]:
        whole, in_part = _by_kind(sightings)
        shares = await shares_of(self._pool, in_part, bound_only=statement == sql.ORPHAN)
        aimed = [*((None, sighting) for sighting in whole), *shares]
        seen = [_record(ord_, sighting, intent_id) for ord_, (intent_id, sighting) in enumerate(aimed)]
        if not seen:
            return []
        predecessors = [step.value for step in standing]
        try:
            rows = await self._pool.fetch(statement, seen, predecessors)
        except asyncpg.UniqueViolationError:
            # A hash was tracked by another intent between our look and our write; the second look sees it.
            rows = await self._pool.fetch(statement, seen, predecessors)
        return [_settled(row) for row in rows]


def _found(row: asyncpg.Record | None) -> asyncpg.Record:
    if row is None:
        raise NotFoundError("There is no such intent, or it is not yours.")
    return row


def _row(row: asyncpg.Record) -> IntentRow:
    return IntentRow(
        intent_id=IntentId(row["intent_id"]),
        kind=IntentKind(row["kind"]),
        chain_id=ChainId(row["chain_id"]),
        user_id=UserId(row["created_by"]),
        step=Step(row["step"]),
        status=IntentStatus(row["status"]),
        seq=row["seq"],
        account=row["account"],
        contract=row["contract"],
        tx_hash=row["tx_hash"],
        tx_nonce=None if row["tx_nonce"] is None else int(row["tx_nonce"]),
        block_number=row["block_number"],
        block_hash=row["block_hash"],
        required_confirmations=row["required_confirmations"],
        session_id=None if row["auth_session_id"] is None else SessionId(UUID(row["auth_session_id"])),
        request_hash=row["request_hash"],
        idempotency_key=row["idempotency_key"],
        tx_request=TxRequest.model_validate(row["tx_request"]),
        match_key=row["match_key"],
        facts=row["facts"],
        deadline_at=row["deadline_at"],
        created_at=row["created_at"],
        workflow_id=row["workflow_id"],
        view=view_of(row["view"]),
    )


def _by_kind(sightings: Iterable[Sighting]) -> tuple[list[Sighting], list[Sighting]]:
    """Those whose facts must be equal to the intent's, and those that may show a part of them."""
    whole, in_part = list[Sighting](), list[Sighting]()
    for one in sightings:
        (in_part if KINDS[one.kind].in_part else whole).append(one)
    return whole, in_part


def _record(ord_: int, seen: Sighting, intent_id: IntentId | None) -> dict[str, Any]:
    """What SQL compares and takes over. `intent_id`: the only intent that it is for."""
    return {
        "ord": ord_,
        "match_key": seen.match_key,
        "kind": seen.kind.value,
        "chain_id": seen.chain_id,
        "facts": seen.facts,
        "effects": seen.effects,
        "tx_hash": seen.tx_hash,
        "block_number": seen.block_number,
        "block_hash": seen.block_hash,
        "intent_id": None if intent_id is None else str(intent_id),
    }


def _settled(row: asyncpg.Record) -> Settled:
    intent_id, seq, fresh = IntentId(row["intent_id"]), row["seq"], row["fresh"]
    views = [view_of(written) for written in row["views"] or ()]
    view = views[-1] if views else view_of(row["view"])
    first = seq - len(views) + 1
    steps = [LoggedStep(intent_id, first + nth, one, latest=first + nth == seq) for nth, one in enumerate(views)]
    return Settled(
        intent_id=intent_id,
        kind=IntentKind(row["kind"]),
        chain_id=ChainId(row["chain_id"]),
        match_key=row["match_key"],
        workflow_id=row["workflow_id"],
        user_id=UserId(row["created_by"]),
        account=row["account"],
        request_hash=row["request_hash"],
        previous=Step(row["previous"]),
        previous_hash=row["previous_hash"],
        tx_hash=row["tx_hash"],
        view=view,
        fresh=fresh,
        steps=tuple(steps),
    )
