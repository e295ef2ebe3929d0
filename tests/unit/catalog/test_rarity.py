"""Rarity is what the formulas say, and what open-rarity says."""

from __future__ import annotations

import random
import re
from math import isclose

import numpy as np
import pytest

from steadymint.catalog.rarity import Method, Scores, TokenTraits, score
from tests.support.rarity import (
    ROOT,
    WORKED,
    Document,
    ask_oracle,
    collections,
    plain_ranks,
    plain_scores,
    plain_unique,
    traits_of,
)

COLLECTIONS = collections()
HIGHER_IS_RARER = {Method.OPENRARITY, Method.RARITY_SCORE, Method.RARITY_SCORE_NORMALIZED}


def scored(documents: list[Document]) -> dict[Method, Scores]:
    return score(traits_of(documents))


def with_several_values(seed: int) -> list[Document]:
    """A collection whose tokens have up to three values of a name."""
    dice = random.Random(seed)
    return [
        {name: dice.sample("abcdef", dice.randint(1, 3)) for name in ("t0", "t1", "t2") if dice.random() < 0.6}
        for _ in range(dice.randint(2, 50))
    ]


@pytest.mark.parametrize("name", [*COLLECTIONS, *(f"several values {seed}" for seed in range(20))])
def test_every_method_is_its_formula_and_ranks_the_rarest_first(name: str) -> None:
    documents = COLLECTIONS[name] if name in COLLECTIONS else with_several_values(int(name.split()[-1]))
    found = scored(documents)
    for method, expected in plain_scores(documents).items():
        assert found[method].score == pytest.approx(expected, rel=1e-11, abs=1e-12), method
        rarity = expected if method in HIGHER_IS_RARER else [-value for value in expected]
        first = plain_unique(documents) if method is Method.OPENRARITY else None
        assert found[method].rank.tolist() == plain_ranks(rarity, first), method


def test_equals_share_a_rank_and_the_next_is_as_many_lower() -> None:
    documents: list[Document] = [{"a": value} for value in "x" * 5 + "y" * 2 + "z" * 3]
    assert scored(documents)[Method.RARITY_SCORE].rank.tolist() == [6] * 5 + [1] * 2 + [3] * 3


def test_a_token_that_alone_has_something_is_rarer_by_openrarity_whatever_it_scores() -> None:
    # Token 0 alone has a hat; the others are rare in four things at once, and score higher.
    documents: list[Document] = [{**{f"t{n}": "common" for n in range(4)}, "hat": "only"}]
    documents += [{**{f"t{n}": "rare" for n in range(4)}, "hat": "none of these"}] * 2
    documents += [{**{f"t{n}": "common" for n in range(4)}, "hat": "none of these"}] * 29
    found = scored(documents)
    assert found[Method.OPENRARITY].score[1] > found[Method.OPENRARITY].score[0]
    assert found[Method.OPENRARITY].rank[:3].tolist() == [1, 2, 2]
    assert found[Method.STATISTICAL].rank[:3].tolist() == [3, 1, 1]


