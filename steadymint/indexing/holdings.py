"""By how much a batch changes what each account holds of each collection, all its tokens together.

True of every contract whose events fit what the catalog holds; for one that lies the database is asked instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from typing import Final

from steadymint.indexing.rows import ERC721, Batch, Child

_ZERO: Final = "0x" + "0" * 40

Holder = tuple[str, str]
"""Contract and account."""


class Holdings:
    """Of one batch."""

    def __init__(self, batch: Batch, children: Mapping[str, Child]) -> None:
        self._batch = batch
        self._erc721 = {contract for contract, _ in batch.tokens if children[contract].standard == ERC721}
        self.times = self._times()
        """When each took part last, Unix seconds. Also of those who hold as much as before."""
        self.changes: dict[Holder, int] = dict.fromkeys(self.times, 0)
        self._change(self.changes)

    def fresh(self, contracts: Set[str]) -> dict[Holder, int]:
        """The part of it that comes from tokens minted in the batch, of these contracts: those have no past to lie
        about (ERC-721)."""
        changes: dict[Holder, int] = defaultdict(int)
        for (contract, _), change in self._batch.tokens.items():
            if change.fresh and contract in contracts and change.owner != _ZERO:
                changes[contract, change.owner] += 1
        return changes

    def fresh_items(self) -> dict[str, int]:
        """Contract -> tokens minted in the batch that are not burned in it (ERC-721)."""
        items: dict[str, int] = defaultdict(int)
        for (contract, _), change in self._batch.tokens.items():
            if change.fresh and change.owner != _ZERO:
                items[contract] += 1
        return items

    def _times(self) -> dict[Holder, int]:
        times: dict[Holder, int] = {}
        for _, _, _, _, contract, _, sender, recipient, _, _, at, _ in self._batch.movements:
            times[contract, sender] = times[contract, recipient] = at
        for contract in self._erc721 | {contract for contract, _ in self._batch.tokens}:
            times.pop((contract, _ZERO), None)
        return times

    def _change(self, changes: dict[Holder, int]) -> None:
        erc721 = self._erc721
        for (contract, _), token in self._batch.tokens.items():
            before, after = token.expected_owner, token.owner
            if before == after or contract not in erc721:
                continue
            if before != _ZERO:
                changes[contract, before] -= 1
            if after != _ZERO:
                changes[contract, after] += 1
        for (contract, _, holder), balance in self._batch.balances.items():
            changes[contract, holder] += balance.delta
