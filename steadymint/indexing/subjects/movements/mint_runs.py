"""Finds mints of consecutive token ids, whose metadata is queued as one range instead of an entry for each token.

During a backfill an entry for each token would be the most expensive write, with two random index entries each. The
refresh turns a range into entries later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from steadymint.indexing.batch import Batch
from steadymint.metadata.queue import NARROW


def mint_runs(batch: Batch) -> Mapping[str, tuple[int, int]]:
    """Contract -> first and last number of the ERC-721 tokens minted in the batch, if they are many and without a gap.
    With a gap, a range would also read tokens that have not changed."""
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
