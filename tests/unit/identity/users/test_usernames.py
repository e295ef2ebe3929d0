"""Which usernames there can be, and when two are one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.identity.users.usernames import RESERVED, UsernameReservedError, parse_username, skeleton_of


@pytest.mark.parametrize("name", ["abc", "Mint_Master", "a" * 30, "007", "_x_"])
def test_a_plain_name_is_taken_as_written(name: str) -> None:
    assert parse_username(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "ab",
        "a" * 31,
        "",
        "a b c",
        "mint.master",
        "trailing.",
        "newline\n",
        "аdmin",  # Cyrillic a
        "ａｄｍｉｎ",  # full width
        "adm\u200bin",
        "adm\u00adin",
        "e\u0301lan",
        unicodedata.normalize("NFC", "e\u0301lan"),
        "😀",
        "ſteady",  # long s folds to s
        "nul\0nul",
        "١٢٣",
    ],
)
def test_a_name_that_could_be_taken_for_another_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="3 to 30"):
        parse_username(name)


@pytest.mark.parametrize("name", ["admin", "ADMIN", "_Admin_", "SteadyMint", "me"])
def test_a_name_that_speaks_for_the_house_is_reserved(name: str) -> None:
    with pytest.raises((UsernameReservedError, ValueError)):
        parse_username(name)


def test_every_reserved_name_is_reserved_in_its_own_skeleton() -> None:
    assert all(skeleton_of(name) == name for name in RESERVED)


@given(st.from_regex(r"\A[A-Za-z0-9_]{3,30}\Z"))
def test_names_that_differ_in_case_share_a_skeleton_the_database_computes_too(name: str) -> None:
    assert skeleton_of(name) == skeleton_of(name.swapcase()) == name.lower()


@given(st.text(max_size=20))
def test_a_skeleton_is_its_own_skeleton(name: str) -> None:
    assert skeleton_of(skeleton_of(name)) == skeleton_of(name)
