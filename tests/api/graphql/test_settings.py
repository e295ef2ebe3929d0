"""What an operator sets: how much one address may read, and whether the schema may be asked for."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import get_introspection_query
from starlette.requests import HTTPConnection

from api.operations.refusals import note_refusal
from steadymint.audit.reading import Filter, search
from steadymint.domain.errors import SteadymintError
from tests.support.graphql import GraphQL, served_with

CHAINS = "{ chains { nodes { name } } }"


async def test_who_reads_too_much_is_told_when_to_come_back_by_a_part_and_by_a_whole_operation(
    graphql: GraphQL,
) -> None:
    async with served_with(graphql, read_rate=3) as limited:  # an operation is a read, and so is each route it asks
        assert (await limited(CHAINS)).codes == []
        part, whole = await limited(CHAINS), await limited(CHAINS)
    assert (part.data, whole.data) == ({"chains": None}, None)
    assert part.errors[0]["path"] == ["chains"]
    for refused in (part, whole):
        assert refused.codes == ["rate_limited"]
        said = refused.errors[0]["extensions"]
        assert (said["status"], said["limit"]) == (429, "reads")
        assert 0 < said["retryAfter"] <= 60


async def test_a_flood_of_reads_is_a_security_event_whichever_way_it_is_refused(graphql: GraphQL) -> None:
    noted: list[Any] = []

    async def note(connection: HTTPConnection, error: SteadymintError) -> None:
        noted.append(error.extra["limit"])
        await note_refusal(connection, error)

    async with served_with(graphql, refused=note, read_rate=3) as limited:
        for _ in range(3):  # the first is answered, the second refused in part, the third as a whole
            await limited(CHAINS)
    assert noted == ["reads", "reads"]
    (found,) = await search(graphql.pool, Filter(type="limits"), limit=9)
    assert (found.details, found.ip) == ({"limit": "reads"}, "127.0.0.1")


@pytest.mark.parametrize(
    "query", [get_introspection_query(), '{ __type(name: "Query") { name } }', "{ __schema { types { name } } }"]
)
async def test_the_schema_is_not_shown_where_introspection_is_off(graphql: GraphQL, query: str) -> None:
    async with served_with(graphql, graphql_introspection=False) as closed:
        answer = await closed(query)
        assert set(answer.codes) == {"invalid_input"}
        assert "introspection" in answer.errors[0]["message"]
        assert (await closed("{ __typename chains { __typename } }")).data["__typename"] == "Query"
