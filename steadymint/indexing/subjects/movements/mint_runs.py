"""Mints that follow each other without a gap: their metadata is queued as one span instead of an entry for each.

While history is read, an entry per token is the dearest line that nobody will look at for minutes: two random index
entries each. The refresh unfolds a span at its own pace.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from steadymint.indexing.batch import Batch
from steadymint.metadata.queue import NARROW


def mint_runs(batch: Batch) -> Mapping[str, tuple[int, int]]:
    """Contract -> first and last number of the ERC-721 tokens minted in the batch, where they are many and leave out no
    number between. Of others a span would have tokens read again that nobody has touched."""
    minted: defaultdict[str, list[int]] = defaultdict(list)
    for (contract, token), change in batch.tokens.items():
        if change.fresh and change.first_mint is not None:
            minted[contract].append(token)
    runs: dict[str, tuple[int, int]] = {}
    for contract, tokens in minted.items():
        first, last = min(tokens), max(tokens)
        if len(tokens) > NARROW and last - first == len(tokens) - 1:
            runs[contract] = first, last
    return runs
