"""What a flow waits for, as its activity tells it once the wait is long enough for an operator to ask."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from steadymint.domain.record import Record
from steadymint.domain.types import TxHash

WAITING: Final = "waiting"
"""The signal."""


class Problem(StrEnum):
    """The search attribute `Problem`: what keeps a flow from going on."""

    HASH_UNKNOWN = "hash_unknown"
    """No node knows the transaction."""
    NODE_UNAVAILABLE = "node_unavailable"
    """No node of the chain answers."""
    INDEX_BEHIND = "index_behind"
    """The chain's index reads, and is far from the head."""
    INDEX_STUCK = "index_stuck"
    """The chain's index does not move, or nothing of it is read."""
    INDEX_HALTED = "index_halted"
    """The chain's index has stopped until an operator decides."""
    STEP_FAILED = "step_failed"
    """A step has failed for good."""


class Waiting(Record):
    """What is waited for. Told again only when it has changed."""

    step: str
    """The search attribute `Step`."""
    text: str
    """For operators, in Markdown: which part, where it is, what follows from it, and the next command."""
    problem: Problem | None = None
    renumbered: bool = False
    """Of an index: whether a node of its chain counts logs in each transaction anew."""
    differed: bool = False
    """Of an index: whether a node of its chain left out or made up logs."""
    tx_hash: TxHash | None = None
    """The transaction that is followed."""
    order: TxHash | None = None
    """The transaction that the activity was told to follow: another one where that was sped up meanwhile. A flow that
    has given another order by now ignores what it is told."""
