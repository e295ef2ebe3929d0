"""The plan of the showcase: the same for the same seed, and possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator

import pytest

from steadymint.demo.showcase.plan import FULL, MARKET_OPENS, Chapter, Item, Plan
from steadymint.demo.showcase.planner import planned

SEEDS = range(1, 21)


def minted(plan: Plan) -> dict[Item, int]:
    """Who owns which token after the mints."""
    owners: dict[Item, int] = {}
    following = [1] * len(plan.works)
    for mint in (mint for one in plan.rounds for mint in one):
        if plan.works[mint.work].standard == "erc721":
            for _ in range(mint.quantity):
                owners[Item(mint.work, following[mint.work])] = mint.who
                following[mint.work] += 1
    return owners


def test_a_seed_gives_one_plan_and_another_seed_another() -> None:
    assert repr(planned(7)) == repr(planned(7))
    assert repr(planned(7)) != repr(planned(8))


def moves(chapter: Chapter, singles: Container[Item]) -> Iterator[tuple[Item, int, int]]:
    """Each token that changes hands in a chapter, with who gives it and who gets it."""
    for _, deeds in chapter.blocks():
        for deed in deeds:
            wishes = [chapter.wishes[order] for order in deed.orders]
            if deed.what == "buy":
                bought = [(Item(wish.work, wish.token or 0), wish.maker, deed.who) for wish in wishes]
                yield from (move for move in bought if move[0] in singles)
            elif deed.what == "accept" and deed.item is not None:
                yield deed.item, deed.who, wishes[0].maker
            elif deed.what == "send" and deed.item is not None and deed.to is not None:
                yield deed.item, deed.who, deed.to


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_sells_or_sends_what_is_not_theirs_and_nothing_moves_twice_in_a_chapter(seed: int) -> None:
    plan = planned(seed)
    owners = minted(plan)
    assert Counter(item.work for item in owners) == {
        work: FULL.tokens for work, one in enumerate(plan.works) if one.standard == "erc721"
    }
    for chapter in plan.chapters:
        moved = list(moves(chapter, owners))
        assert moved
        assert len({item for item, _, _ in moved}) == len(moved)
        for item, giver, taker in moved:
            assert owners[item] == giver != taker
        owners |= {item: taker for item, _, taker in moved}
    assert owners == plan.owners


@pytest.mark.parametrize("seed", SEEDS)
def test_owners_list_what_they_have_and_others_make_offers_for_it(seed: int) -> None:
    plan = planned(seed)
    listed = [Item(wish.work, wish.token) for wish in plan.standing if wish.kind == "list" and wish.token is not None]
    assert len(listed) == len(set(listed)) > 0
    for wish in plan.standing:
        if wish.token is not None and (owner := plan.owners.get(Item(wish.work, wish.token))) is not None:
            assert (owner == wish.maker) == (wish.kind == "list")
    for chapter in plan.chapters:
        for deed in chapter.deeds:
            if deed.what == "cancel":
                assert [chapter.wishes[order].maker for order in deed.orders] == [deed.who]


@pytest.mark.parametrize("seed", SEEDS)
def test_blocks_never_go_back_and_every_chapter_follows_the_one_before(seed: int) -> None:
    moments: list[float] = []
    for chapter in planned(seed).chapters:
        moments += [chapter.opens, *(ago for ago, _ in chapter.blocks())]
    assert moments == sorted(moments, reverse=True)
    assert moments[0] == MARKET_OPENS
    assert 0 < moments[-1] < 24