def test_tokens_too_rare_for_a_product_keep_their_order() -> None:
    # 400 traits of which each token shares its value with one other, the last hundred their first value with three.
    # (1/100)^400 is nothing to a float.
    tokens, traits = 200, 400
    token, trait = np.divmod(np.arange(tokens * traits), traits)
    shared = token // np.where((token >= 100) & (trait == 0), 4, 2) + tokens * (token >= 100)
    values, link_value = np.unique(trait * 2 * tokens + shared, return_inverse=True)
    found = score(TokenTraits(np.full(tokens, traits), values // (2 * tokens), token, link_value))
    assert not found[Method.STATISTICAL].score.any()
    assert found[Method.STATISTICAL].rank.tolist() == [1] * 100 + [101] * 100


def test_a_name_that_a_million_tokens_lack_costs_no_digits() -> None:
    tokens, traits = 1_000_000, 3
    link_token = np.arange(traits, dtype=np.int64)
    nobody_else = np.arange(traits, dtype=np.int64)
    counts = np.zeros(tokens, dtype=np.int64)
    counts[:traits] = 1
    found = score(TokenTraits(counts, nobody_else, link_token, nobody_else))
    rare = tokens + 2 * (tokens / (tokens - 1)) + tokens / 3
    assert found[Method.RARITY_SCORE].score[:traits] == pytest.approx([rare] * traits, rel=1e-12)
    assert found[Method.RARITY_SCORE].rank[:5].tolist() == [1, 1, 1, 4, 4]


def test_no_tokens_have_no_scores() -> None:
    assert scored([]) == {}


def test_the_worked_example_of_the_documentation_is_what_is_computed() -> None:
    page = (ROOT / "docs" / "rarity.md").read_text()
    found = scored(WORKED)
    for method in Method:
        line = re.search(rf"^\| `{method}` \| (\d.*)\|$", page, re.MULTILINE)
        assert line, method
        cells = [cell.split() for cell in line[1].split("|")]
        assert [float(number) for number, _ in cells] == pytest.approx(found[method].score, abs=5e-7), method
        assert [int(rank.strip("()")) for _, rank in cells] == found[method].rank.tolist(), method


@pytest.mark.slow
def test_scores_and_ranks_equal_those_of_open_rarity() -> None:
    try:
        answers = ask_oracle(COLLECTIONS)
    except RuntimeError as error:
        pytest.skip(f"open-rarity cannot be installed here: {error}")
    assert answers.keys() == COLLECTIONS.keys()
    for name, documents in COLLECTIONS.items():
        theirs, ours = answers[name], scored(documents)
        assert ours[Method.OPENRARITY].score == pytest.approx(theirs["openrarity"], rel=1e-9, abs=1e-12), name
        assert ours[Method.OPENRARITY].rank.tolist() == theirs["ranks"], name
        assert plain_unique(documents) == theirs["unique"], name
        assert ours[Method.RARITY_SCORE].score == pytest.approx(theirs["sum"]), name
        assert ours[Method.RARITY_SCORE_NORMALIZED].score == pytest.approx(theirs["weighted_sum"]), name
        # It has no product, mean or least of p, but each follows from what it has of 1/p.
        products = [mean**-n for mean, n in zip(theirs["geometric_mean"], theirs["number_of_attributes"], strict=True)]
        assert ours[Method.STATISTICAL].score == pytest.approx(products), name
        assert ours[Method.AVERAGE].score == pytest.approx([1 / mean for mean in theirs["harmonic_mean"]]), name
        assert ours[Method.RAREST_TRAIT].score == pytest.approx([1 / most for most in theirs["highest"]]), name
        for method, key in (
            (Method.RARITY_SCORE, "sum"),
            (Method.RARITY_SCORE_NORMALIZED, "weighted_sum"),
            (Method.STATISTICAL, "geometric_mean"),
            (Method.AVERAGE, "harmonic_mean"),
            (Method.RAREST_TRAIT, "highest"),
        ):
            assert ours[method].rank.tolist() == plain_ranks(theirs[key]), (name, method)
        # It would not rank a collection with numbers; what is compared then is how it scores the texts.
        has_numbers = any(isinstance(value, int) for one in documents for value in one.values())
        assert theirs["refused"] == has_numbers, name


def test_a_tie_asks_for_the_score_alone_as_in_open_rarity() -> None:
    documents = COLLECTIONS["the same score, alone in one or common in two"]
    unique, found = plain_unique(documents), scored(documents)[Method.OPENRARITY]
    pairs = [
        (one, other)
        for one in range(len(documents))
        for other in range(len(documents))
        if unique[one] > unique[other] and isclose(found.score[one], found.score[other])
    ]
    assert pairs, "the collection has such a pair"
    for one, other in pairs:
        assert found.rank[one] == found.rank[other]
