"""The announcements of contracts that metadata has changed, folded over a batch.

Any contract can emit such events by the thousand, each for 2^256 tokens. So the fold keeps a bounded amount: some token
ids per contract, and one range for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from steadymint.domain.types import UINT256_MAX

FEW: Final = 100
"""Token ids of one announcement that are kept one by one. A wider one is kept as a range, which the refresh turns into
entries."""
MANY: Final = 5_000
"""Token ids of one contract that are kept one by one. More become the range from the lowest to the highest."""
ALL: Final = 20_000
"""Token ids of all contracts together that are kept one by one in a batch, since there may be many contracts."""

IdRange = tuple[int, int]
"""First and last token id, both included."""


@dataclass(slots=True)
class Announcements:
    """The announcements of one batch. The fold adds to it."""

    tokens: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    """Contract -> ids of the tokens to read again."""
    ranges: dict[str, IdRange] = field(default_factory=dict[str, IdRange])
    """Contract -> one range that holds all its wide ones."""
    contracts: set[str] = field(default_factory=set[str])
    """The contracts whose own document is to be read again (ERC-7572)."""
    frozen: set[str] = field(default_factory=set[str])
    """The contracts whose token metadata is final now. It is read once more, because later events do not count."""
    places: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    """(block, contract) of every announcement. After a rollback these contracts are read again."""
    kept: int = 0
    """The number of ids in `tokens`."""

    def __bool__(self) -> bool:
        return bool(self.places)

    def of_tokens(self, block: int, contract: str, first: int, last: int) -> None:
        """The metadata of the tokens `first` to `last` has changed."""
        self.places.add((block, contract))
        if last - first >= FEW:
            self._widen(contract, first, last)
            return
        ids = self.tokens.setdefault(contract, set())
        before = len(ids)
        ids.update(range(first, last + 1))
        self.kept += len(ids) - before
        if len(ids) > MANY or self.kept > ALL:
            self._widen(contract, min(ids), max(ids))
            self.kept -= len(self.tokens.pop(contract))

    def of_all_tokens(self, block: int, contract: str) -> None:
        self.of_tokens(block, contract, 0, UINT256_MAX)

    def of_contract(self, block: int, contract: str) -> None:
        """The contract's own metadata has changed."""
        self.places.add((block, contract))
        self.contracts.add(contract)

    def of_frozen(self, block: int, contract: str) -> None:
        """The metadata of the contract's tokens does not change any more."""
        self.places.add((block, contract))
        self.frozen.add(contract)

    def all_contracts(self) -> set[str]:
        return {contract for _, contract in self.places}

    def _widen(self, contract: str, first: int, last: int) -> None:
        known = self.ranges.get(contract, (first, last))
        self.ranges[contract] = min(known[0], first), max(known[1], last)
