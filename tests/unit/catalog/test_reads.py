"""Statements: made of constants, whatever is asked."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from steadymint.catalog.reads.collection_lists import AfterCollection, CollectionFilter, CollectionSort, collections
from steadymint.catalog.reads.held import AfterHeldToken, held_tokens
from steadymint.catalog.reads.token_filters import (
    Facts,
    TokenFilter,
    TokenSort,
    TraitRange,
    TraitValues,
    WideRange,
    Word,
)
from steadymint.catalog.reads.token_scope import Start
from steadymint.catalog.reads.tokens import TokenPlan, plan
from steadymint.domain.types import Address, ChainId, Standard

CHAIN = ChainId("eip155:31337")
ACCOUNT = Address("0x" + "ab" * 20)
FILTERS: dict[str, Any] = {
    "chain_id": CHAIN,
    "creator": ACCOUNT,
    "owner": ACCOUNT,
    "standard": Standard.ERC721,
    "verified": True,
    "q": "kilroy",
}
COLLECTION_SORTS: tuple[CollectionSort, ...] = ("recent", "volume", "floor", "items")
STARTS: dict[TokenSort, Start] = {
    "number": Start("77", ""),
    "rank": Start("77", str(UUID(int=4))),
    "price": Start("77", str(UUID(int=4))),
    "recent": Start("2026-01-31 12:00:00+00", "77"),
}


def placeholders(sql: str) -> set[int]:
    return {int(number) for number in re.findall(r"\$([0-9]+)", sql)}


def values(trait: int, tokens: int, *ids: int) -> TraitValues:
    return TraitValues(UUID(int=trait), tuple(UUID(int=id_) for id_ in ids), tokens)


def facts(**given: Any) -> Facts:
    known: dict[str, Any] = {
        "collection_id": UUID(int=1),
        "collection": 1,
        "chain": 1,
        "items": 1_000_000,
        "listed": 300_000,
        "priced": 300_000,
        "ranked": 1_000_000,
        "owned": 0,
    }
    return Facts(**(known | given))


RANGE = TraitRange("power", Decimal(777), None)
EVERYTHING = TokenFilter(
    traits=(("hat", "kilroy"),),
    ranges=(RANGE,),
    owner=ACCOUNT,
    listed=True,
    min_price=Decimal(777),
    max_price=Decimal(778),
    min_rank=777,
    max_rank=778,
    q="kilroy was",
    burned=False,
    nsfw=False,
)
ALL_FACTS = facts(
    owned=70_000,
    traits=(values(2, 90_000, 7), values(3, 80_000, 8, 9)),
    wide=(WideRange(UUID(int=5), RANGE),),
    words=(Word("kilroy", False, 2001), Word("was", True, 2001)),
)


def planned(known: Facts | None, asked: TokenFilter, sort: TokenSort = "number", **given: Any) -> TokenPlan:
    given = {"descending": False, "start": None, "limit": 21} | given
    return plan((CHAIN, ACCOUNT), known, asked, sort=sort, **given)


def test_every_combination_of_filters_is_a_statement_with_as_many_arguments_as_places() -> None:
    for chosen in itertools.product([False, True], repeat=len(FILTERS)):
        given = {name: value for use, (name, value) in zip(chosen, FILTERS.items(), strict=True) if use}
        for sort, after in itertools.product(COLLECTION_SORTS, (None, AfterCollection("77", str(UUID(int=7))))):
            query = collections(CollectionFilter(**given), sort=sort, descending=True, after=after, limit=21)
            assert placeholders(query.sql) == set(range(1, len(query.args) + 1))


@pytest.mark.parametrize("sort", list(STARTS))
def test_every_page_of_tokens_is_a_statement_with_as_many_arguments_as_places(sort: TokenSort) -> None:
    cases = [(None, TokenFilter()), (None, TokenFilter(burned=True, spam=True)), (ALL_FACTS, EVERYTHING)]
    for (known, asked), descending, start in itertools.product(cases, (False, True), (None, STARTS[sort])):
        page = planned(known, asked, sort, descending=descending, start=start)
        for query in (page.query, page.end):
            if query is not None:
                assert placeholders(query.sql) == set(range(1, len(query.args) + 1))


def test_what_a_caller_says_is_in_the_arguments_and_not_in_the_statement() -> None:
    found = [
        collections(CollectionFilter(**FILTERS), after=AfterCollection("77", "77"), limit=21),
        held_tokens(ACCOUNT, after=AfterHeldToken(CHAIN, ACCOUNT, "77"), limit=21, chain_id=CHAIN, contract=ACCOUNT),
        *(planned(ALL_FACTS, EVERYTHING, sort, start=start).query for sort, start in STARTS.items()),
    ]
    for query in found:
        assert placeholders(query.sql) == set(range(1, len(query.args) + 1))
        for said in (CHAIN, ACCOUNT, "77", "2026", "'erc721'", "kilroy"):
            assert said not in query.sql


def source_of(known: Facts, asked: TokenFilter, sort: TokenSort) -> tuple[frozenset[str], bool]:
    source = planned(known, asked, sort).source
    return source.answers, source.in_order


RARE, COMMON = values(2, 40, 7), values(3, 900_000, 8)


def test_a_page_is_read_from_the_rarest_filter() -> None:
    asked = TokenFilter(traits=(("a", "b"),), owner=ACCOUNT)
    assert source_of(facts(traits=(COMMON, RARE), owned=500), asked, "number") == ({RARE.name}, True)
    assert source_of(facts(traits=(COMMON,), owned=500), asked, "number") == ({"owner"}, True)


def test_a_sort_walks_its_own_index_unless_a_filter_leaves_only_few() -> None:
    asked = TokenFilter(traits=(("a", "b"),))
    assert source_of(facts(traits=(COMMON,)), asked, "rank") == ({"rank"}, True)
    assert source_of(facts(traits=(RARE,)), asked, "rank") == ({RARE.name}, False)
    assert source_of(facts(traits=(RARE,)), asked, "price") == ({RARE.name}, False)
    assert source_of(facts(traits=(COMMON,)), asked, "price") == ({"listed"}, True)


def test_a_set_that_is_large_is_never_fetched_whole() -> None:
    large = values(2, 2_001, 7)
    assert source_of(facts(ranked=2_000), TokenFilter(max_rank=1), "number") == ({"rank"}, False)
    assert source_of(facts(ranked=2_001), TokenFilter(max_rank=1), "number")[1]
    for sort in ("rank", "price", "recent"):
        assert source_of(facts(traits=(large,)), TokenFilter(traits=(("a", "b"),)), sort)[1]
