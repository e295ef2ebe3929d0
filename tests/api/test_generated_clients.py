"""What generators of clients make of the OpenAPI document: types that a front end needs no cast for.

`clients/typescript/tests/generators` holds two programs that sign in, upload, create a collection, mint and follow:
one on types of `openapi-typescript`, one on the client of `@hey-api/openapi-ts`.
"""

from __future__ import annotations

import re

import pytest

from tests.support.typescript import GENERATORS, TSC, generate_clients, run_node

PROGRAMS = ("with-openapi-fetch.ts", "with-hey-api.ts")


async def test_programs_on_both_generated_clients_compile() -> None:
    """They also hold that an unknown code does not compile, and that the codes of an intent's error are all there
    are."""
    await generate_clients()
    code, printed = await run_node(TSC, folder=GENERATORS)
    assert code == 0, printed


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_programs_get_by_without_a_cast(program: str) -> None:
    text = (GENERATORS / "src" / program).read_text()
    assert not re.findall(r"\bas (?!const\b)\w+|\bany\b|\bunknown\b", text)
    assert not re.findall(r"\w!\.|\w!;|\w!\)", text), "a value is said not to be undefined"
    assert not re.findall(r"@ts-(?!expect-error there is no such code)", text)
