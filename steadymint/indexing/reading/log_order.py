"""Logs in the order of the chain, each once, however a node sent them."""

from __future__ import annotations

from collections.abc import Sequence

from steadymint.indexing.reading.logs import Log


def in_order(logs: Sequence[Log], counts: dict[str, int]) -> Sequence[Log]:
    """The logs by block and index, each once. Nodes send them so; a page that overlaps another does not."""
    last, block, base = -1, "", 0
    for log in logs:
        if log.block_number != block:
            block = log.block_number
            base = int(block, 16) << 32
        position = base + int(log.log_index, 16)
        if position <= last or log.removed:
            break
        last = position
    else:
        return logs
    unique = {
        (int(log.block_number, 16), int(log.log_index, 16), log.block_hash): log for log in logs if not log.removed
    }
    counts["duplicate"] = counts.get("duplicate", 0) + len(logs) - len(unique)
    return [unique[key] for key in sorted(unique)]
