"""Which metadata has changed, on the word of contracts, folded over a batch.

Anybody can make a contract emit such events by the thousand, each for 2^256 tokens. So what is kept is bounded whatever
the logs say: some token ids per contract, and one span for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from steadymint.domain.types import UINT256_MAX

FEW: Final = 100
"""Token ids of one announcement that are kept one by one; the queue unfolds wider spans at its own pace."""
MANY: Final = 5_000
"""Token ids of one contract that are kept one by one; more are taken for the span from the lowest to the highest."""
ALL: Final = 20_000
"""Token ids of all contracts that are kept one by one in a batch: there may be many contracts, too."""

Span = tuple[int, int]
"""First and last token id, both included."""


@dataclass(slots=True)
class Announcements:
    """Of one batch. Mutable: the fold adds to it."""

    tokens: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    """Contract -> ids of tokens to be read again."""
    spans: dict[str, Span] = field(default_factory=dict[str, Span])
    """Contract -> the one span that holds all wide ones."""
    contracts: set[str] = field(default_factory=set[str])
    """Those whose own document is to be read again (ERC-7572)."""
    frozen: set[str] = field(default_factory=set[str])
    """Those whose tokens' metadata is final now: read once more, since no later event will count."""
    places: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    """(block, contract) of every announcement: what a rollback has to read again."""
    kept: int = 0
    """Ids in `tokens`."""

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
        known = self.spans.get(contract, (first, last))
        self.spans[contract] = min(known[0], first), max(known[1], last)
