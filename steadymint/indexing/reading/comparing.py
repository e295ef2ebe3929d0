"""Compares two answers about the same blocks, log by log, and says what the blocks hold where the answers differ. Pure.

The index of a log is not compared: some nodes count it in each transaction anew, and nothing is missing there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from steadymint.indexing.reading import bloom
from steadymint.indexing.reading.logs import Log

Key = tuple[tuple[str, ...], int]
"""What a log says, and how many logs before it say the same."""
Contents = Mapping[Key, Log]
"""Some logs by what they say. Logs that a reply has twice are here once."""


def contents(logs: Iterable[Log]) -> Contents:
    """The logs by what they say."""
    found: dict[Key, Log] = {}
    seen: set[tuple[str, ...]] = set()
    times: Counter[tuple[str, ...]] = Counter()
    for log in logs:
        content = (log.block_number, log.block_hash, log.transaction_hash, log.address, log.data, *log.topics)
        one = (*content, log.log_index)
        if log.removed or one in seen:
            continue
        seen.add(one)
        found[content, times[content]] = log
        times[content] += 1
    return found


def by_block(found: Contents) -> dict[int, dict[Key, Log]]:
    """The same for each block."""
    blocks: dict[int, dict[Key, Log]] = {}
    for key, log in found.items():
        blocks.setdefault(int(log.block_number, 16), {})[key] = log
    return blocks


def likely(mine: Contents, theirs: Contents, logs_bloom: str) -> Contents:
    """What one block holds where two endpoints differ and nothing else is known: what either of them gave, without
    what the block's bloom filter rules out. That a node leaves out logs is common, and that it makes them up is not."""
    return {key: log for key, log in {**theirs, **mine}.items() if bloom.may_hold(logs_bloom, log)}


def settled(likely: Contents, receipts: Sequence[Contents]) -> Contents | None:
    """What one block holds by its receipts, as far as endpoints gave any. None if the receipts contradict each other,
    or lack what is `likely`."""
    if not receipts:
        return likely
    first = receipts[0]
    if any(other.keys() != first.keys() for other in receipts[1:]) or likely.keys() - first.keys():
        return None
    return {key: likely.get(key, log) for key, log in first.items()}


def in_order(logs: Iterable[Log]) -> list[Log]:
    """By block and index."""
    return sorted(logs, key=lambda log: (int(log.block_number, 16), int(log.log_index, 16)))
