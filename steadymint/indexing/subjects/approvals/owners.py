"""Whose approvals a batch concerns: what a chain has said of them before may be so no longer."""

from __future__ import annotations

from collections.abc import Iterator

from steadymint.indexing.batch import Batch
from steadymint.indexing.subjects.approvals.gathered import Approvals
from steadymint.indexing.subjects.fungibles.fold import TokenLogs
from steadymint.indexing.subjects.orders.gathered import Touches
from steadymint.market.checking.causes import CauseKind


def owners_in(batch: Batch) -> Iterator[str]:
    """The accounts. Whoever spends an allowance moves the owner's currency, and need not tell of the allowance."""
    said: Approvals | None = batch.parts.get(Approvals)
    if said is not None:
        yield from (one.owner for one in (*said.said, *said.of_tokens))
    touches: Touches | None = batch.parts.get(Touches)
    if touches is not None:
        yield from (touched.account for touched in touches.blocks if touched.kind is CauseKind.FUNDS)
    launched: TokenLogs | None = batch.parts.get(TokenLogs)
    if launched is not None:
        yield from (row.sender for row in launched.transactions if row.sender is not None)
