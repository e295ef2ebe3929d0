"""Statements: made of constants, whatever is asked."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime
from uuid import UUID

from steadymint.catalog.reads.collections import Newest, collections
from steadymint.catalog.reads.tokens import AfterHeldToken, held_tokens
from steadymint.domain.flows import Standard
from steadymint.domain.types import Address, ChainId

CHAIN = ChainId("eip155:31337")
ACCOUNT = Address("0x" + "ab" * 20)
FILTERS = {"chain_id": CHAIN, "creator": ACCOUNT, "owner": ACCOUNT, "standard": Standard.ERC721}
STARTS = [None, Newest(datetime(2026, 1, 31, tzinfo=UTC), UUID(int=7))]


def _placeholders(sql: str) -> set[int]:
    return {int(number) for number in re.findall(r"\$([0-9]+)", sql)}


def test_every_combination_of_filters_is_a_statement_with_as_many_arguments_as_places() -> None:
    for chosen in itertools.product([False, True], repeat=len(FILTERS)):
        given = {name: value for use, (name, value) in zip(chosen, FILTERS.items(), strict=True) if use}
        for after in STARTS:
            query = collections(after=after, limit=21, **given)  # pyright: ignore[reportArgumentType]
            assert _placeholders(query.sql) == set(range(1, len(query.args) + 1))


def test_what_a_caller_says_is_in_the_arguments_and_not_in_the_statement() -> None:
    query = collections(after=STARTS[1], limit=21, **FILTERS)  # pyright: ignore[reportArgumentType]
    held = held_tokens(ACCOUNT, after=AfterHeldToken(CHAIN, ACCOUNT, "77"), limit=21, chain_id=CHAIN, contract=ACCOUNT)
    for found in (query, held):
        assert _placeholders(found.sql) == set(range(1, len(found.args) + 1))
        for said in (CHAIN, ACCOUNT, "77", "2026", "'erc721'"):
            assert said not in found.sql
