"""Sorts the logs of a reply, removes repeated ones, and gives each an index of its own.

The index of a log counts within its block. Some nodes start it again with each transaction. Then several logs of a
block have the same index although none is repeated, and such a block is numbered here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from steadymint.indexing.reading.logs import Log

RENUMBERED: Final = "renumbered"
"""The name of the count of logs that were numbered here. Other nodes have other indexes for them."""
WITHIN: Final = 12
"""The lower bits of an index that is given here hold the log's index within its transaction, as many upper bits the
transaction's index. A place has 24 bits for both. So the index does not depend on which logs of the block were asked
for."""


def in_order(logs: Sequence[Log], counts: dict[str, int]) -> Sequence[Log]:
    """The logs by block, transaction and index, each once. Most replies are in this order; pages that overlap are not.

    `counts` counts the logs that were left out (`duplicate`) and those that were numbered here (`RENUMBERED`).
    """
    if _is_ordered(logs):
        return logs
    unique = {_content(log): log for log in logs if not log.removed}.values()
    if len(unique) < len(logs):
        counts["duplicate"] = counts.get("duplicate", 0) + len(logs) - len(unique)
    blocks: dict[int, list[Log]] = {}
    for log in unique:
        blocks.setdefault(int(log.block_number, 16), []).append(log)
    return [log for number in sorted(blocks) for log in _block_in_order(blocks[number], counts)]


def _is_ordered(logs: Iterable[Log]) -> bool:
    """Whether indexes rise within each block, and transactions with them."""
    last, block, base = -1, "", 0
    transaction, last_transaction = "", -1
    for log in logs:
        if log.block_number != block:
            block = log.block_number
            base = int(block, 16) << 32
            transaction, last_transaction = "", -1
        position = base + int(log.log_index, 16)
        if position <= last or log.removed:
            return False
        last = position
        if log.transaction_index is not None and log.transaction_index != transaction:
            transaction = log.transaction_index
            if (number := int(transaction, 16)) < last_transaction:
                return False
            last_transaction = number
    return True


def _content(log: Log) -> tuple[str, ...]:
    """What makes two logs the same. The time is not compared, because not all endpoints send it."""
    return (log.block_hash, log.block_number, log.transaction_hash, log.log_index, log.address, log.data, *log.topics)


def _block_in_order(logs: list[Log], counts: dict[str, int]) -> list[Log]:
    """The logs of one block. They are numbered here if their indexes contradict the order of their transactions."""
    transactions = _transactions(logs)
    logs = sorted(logs, key=lambda log: (transactions[log.transaction_hash], int(log.log_index, 16)))
    indexes = [int(log.log_index, 16) for log in logs]
    if _rise(indexes) or len({log.block_hash for log in logs}) > 1:
        return logs  # logs of two forks are left to the fold, which refuses them
    counts[RENUMBERED] = counts.get(RENUMBERED, 0) + len(logs)
    pairs = [(transactions[log.transaction_hash], index) for log, index in zip(logs, indexes, strict=True)]
    given = [transaction << WITHIN | index for transaction, index in pairs]
    if not _rise(given) or any(transaction >> WITHIN or index >> WITHIN for transaction, index in pairs):
        given = list(range(len(logs)))
    return [msgspec.structs.replace(log, log_index=hex(number)) for log, number in zip(logs, given, strict=True)]


def _transactions(logs: Iterable[Log]) -> dict[str, int]:
    """The index of each transaction in its block. If the node does not send it, the order of the logs decides."""
    logs = list(logs)
    if all(log.transaction_index is not None for log in logs):
        return {log.transaction_hash: int(log.transaction_index or "0x0", 16) for log in logs}
    return {hash_: place for place, hash_ in enumerate(dict.fromkeys(log.transaction_hash for log in logs))}


def _rise(numbers: Sequence[int]) -> bool:
    return all(before < after for before, after in itertools.pairwise(numbers))
