"""The subject `approvals`: whom accounts let move their tokens and currencies.

Each approval is a line of `approvals_history`. The row of `approvals` is the last line of the same owner, contract and
operator, so after a rollback it is read from the lines that are left. Approvals of any account are kept: its wallet may
be linked later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import ClassVar, Final

from steadymint.indexing.subjects.approvals import fold, gathered, topics
from steadymint.indexing.subjects.folding import Handler
from steadymint.indexing.subjects.subject import RenderedBatch, Subject, Undoing

_WRITE: Final = """
with said as (
    select * from unnest(
        $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::numeric[], $9::text[],
        $10::timestamptz[]
    ) s (place, owner, contract, operator, standard, approved, amount, tx_hash, at)
), logged as (
    insert into wallet_service.approvals_history
        (chain_id, place, owner, contract, operator, standard, approved, amount, tx_hash, at)
    select $1, place, owner, contract, operator, standard, approved, amount, tx_hash, at from said
    on conflict do nothing
)
insert into wallet_service.approvals as a
    (owner, chain_id, contract, operator, standard, approved, amount, tx_hash, approved_at, revoked_at, updated_at)
select distinct on (owner, contract, operator) owner, $1, contract, operator, standard, approved, amount, tx_hash,
    case when approved then at end, case when not approved then at end, at
from said order by owner, contract, operator, place desc
on conflict (owner, chain_id, contract, operator) do update set standard = excluded.standard,
    approved = excluded.approved, amount = excluded.amount, tx_hash = excluded.tx_hash,
    approved_at = excluded.approved_at, revoked_at = excluded.revoked_at, updated_at = excluded.updated_at"""

_UNDONE: Final = """
delete from wallet_service.approvals_history where chain_id = $1 and place >= $2 returning owner, contract, operator"""
_CLEAR: Final = """
delete from wallet_service.approvals a using unnest($2::text[], $3::text[], $4::text[]) k (owner, contract, operator)
where a.chain_id = $1 and a.owner = k.owner and a.contract = k.contract and a.operator = k.operator"""
_RESTORE: Final = """
insert into wallet_service.approvals
    (owner, chain_id, contract, operator, standard, approved, amount, tx_hash, approved_at, revoked_at, updated_at)
select k.owner, $1, k.contract, k.operator, h.standard, h.approved, h.amount, h.tx_hash,
    case when h.approved then h.at end, case when not h.approved then h.at end, h.at
from unnest($2::text[], $3::text[], $4::text[]) k (owner, contract, operator) cross join lateral (
    select * from wallet_service.approvals_history h
    where h.chain_id = $1 and h.owner = k.owner and h.contract = k.contract and h.operator = k.operator
    order by h.place desc limit 1
) h"""


class Approvals(Subject):
    """Writes approvals, and restores those that were replaced by what is undone."""

    ours: ClassVar[Mapping[str, Handler]] = {topics.APPROVAL_FOR_ALL: fold.approval_for_all}
    imported: ClassVar[Mapping[str, Handler]] = ours
    passing: ClassVar[Collection[str]] = frozenset(ours)

    async def write(self, rendered: RenderedBatch) -> None:
        found: gathered.Approvals | None = rendered.batch.parts.get(gathered.Approvals)
        if found is None:
            return
        *columns, times = zip(*found.said, strict=True)
        at = [datetime.fromtimestamp(seconds, UTC) for seconds in times]
        await self._connection.execute(_WRITE, self._chain_id, *map(list, columns), at)
        self._fault("approvals")

    async def undo(self, undoing: Undoing) -> None:
        rows = await self._connection.fetch(_UNDONE, self._chain_id, undoing.place)
        keys = sorted({(row["owner"], row["contract"], row["operator"]) for row in rows})
        if keys:
            columns = [list(column) for column in zip(*keys, strict=True)]
            await self._connection.execute(_CLEAR, self._chain_id, *columns)
            await self._connection.execute(_RESTORE, self._chain_id, *columns)
