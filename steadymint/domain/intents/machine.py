"""The state machine of an intent. It is the same for every kind.

The intent's row in Postgres is the one truth. Every step it takes is also a line in its log, numbered from 1, and
viewers are shown exactly those lines.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class IntentStatus(StrEnum):
    """What a client acts upon."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


class Step(StrEnum):
    """Where the intent stands."""

    PREPARED = "prepared"
    """Calldata handed out; the wallet has not answered, or its hash turned out to be another transaction's."""
    TRACKED = "tracked"
    """A transaction hash is known, not yet in a block."""
    CONFIRMING = "confirming"
    """In a block, fewer than N confirmations deep."""
    INDEXED = "indexed"
    """N confirmations deep and its rows are committed."""
    READY = "ready"
    REPLACED = "replaced"
    """The nonce was used by another transaction than the one prepared."""
    REORGED = "reorged"
    """Its block left the chain; `confirming` follows when it is mined again."""
    FAILED = "failed"
    EXPIRED = "expired"


STATUS_OF: Final[dict[Step, IntentStatus]] = {
    Step.PREPARED: IntentStatus.PENDING,
    Step.TRACKED: IntentStatus.PENDING,
    Step.CONFIRMING: IntentStatus.PENDING,
    Step.REORGED: IntentStatus.PENDING,
    Step.INDEXED: IntentStatus.PENDING,
    Step.READY: IntentStatus.READY,
    Step.REPLACED: IntentStatus.FAILED,
    Step.FAILED: IntentStatus.FAILED,
    Step.EXPIRED: IntentStatus.EXPIRED,
}

FINAL_STEPS: Final = frozenset({Step.READY, Step.REPLACED, Step.FAILED, Step.EXPIRED})

_OPEN = frozenset({Step.PREPARED, Step.TRACKED, Step.CONFIRMING, Step.REORGED})

# The chain has the last word: an intent that expired, failed or was replaced still becomes ready when its own
# transaction is seen N confirmations deep, and a ready one is reopened by a reorg deeper than N.
PREDECESSORS: Final[dict[Step, frozenset[Step]]] = {
    Step.PREPARED: frozenset({Step.TRACKED}),
    Step.TRACKED: frozenset({Step.PREPARED, Step.TRACKED, Step.CONFIRMING, Step.REORGED, Step.EXPIRED}),
    Step.CONFIRMING: (_OPEN - {Step.PREPARED}) | {Step.EXPIRED, Step.FAILED, Step.REPLACED},
    Step.INDEXED: frozenset({Step.CONFIRMING}),
    # Straight from `confirming` where the receipt settles the intent: nothing is indexed then.
    Step.READY: frozenset({Step.INDEXED, Step.CONFIRMING}),
    Step.REORGED: frozenset({Step.CONFIRMING, Step.INDEXED, Step.READY, Step.FAILED}),
    Step.REPLACED: _OPEN,
    Step.FAILED: _OPEN,
    # In a block the chain decides, not the clock.
    Step.EXPIRED: frozenset({Step.PREPARED, Step.TRACKED, Step.REORGED}),
}

SETTLED_FROM: Final = _OPEN | {Step.EXPIRED, Step.FAILED, Step.REPLACED}
"""Where an intent may stand when the chain shows it fulfilled. The steps up to `ready` are taken at once."""


def may_follow(before: Step, after: Step) -> bool:
    """Whether the state machine has the edge `before` -> `after`."""
    return before in PREDECESSORS.get(after, frozenset())
