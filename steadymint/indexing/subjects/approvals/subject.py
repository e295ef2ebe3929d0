"""The subject `approvals`: whom accounts let move their tokens and currencies.

Each change of an approval is a line of `approvals_history`. The row of `approvals` is the last line of the same owner,
contract, operator and token, so after a rollback it is read from the lines that are left. Approvals of any account are
kept: its wallet may be linked later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from steadymint.domain.types import ZERO_ADDRESS
from steadymint.indexing.batch import Batch
from steadymint.indexing.store.writer import Writer
from steadymint.indexing.subjects.approvals import fold, gathered, rows, topics
from steadymint.indexing.subjects.approvals.gathered import TokenWord
from steadymint.indexing.subjects.folding import Handler
from steadymint.indexing.subjects.subject import ChainTerms, Fault, RenderedBatch, Subject, Undoing


class Approvals(Subject):
    """Writes approvals, and restores those that were replaced by what is undone."""

    ours: ClassVar[Mapping[str, Handler]] = {topics.APPROVAL_FOR_ALL: fold.approval_for_all}
    imported: ClassVar[Mapping[str, Handler]] = ours

    def __init__(self, writer: Writer, terms: ChainTerms, fault: Fault) -> None:
        super().__init__(writer, terms, fault)
        self._contracts: set[str] | None = None
        """Those of whose tokens a single one was ever approved, and maybe some more. Transfers of other contracts end
        no approval, and cost no statement. None until they are read."""

    async def write(self, rendered: RenderedBatch) -> None:
        found = rendered.batch.parts.get(gathered.Approvals) or gathered.Approvals()
        if found.said:
            *columns, times = zip(*found.said, strict=True)
            await self._connection.execute(rows.WRITE, self._chain_id, *map(list, columns), _times(times))
        words = await self._words(rendered.batch, found.of_tokens)
        if words:
            statement = rows.WRITE_TOKENS_PLAINLY if self._writer.in_history else rows.WRITE_TOKENS
            *columns, times = zip(*words, strict=True)
            await self._connection.execute(statement, self._chain_id, *map(list, columns), _times(times))
        if found.said or words:
            self._fault("approvals")

    async def undo(self, undoing: Undoing) -> None:
        keys = await self._connection.fetch(rows.UNDO, self._chain_id, undoing.place)
        if keys:
            columns = [list(column) for column in zip(*keys, strict=True)]
            await self._connection.execute(rows.CLEAR, self._chain_id, *columns)
            await self._connection.execute(rows.RESTORE, self._chain_id, *columns)

    async def _words(self, batch: Batch, said: Sequence[TokenWord]) -> list[TokenWord]:
        """What may change approvals of single tokens. In a first reading transfers are left to its end."""
        if self._contracts is None:
            self._contracts = {row["contract"] for row in await self._connection.fetch(rows.CONTRACTS, self._chain_id)}
        self._contracts |= {word.contract for word in said if word.operator != ZERO_ADDRESS}
        if not self._contracts:
            return []
        words = [word for word in said if word.contract in self._contracts]
        if not self._writer.in_history and any(contract in self._contracts for contract, _ in batch.tokens):
            words += [TokenWord.of_transfer(moved) for moved in batch.movements if moved.contract in self._contracts]
        return words


def _times(seconds: Sequence[int]) -> list[datetime]:
    return [datetime.fromtimestamp(one, UTC) for one in seconds]
