"""The state of a fold, which the subjects' handlers get: the current block, and the batch that they add to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set

from steadymint.domain.types import ChainId
from steadymint.indexing.batch import Batch, Child
from steadymint.indexing.reading.logs import Log


class Folding:
    """The fold of one batch. `known` holds the committed collections, `launched` the contracts of committed fungible
    tokens; neither is changed."""

    def __init__(self, chain_id: ChainId, known: Mapping[str, Child], launched: Set[str] = frozenset()) -> None:
        self.batch = Batch(chain_id)
        self.chain_id = chain_id
        self.known = known
        self.launched = launched
        self.block = self.at = 0
        """Number and time (Unix seconds) of the block whose logs are read."""
        self.block_hash = ""
        self.block_taken = False
        """Whether the block is in `batch.blocks`."""
        self.prices: dict[tuple[str, str, int], int] = {}
        """Transaction, contract and token id -> wei paid, by the announcements earlier in the block."""
        self.ranges: dict[str, int] = {}
        """Contract -> the number of tokens that its ranges (EIP-2309) moved earlier in the block."""

    def taken(self) -> None:
        """Count the current log, which was understood."""
        self.batch.logs += 1
        if not self.block_taken:
            self.batch.blocks[self.block] = (self.block_hash, self.at)
            self.block_taken = True


Handler = Callable[[Folding, Log, Child], None]
"""Folds a log of a followed collection. Raises ValueError for a log without the shape of its event, and then changes
nothing."""
RoleHandler = Callable[[Folding, Log], None]
"""Folds a log of a contract that is registered in a role, or of a launched fungible token. Raises like `Handler`."""
