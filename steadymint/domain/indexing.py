"""What the indexer's flow is started with, and what its activity answers. All of it is in workflow history."""

from __future__ import annotations

from typing import Final

from steadymint.domain.record import Record
from steadymint.domain.types import ChainId
from steadymint.domain.waiting import Problem

INDEX_CHAIN: Final = "IndexChain"


class IndexOrder(Record):
    """Read one chain, for ever."""

    chain_id: ChainId
    paused: bool = False


class Told(Record):
    """What the flow was told last: of no other state does it need to hear."""

    step: str
    problem: Problem | None = None


READING: Final = Told(step="reading")
"""The index follows the head."""


class SpanOrder(Record):
    """One stretch of reading."""

    chain_id: ChainId
    seconds: float = 600.0
    """After which the stretch ends in peace, so that the flow's history stays short."""
    told: Told = READING


class SpanSummary(Record):
    """Where a stretch ended."""

    checkpoint: int
    """The last block whose effects are in the catalog; -1 before the first."""
    head: int | None = None
    """The chain's newest block when last asked."""
    logs: int = 0
    reorgs: int = 0
    """Rollbacks: reorgs deeper than the confirmations required."""
    first_reading: bool = False
    """Whether the chain is read for the first time: its tokens are not shown yet."""
    trouble: str | None = None
    """The last failure, if the reader has not got on since."""

    @property
    def lag(self) -> int | None:
        """Blocks between head and checkpoint."""
        return None if self.head is None else self.head - self.checkpoint


class RewindOrder(Record):
    """Forget everything above a block and read it again."""

    chain_id: ChainId
    block: int


def workflow_id_of(chain_id: ChainId) -> str:
    return f"index-chain:{chain_id}"
