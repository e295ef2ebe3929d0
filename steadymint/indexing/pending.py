"""A batch that is gathered: consecutive blocks, folded, with the headers and the replies that they came in."""

from __future__ import annotations

from steadymint.indexing.fold import Fold
from steadymint.indexing.reading.history_check import DIFFERED
from steadymint.indexing.reading.logs import Header
from steadymint.indexing.reading.replies import Reply
from steadymint.indexing.reading.source import Span


class PendingBatch:
    """Grows by spans until it is committed."""

    def __init__(self, fold: Fold) -> None:
        self._fold = fold
        self.batch = fold.batch
        self.headers: list[Header] = []
        """Of the edges of each span, or of all its blocks. The last one is that of the last block."""
        self.replies: list[Reply] = []
        self.logs = 0

    def take(self, span: Span) -> None:
        """Raises InconsistentReplyError: a reply mixes two forks."""
        self._fold.take(span)
        self.logs += span.weight
        for endpoint, logs in span.differed.items():
            self.batch.counts[f"{DIFFERED}{endpoint}"] += logs
        self.replies.extend(span.replies)
        self.headers.extend(span.headers)
