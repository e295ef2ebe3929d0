"""The rarity of each token of a collection, by six methods. Pure arithmetic on arrays.

A token has *features*, and p is the share of ranked tokens that have the same feature. Every method is a sum over
the features of a token:

- each of its values of a string trait; a token with several values of one trait has several features;
- for each string trait that it lacks, the lack itself (OpenRarity calls it Null);
- the number of its traits, as one more trait (OpenRarity's meta trait `trait_count`).

OpenRarity 0.7.5 uses string traits only. So numbers and dates are no features; they only count in `trait_count`.
`docs/rarity.md` has the formulas and a worked example.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SAME: Final = 1e-9
"""Relative difference below which two scores share a rank. It is that of `math.isclose`, which OpenRarity uses."""


class Method(StrEnum):
    """A method, by its name in `rarity_scores.method`."""

    OPENRARITY = "openrarity"
    RARITY_SCORE = "rarity_score"
    RARITY_SCORE_NORMALIZED = "rarity_score_normalized"
    STATISTICAL = "statistical"
    AVERAGE = "average"
    RAREST_TRAIT = "rarest_trait"


@dataclass(frozen=True, slots=True)
class TokenTraits:
    """The traits of the tokens of one collection. Tokens, values and traits are numbered from 0."""

    trait_counts: Integers
    """For each token, the number of its values of any type that count (not empty, not "none")."""
    value_trait: Integers
    """For each value of a string trait, its trait. Every trait has a value, and every value a token."""
    link_token: Integers
    link_value: Integers
    """`link_token[i]` has the value `link_value[i]`. Each pair occurs once."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores and ranks of all tokens by one method, in the order of the tokens. Rank 1 is the rarest. Equal tokens
    share a rank, and the ranks behind it are skipped (1, 2, 2, 4).
    """

    score: Floats
    rank: Integers


def score(traits: TokenTraits) -> dict[Method, Scores]:
    """The scores and ranks of every token by every method; {} for no tokens. The time grows with tokens and links."""
    if not len(traits.trait_counts):
        return {}
    seen = _Seen(traits)
    information = seen.sum(np.log2(seen.entry_times), np.log2(seen.null_times))
    entropy = seen.entropy()
    openrarity = information / entropy if entropy else information
    classic = seen.sum(seen.entry_times, seen.null_times)
    weighted = seen.sum(
        seen.entry_times / seen.cardinality[seen.entry_trait],
        seen.null_times / seen.cardinality[: len(seen.null_times)],
    )
    average = seen.sum(1 / seen.entry_times, 1 / seen.null_times) / seen.count()
    return {
        Method.OPENRARITY: Scores(openrarity, _ranks(openrarity, first=seen.unique_count())),
        Method.RARITY_SCORE: Scores(classic, _ranks(classic)),
        Method.RARITY_SCORE_NORMALIZED: Scores(weighted, _ranks(weighted)),
        # The product may be too small for a float where its logarithm is not, so ranks follow from the logarithm.
        Method.STATISTICAL: Scores(np.exp2(-information), _ranks(information)),
        Method.AVERAGE: Scores(average, _ranks(-average)),
        Method.RAREST_TRAIT: Scores(rarest := seen.rarest(), _ranks(-rarest)),
    }


class _Seen:
    """The features of each token.

    `entry_*` has one element for each feature: values, trait count, and the lack of traits that most tokens have. If
    most tokens lack a trait, its Null has no entry. It is added for all tokens and subtracted from those that have the
    trait (`holder_*`). There p is at least a half, so the subtraction loses no digits. In this way there are never more
    entries than twice the links.
    """

    def __init__(self, traits: TokenTraits) -> None:
        self.tokens = len(traits.trait_counts)
        value_trait = traits.value_trait
        names = int(value_trait.max()) + 1 if len(value_trait) else 0
        has = np.bincount(traits.link_value, minlength=len(value_trait))
        pairs = np.sort(traits.link_token * max(names, 1) + value_trait[traits.link_value])
        once = np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]
        pair_token, pair_trait = np.divmod(pairs[once], max(names, 1))
        lacks = self.tokens - np.bincount(pair_trait, minlength=names)
        counts, meta_value, meta_has = np.unique(traits.trait_counts, return_inverse=True, return_counts=True)

        self._value_has, self._lacks, self._meta_has = has, lacks, meta_has
        self.cardinality = np.append(np.bincount(value_trait, minlength=names), len(counts)).astype(np.float64)
        """The number of values of each trait, without Null. The last element is the meta trait."""
        self._common = (lacks > 0) & (lacks * 2 < self.tokens)
        missing_token, missing_trait = self._missing(pair_token, pair_trait)
        everybody = np.arange(self.tokens)
        self._entry_token = np.concatenate([traits.link_token, missing_token, everybody])
        self.entry_trait = np.concatenate(
            [value_trait[traits.link_value], missing_trait, np.full(self.tokens, names, dtype=np.int64)]
        )
        entry_has = np.concatenate([has[traits.link_value], lacks[missing_trait], meta_has[meta_value]])
        self.entry_times = self.tokens / entry_has
        """1/p of each entry."""
        self._alone = (entry_has == 1) & np.concatenate(
            [np.ones(len(traits.link_token), bool), np.zeros(len(missing_token), bool), np.ones(self.tokens, bool)]
        )
        self._rare = (lacks > 0) & ~self._common
        self.null_times = np.where(self._rare, self.tokens / np.maximum(lacks, 1), 1.0)
        """1/p of Null for each trait that most tokens lack; 1 where Null has entries or does not occur."""
        held_rare = self._rare[pair_trait]
        self._holder_token, self._holder_trait = pair_token[held_rare], pair_trait[held_rare]
        self._held = np.bincount(pair_token, minlength=self.tokens)
        self._linked = np.bincount(traits.link_token, minlength=self.tokens)
        self._ever_lacked = np.count_nonzero(lacks)
        self._always_held = np.bincount(pair_token[lacks[pair_trait] == 0], minlength=self.tokens)

    def _missing(self, pair_token: Integers, pair_trait: Integers) -> tuple[Integers, Integers]:
        """The tokens that lack a trait that most tokens have, with that trait."""
        order = np.argsort(pair_trait, kind="stable")
        by_trait, holders = pair_trait[order], pair_token[order]
        tokens: list[Integers] = []
        names = np.flatnonzero(self._common)
        for name in names:
            lacking = np.ones(self.tokens, dtype=bool)
            begin, end = np.searchsorted(by_trait, [name, name + 1])
            lacking[holders[begin:end]] = False
            tokens.append(np.flatnonzero(lacking))
        none = np.empty(0, dtype=np.int64)
        return np.concatenate([none, *tokens]), np.repeat(names, [len(found) for found in tokens])

    def sum(self, entries: Floats, nulls: Floats) -> Floats:
        """For each token, the sum of the weights of its entries and of its Nulls of rare traits."""
        weights = np.where(self._rare, nulls, 0.0)
        taken_back = np.bincount(self._holder_token, weights[self._holder_trait], minlength=self.tokens)
        return np.bincount(self._entry_token, entries, minlength=self.tokens) + (weights.sum() - taken_back)

    def count(self) -> Integers:
        """The number of features of each token."""
        lacked = self._ever_lacked - (self._held - self._always_held)
        return self._linked + lacked + 1

    def unique_count(self) -> Integers:
        """For each token, the number of its values that no other token has. The trait count is one of the values."""
        return np.bincount(self._entry_token, self._alone, minlength=self.tokens).astype(np.int64)

    def rarest(self) -> Floats:
        """The least p of each token. A token with a rare trait has a p below that of every rare trait's Null."""
        least = np.ones(self.tokens)
        np.minimum.at(least, self._entry_token, 1 / self.entry_times)
        return np.minimum(least, (1 / self.null_times)[self._rare].min(initial=1.0))

    def entropy(self) -> float:
        """The entropy of the collection: the expected information of a token, in bits."""
        shares = np.concatenate([self._value_has, self._lacks[self._lacks > 0], self._meta_has]) / self.tokens
        return float(-np.dot(shares, np.log2(shares)))


def _ranks(rarity: Floats, *, first: Integers | None = None) -> Integers:
    """Ranks by `first`, then by `rarity`, the highest first.

    Neighbours with the same `rarity` share a rank, even if their `first` differs. OpenRarity 0.7.5 does the same.
    """
    order = np.lexsort((-rarity,) if first is None else (-rarity, -first))
    in_order = rarity[order]
    before, here = in_order[:-1], in_order[1:]
    same = np.abs(here - before) <= SAME * np.maximum(np.abs(here), np.abs(before))
    starts = np.arange(1, len(order) + 1)
    starts[1:][same] = 0
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.maximum.accumulate(starts)
    return ranks
