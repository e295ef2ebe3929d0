"""Logs in the order of the chain, each once and each with an index of its own, however a node sent them.

A log's index counts through its block. Some nodes begin anew with each transaction; then several logs of a block have
one index, and none of them is a repetition. Such a block is numbered here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from steadymint.indexing.reading.logs import Log

RENUMBERED: Final = "renumbered"
"""The count of logs that got an index from here. Nothing is lost, but another node would give another index."""
WITHIN: Final = 12
"""Bits of an index given here that say which log of its transaction it is; as many above say which transaction. A place
has 24 bits for both. The index so given does not depend on which other logs of the block were asked for."""


def in_order(logs: Sequence[Log], counts: dict[str, int]) -> Sequence[Log]:
    """The logs by block, transaction and index, each once. Nodes send them so; a page that overlaps another does not.

    `counts` gets how many were left out (`duplicate`) and how many were numbered anew (`RENUMBERED`).
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
    """Two logs that agree in all of it are one. The time is left out: some endpoints send it, others do not."""
    return (log.block_hash, log.block_number, log.transaction_hash, log.log_index, log.address, log.data, *log.topics)


def _block_in_order(logs: list[Log], counts: dict[str, int]) -> list[Log]:
    """The logs of one block. Where their indexes contradict the order of their transactions, they are numbered."""
    transactions = _transactions(logs)
    logs = sorted(logs, key=lambda log: (transactions[log.transaction_hash], int(log.log_index, 16)))
    indexes = [int(log.log_index, 16) for log in logs]
    if _rise(indexes) or len({log.block_hash for log in logs}) > 1:
        return logs  # of two forks: the fold refuses them
    counts[RENUMBERED] = counts.get(RENUMBERED, 0) + len(logs)
    pairs = [(transactions[log.transaction_hash], index) for log, index in zip(logs, indexes, strict=True)]
    given = [transaction << WITHIN | index for transaction, index in pairs]
    if not _rise(given) or any(transaction >> WITHIN or index >> WITHIN for transaction, index in pairs):
        given = list(range(len(logs)))
    return [msgspec.structs.replace(log, log_index=hex(number)) for log, number in zip(logs, given, strict=True)]


def _transactions(logs: Iterable[Log]) -> dict[str, int]:
    """Each transaction's place in its block; where the node does not say it, the order in which their logs came."""
    logs = list(logs)
    if all(log.transaction_index is not None for log in logs):
        return {log.transaction_hash: int(log.transaction_index or "0x0", 16) for log in logs}
    return {hash_: place for place, hash_ in enumerate(dict.fromkeys(log.transaction_hash for log in logs))}


def _rise(numbers: Sequence[int]) -> bool:
    return all(before < after for before, after in itertools.pairwise(numbers))
