"""What the fold hands to the subjects: the block whose logs it reads, and the batch that they add to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from steadymint.domain.types import ChainId
from steadymint.indexing.batch import Batch, Child
from steadymint.indexing.reading.logs import Log


class Folding:
    """One batch under way. `known` holds the collections committed so far and is not changed."""

    def __init__(self, chain_id: ChainId, known: Mapping[str, Child]) -> None:
        self.batch = Batch(chain_id)
        self.chain_id = chain_id
        self.known = known
        self.block = self.at = 0
        """Number and time (Unix seconds) of the block whose logs are read."""
        self.block_hash = ""
        self.block_taken = False
        """Whether the block is in `batch.blocks`."""
        self.prices: dict[tuple[str, str, int], int] = {}
        """Transaction, contract and token id -> wei paid, as our contracts announced it earlier in the block."""
        self.ranges: dict[str, int] = {}
        """Contract -> tokens that its ranges (EIP-2309) have moved earlier in the block."""

    def taken(self) -> None:
        """The log at hand was understood, and counts."""
        self.batch.logs += 1
        if not self.block_taken:
            self.batch.blocks[self.block] = (self.block_hash, self.at)
            self.block_taken = True


Handler = Callable[[Folding, Log, Child], None]
"""Takes a log of a collection that is followed. Raises ValueError for a log that does not have its event's shape; then
it has changed nothing."""
RoleHandler = Callable[[Folding, Log], None]
"""The same, of a contract that is registered in a role."""
