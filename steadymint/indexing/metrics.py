"""The indexer's metrics for Prometheus."""

from __future__ import annotations

import logging
from typing import Final

from prometheus_client import Counter, Gauge

from steadymint.domain.index_standing import IndexStanding
from steadymint.domain.types import ChainId
from steadymint.indexing.batch import Batch
from steadymint.indexing.reading.history_check import DIFFERED
from steadymint.indexing.reading.log_order import RENUMBERED

log = logging.getLogger(__name__)

_HEAD: Final = Gauge("steadymint_indexer_head_block", "The chain's newest block when last asked", ["chain"])
_CHECKPOINT: Final = Gauge("steadymint_indexer_checkpoint_block", "The last block in the catalog", ["chain"])
_HALTED: Final = Gauge("steadymint_indexer_halted", "1 while the indexer waits for an operator", ["chain"])
_LOGS: Final = Counter("steadymint_indexer_logs", "Logs taken into the catalog", ["chain"])
_ASIDE: Final = Counter("steadymint_indexer_logs_aside", "Logs that changed nothing, by reason", ["chain", "reason"])
_RENUMBERED: Final = Counter(
    "steadymint_indexer_logs_renumbered", "Logs of blocks in which a node gave several logs one index", ["chain"]
)
_DIFFERED: Final = Counter(
    "steadymint_indexer_logs_differed", "Logs that an endpoint left out or made up, by endpoint", ["chain", "endpoint"]
)
_REORGS: Final = Counter("steadymint_indexer_rollbacks", "Reorgs deeper than the confirmations required", ["chain"])


def position(chain_id: ChainId, checkpoint: int, head: int | None) -> None:
    """Set the checkpoint and the head of a chain."""
    _CHECKPOINT.labels(chain_id).set(checkpoint)
    _HALTED.labels(chain_id).set(0)
    if head is not None:
        _HEAD.labels(chain_id).set(head)


def stands(standing: IndexStanding) -> None:
    """Set what the database says of a chain, whichever process reads it: a halted chain is read by none."""
    _HALTED.labels(standing.chain_id).set(standing.halted is not None)
    if standing.checkpoint is not None:
        _CHECKPOINT.labels(standing.chain_id).set(standing.checkpoint)


def forget(chain_id: ChainId) -> None:
    """Say no more of a chain that this process does not serve any longer."""
    for gauge in (_HEAD, _CHECKPOINT, _HALTED):
        gauge.remove(chain_id)


def count(chain_id: ChainId, batch: Batch) -> None:
    """Count the logs of a committed batch."""
    _LOGS.labels(chain_id).inc(batch.logs)
    counts = dict(batch.counts)
    if renumbered := counts.pop(RENUMBERED, 0):
        _RENUMBERED.labels(chain_id).inc(renumbered)
        log.warning(
            "%s: %d logs got other indexes than the node gave: several of a block had one", chain_id, renumbered
        )
    for reason in [one for one in counts if one.startswith(DIFFERED)]:
        _DIFFERED.labels(chain_id, reason.removeprefix(DIFFERED)).inc(counts.pop(reason))
    for reason, number in counts.items():
        _ASIDE.labels(chain_id, reason).inc(number)


def rolled_back(chain_id: ChainId) -> None:
    _REORGS.labels(chain_id).inc()


def halted(chain_id: ChainId) -> None:
    _HALTED.labels(chain_id).set(1)
