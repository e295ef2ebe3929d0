"""Which usernames there can be, and when two are one."""

from __future__ import annotations

import string
import unicodedata
from typing import Any

import pytest
from confusable_homoglyphs import confusables
from hypothesis import given
from hypothesis import strategies as st

from steadymint.identity.users.usernames import UsernameReservedError, parse_username, skeleton_of


@pytest.mark.parametrize("name", ["abc", "Mint_Master", "a" * 30, "007", "_x_", "Oxford", "a0x", "young"])
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


@pytest.mark.parametrize("name", ["admin", "ADMIN", "_Admin_", "SteadyMint", "me", "You", "_you"])
def test_a_name_that_speaks_for_the_house_is_reserved(name: str) -> None:
    with pytest.raises((UsernameReservedError, ValueError)):
        parse_username(name)


@pytest.mark.parametrize("name", ["0xf39F", "0Xabc1", "0x_"])
def test_a_name_that_could_be_taken_for_an_address_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="begin with 0x"):
        parse_username(name)


@pytest.mark.parametrize("name", ["adrnin", "0fficia1", "STEADYrn1nt", "rnod_"])
def test_a_name_that_looks_like_a_reserved_one_is_reserved(name: str) -> None:
    with pytest.raises(UsernameReservedError):
        parse_username(name)


def test_look_alikes_are_those_of_unicode_closed_under_case() -> None:
    """Two characters are one if they are confusable in either case, or are one letter in two cases."""
    alphabet = string.ascii_letters + string.digits + "_"
    pairs: set[tuple[str, str]] = set()
    for one in alphabet:
        found: Any = confusables.is_confusable(one, greedy=True, preferred_aliases=[])
        for homoglyph in found[0]["homoglyphs"] if found else ():
            if set(homoglyph["c"]) <= set(alphabet):
                pairs.add((one, homoglyph["c"]))
    assert ("l", "I") in pairs, "the library knows the classic"
    assert all(skeleton_of(one) == skeleton_of(other) for one, other in pairs)
    told_apart = {skeleton_of(one) for one in alphabet}
    assert len(told_apart) == 37 - 2 - 1, "of 26 letters, 10 digits and `_`: 1, i and l are one, 0 and o are one"


@given(st.from_regex(r"\A[A-Za-z0-9_]{3,30}\Z"))
def test_names_that_differ_in_case_share_a_skeleton(name: str) -> None:
    assert skeleton_of(name) == skeleton_of(name.swapcase()) == skeleton_of(skeleton_of(name))
