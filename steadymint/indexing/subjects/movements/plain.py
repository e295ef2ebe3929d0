"""Plain transfers of a chain's first reading, by columns: what is written of them, without a look at each.

They count exactly as if each had been folded. Those that need a look are decoded and folded with the other logs of
their reply: transfers in a block in which a mint was announced, which may be paid; those of transactions that somebody
else looks at; token numbers of more than twelve digits; and transfers from nobody to nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import numpy as np

from steadymint.indexing.batch import ERC721, PlainTransfers
from steadymint.indexing.reading.columns import Columns, Integers
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.store.accounts import ZERO
from steadymint.indexing.store.binary_rows import NARROW
from steadymint.indexing.store.chain_tables import LOG_BITS, place_of
from steadymint.indexing.subjects.folding import Folding
from steadymint.indexing.subjects.movements.topics import MINTED, MINTED_BATCH

_NEVER: Final = np.iinfo(np.int64).max
"""Behind every place."""


def folded_rows(columns: Columns, transactions: Collection[str] = ()) -> Any:
    """Whether each row needs a look. Those of the transactions do."""
    odd = columns.tokens >= NARROW
    if transactions:  # by their first eight bytes: a look at another one that begins alike changes nothing
        begin: Any = np.frombuffer(b"".join(bytes.fromhex(one[2:18]) for one in transactions), np.uint64)
        odd |= np.isin(columns.hashes.view(np.uint64).reshape(-1, 4)[:, 0], begin)
    if ZERO in columns.accounts.names:
        nobody = columns.accounts.numbers == columns.accounts.names.index(ZERO)
        odd |= nobody[: len(columns)] & nobody[len(columns) :]
    announced = [int(log.block_number, 16) for log in columns.rest if _announces(log)]
    return odd | np.isin(columns.blocks, announced) if announced else odd


def _announces(log: Log) -> bool:
    return bool(log.topics) and log.topics[0] in (MINTED, MINTED_BATCH)


def append(folding: Folding, columns: Columns, times: Mapping[str, int]) -> None:
    """Add the rows to the batch. The other logs of the reply are folded already."""
    if not len(columns):
        return
    since = _since(folding, columns.contracts.names)
    places = columns.blocks << LOG_BITS | columns.indexes
    counts = folding.batch.counts
    heard = np.array([since.get(name, _NEVER) for name in columns.contracts.names])[columns.contracts.numbers] < places
    divisible = np.array([_is_divisible(folding, name) for name in columns.contracts.names])[columns.contracts.numbers]
    for reason, rows in (("foreign", ~heard), ("decode_error", heard & divisible)):
        if number := int(np.count_nonzero(rows)):
            counts[reason] += number
    rows = np.flatnonzero(heard & ~divisible)
    if not len(rows):
        return
    seconds = _times(columns, times)
    folding.batch.plain.append(
        PlainTransfers(
            places[rows],
            seconds[rows],
            columns.contracts.only(rows),
            columns.accounts.only(np.concatenate([rows, rows + len(columns)])),
            columns.tokens[rows],
            columns.hashes[rows],
        )
    )
    folding.batch.logs += len(rows)
    _, firsts = np.unique(columns.blocks[rows], return_index=True)
    for row in rows[firsts].tolist():
        block = int(columns.blocks[row])
        folding.batch.blocks.setdefault(block, (columns.block_hashes[block], int(seconds[row])))


def _since(folding: Folding, contracts: list[str]) -> dict[str, int]:
    """Contract -> the place after which its transfers count."""
    since = {contract: -1 for contract in contracts if contract in folding.known}
    if any(contract in folding.batch.created for contract in contracts):
        for event in reversed(folding.batch.events):
            if event.contract in folding.batch.created:  # its first event is its creation
                since[event.contract] = place_of(event.block, event.log_index)
    return since


def _is_divisible(folding: Folding, contract: str) -> bool:
    child = folding.known.get(contract) or folding.batch.created.get(contract)
    return child is not None and child.standard != ERC721


def _times(columns: Columns, times: Mapping[str, int]) -> Integers:
    if columns.times is not None:
        return columns.times
    blocks, numbers = np.unique(columns.blocks, return_inverse=True)
    return np.array([times[hex(block)] for block in blocks.tolist()], np.int64)[numbers]
