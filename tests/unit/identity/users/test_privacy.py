"""Who sees what of a user: each member, at each level, for each viewer."""

from __future__ import annotations

from itertools import product
from typing import Final, get_args

import pytest

from api.accounts.bodies.users import UserBody
from steadymint.identity.users.privacy import NOBODY, Member, PrivacyLevel, Relation, Viewer, visible

# `public`, `friends` and `private` for each viewer; `x` where the viewer sees the member.
TABLE: Final = """
                 owner   friend  stranger  blocked
    username     x x x   x x x   x x x     - - -
    displayName  x x x   x x x   x x x     - - -
    avatarUrl    x x x   x x x   x x x     - - -
    bannerUrl    x x x   x x -   x - -     - - -
    bio          x x x   x x -   x - -     - - -
    socials      x x x   x x -   x - -     - - -
    address      x x x   x x -   x - -     - - -
    stats        x x x   x x -   x - -     - - -
    joinedAt     x x x   x x -   x - -     - - -
    followers    x x x   x x -   x - -     - - -
    following    x x x   x x -   x - -     - - -
    locale       x x x   - - -   - - -     - - -
    timezone     x x x   - - -   - - -     - - -
    preferences  x x x   - - -   - - -     - - -
    wallets      x x x   - - -   - - -     - - -
"""
LEVELS: Final[tuple[PrivacyLevel, ...]] = ("public", "friends", "private")
_HEAD, *_ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS: Final = [
    (member, viewer, level, mark == "x")
    for member, *marks in _ROWS
    for (viewer, level), mark in zip(product(_HEAD, LEVELS), marks, strict=True)
]


@pytest.mark.parametrize(("member", "viewer", "level", "seen"), CELLS)
def test_a_member_is_seen_by_whom_the_table_names(member: str, viewer: str, level: PrivacyLevel, *, seen: bool) -> None:
    assert (Member(member) in visible(level, Viewer(viewer))) is seen


def test_the_table_is_complete() -> None:
    assert [row[0] for row in _ROWS] == list(Member)
    assert list(Viewer) == _HEAD
    assert set(LEVELS) == set(get_args(PrivacyLevel))


def test_every_member_of_an_answer_is_under_the_rule() -> None:
    assert set(UserBody.__annotations__) - {"viewer"} <= set(Member)


@pytest.mark.parametrize(
    ("relation", "viewer"),
    [
        (NOBODY, Viewer.STRANGER),
        (Relation(is_self=True), Viewer.OWNER),
        (Relation(follows=True), Viewer.STRANGER),
        (Relation(followed_by=True), Viewer.STRANGER),
        (Relation(follows=True, followed_by=True), Viewer.FRIEND),
        (Relation(blocks=True), Viewer.STRANGER),
        (Relation(follows=True, followed_by=True, blocked_by=True), Viewer.BLOCKED),
    ],
)
def test_friends_follow_each_other_and_who_is_blocked_is_nothing_else(relation: Relation, viewer: Viewer) -> None:
    assert relation.viewer is viewer
