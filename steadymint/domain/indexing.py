"""The inputs and results of the indexer's flow. All of them are in workflow history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from steadymint.domain.record import Record
from steadymint.domain.types import ChainId
from steadymint.domain.waiting import Problem

INDEX_CHAIN: Final = "IndexChain"


class IndexOrder(Record):
    """The order to read one chain without end."""

    chain_id: ChainId
    paused: bool = False


class Told(Record):
    """What the flow was told last: of no other state does it need to hear."""

    step: str
    problem: Problem | None = None
    renumbered: bool = False
    differed: bool = False


READING: Final = Told(step="reading")
"""The index follows the head."""


class SpanOrder(Record):
    """The order to read for one stretch of time."""

    chain_id: ChainId
    seconds: float = 600.0
    """The length of the stretch. A stretch ends so that the flow's history stays short."""
    told: Told = READING


class SpanSummary(Record):
    """The state of the index at the end of a stretch."""

    checkpoint: int
    """The last block whose effects are in the catalog; -1 before the first."""
    head: int | None = None
    """The newest block of the chain that the indexer knows."""
    head_at: int | None = None
    """Its time, in Unix seconds."""
    logs: int = 0
    reorgs: int = 0
    """Rollbacks: reorgs deeper than the confirmations required."""
    first_reading: bool = False
    """Whether the chain is read for the first time: its tokens are not shown yet."""
    sealing: bool = False
    """Whether that reading ends at this moment: the checkpoint stands while tokens and indexes are made of it."""
    trouble: str | None = None
    """The last failure, if the reader has not got on since."""
    renumbered: int = 0
    """Logs that got an index of our own, because a node counts them in each transaction anew."""
    differed: Mapping[int, int] = {}
    """The number of an endpoint -> how many logs of history it had left out or made up."""

    @property
    def lag(self) -> int | None:
        """Blocks between head and checkpoint."""
        return None if self.head is None else self.head - self.checkpoint


class RewindOrder(Record):
    """The order to remove everything above a block and read it again."""

    chain_id: ChainId
    block: int


def workflow_id_of(chain_id: ChainId) -> str:
    return f"index-chain:{chain_id}"
