"""Movements folded at once come to what they come to one after the other."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from steadymint.indexing.subjects.movements.batch_rows import BURN, FIRST_MINT, MINT, TRANSFER
from steadymint.indexing.subjects.movements.seal_fold import Moved, Summary, Tokens, fold

Row = tuple[int, int, int, int, int, int, int]
"""Collection, token, place, time, sender, recipient, kind."""


@dataclass
class OneByOne:
    """The same, in the order of the chain."""

    tokens: dict[tuple[int, int], tuple[int, int, int, tuple[int, int] | None]] = field(default_factory=dict)
    """Owner, time and place of the last movement, time and place of the first mint."""
    named: dict[tuple[int, int], int] = field(default_factory=dict)
    minted: Counter[int] = field(default_factory=Counter)
    times: dict[int, int] = field(default_factory=dict)
    contradicted: set[int] = field(default_factory=set)
    later_mints: set[tuple[int, int, int]] = field(default_factory=set)

    def take(self, row: Row) -> None:
        collection, token, place, at, sender, recipient, kind = row
        key = collection, token
        before, _, _, first = self.tokens.get(key, (0, 0, 0, None))
        if before != sender:
            self.contradicted.add(collection)
        if kind == FIRST_MINT and key in self.tokens:
            self.later_mints.add((collection, place, token))
        if sender == 0:
            self.minted[collection] += 1
            first = first or (at, place)
        self.tokens[key] = recipient, at, place, first
        self.times[collection] = max(self.times.get(collection, at), at)
        for account in (sender, recipient):
            self.named[collection, account] = max(self.named.get((collection, account), at), at)

    def holders(self) -> dict[tuple[int, int], tuple[int, int]]:
        held = Counter((collection, owner) for (collection, _), (owner, *_) in self.tokens.items() if owner)
        return {holder: (number, self.named[holder]) for holder, number in held.items()}

    def totals(self) -> dict[int, tuple[int, int, int, int]]:
        owners: dict[int, list[int]] = defaultdict(list)
        for (collection, _), (owner, *_) in self.tokens.items():
            owners[collection] += [owner] if owner else []
        return {
            collection: (self.minted[collection], len(owners[collection]), len(set(owners[collection])), at)
            for collection, at in self.times.items()
        }


def life(chance: random.Random, lies: float) -> list[Row]:
    """Mints, moves and burns of few tokens of few collections; a share of `lies` fits nothing that was so before."""
    owners: dict[tuple[int, int], int] = {}
    rows: list[Row] = []
    at = 700_000_000
    for place in range(chance.randrange(1, 60)):
        key = collection, token = chance.choice((3, 2**31 - 1)), chance.choice((0, 1, 2, 10**12 - 1))
        sender, recipient = owners.get(key, 0), chance.randrange(4)
        if chance.random() < lies:
            sender = chance.randrange(4)
        if sender == recipient == 0:
            recipient = 2**31 - 1
        kind = chance.choice((FIRST_MINT, MINT)) if sender == 0 else TRANSFER if recipient else BURN
        if sender == 0 and key not in owners:
            kind = FIRST_MINT
        owners[key] = recipient
        at += chance.choice((0, 12, -3))  # a chain's clock may go back
        rows.append((collection, token, place << 24, at, sender, recipient, kind))
    return rows


def folded(rows: Sequence[Row]) -> tuple[Tokens, Summary]:
    widths = (np.int32, np.int64, np.int64, np.int32, np.int32, np.int32, np.int16)
    columns = zip(*rows, strict=True) if rows else [()] * 7
    return fold(Moved(*(np.array(column, width) for column, width in zip(columns, widths, strict=True))))


def test_any_movements_in_any_order_come_to_what_they_come_to_one_after_the_other() -> None:
    for seed in range(300):
        chance = random.Random(seed)
        rows = life(chance, chance.choice((0.0, 0.3)))
        expected = OneByOne()
        for row in rows:
            expected.take(row)
        chance.shuffle(rows)
        tokens, summary = folded(rows)

        assert tokens_of(tokens) == expected.tokens, seed
        assert holders_of(summary) == expected.holders(), seed
        assert totals_of(summary) == expected.totals(), seed
        assert set(summary.contradicted.tolist()) == expected.contradicted, seed
        assert set(zip(*summary.later_mints.lists(), strict=True)) == expected.later_mints, seed


def test_no_movements_come_to_nothing() -> None:
    tokens, summary = folded([])

    assert tokens_of(tokens) == holders_of(summary) == totals_of(summary) == {}
    assert len(summary.later_mints) == len(summary.contradicted) == 0


def tokens_of(tokens: Tokens) -> dict[tuple[int, int], tuple[int, int, int, tuple[int, int] | None]]:
    mints = [
        (at, place) if was else None
        for at, place, was in zip(
            tokens.minted_at.tolist(), tokens.minted_places.tolist(), tokens.was_minted.tolist(), strict=True
        )
    ]
    keys = zip(tokens.collections.tolist(), tokens.numbers.tolist(), strict=True)
    values = zip(tokens.owners.tolist(), tokens.updated_at.tolist(), tokens.last_places.tolist(), mints, strict=True)
    return dict(zip(keys, values, strict=True))


def holders_of(summary: Summary) -> dict[tuple[int, int], tuple[int, int]]:
    holders = summary.holders
    keys = zip(holders.collections.tolist(), holders.accounts.tolist(), strict=True)
    return dict(zip(keys, zip(holders.quantities.tolist(), holders.times.tolist(), strict=True), strict=True))


def totals_of(summary: Summary) -> dict[int, tuple[int, ...]]:
    return {collection: tuple(rest) for collection, *rest in zip(*summary.totals.lists(), strict=True)}
