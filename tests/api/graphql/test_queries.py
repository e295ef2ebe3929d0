"""What queries answer: what REST answers, in the selection's order, with REST's problems and few statements."""

from __future__ import annotations

from typing import Any

from tests.support.catalog_rows import CHAIN, contract
from tests.support.catalog_sample import SHOWN
from tests.support.graphql import GraphQL, counted_statements

ONE = {"chain": CHAIN, "contract": contract(1)}
TOKENS = """query($chain: ChainId!, $contract: String!, $first: Int, $after: String) {
  tokens(chainId: $chain, contract: $contract, first: $first, after: $after) {
    nodes { tokenId name owner burned }
    edges { cursor node { tokenId } }
    pageInfo { hasNextPage startCursor endCursor }
  }
}"""


async def test_a_page_of_several_parts_is_one_request_and_says_what_rest_says(graphql: GraphQL) -> None:
    found = await graphql.data(
        """query($chain: ChainId!, $contract: String!) {
          shown: collection(chainId: $chain, contract: $contract) { ...Words mint { price startAt } __typename }
          stats: collectionStats(chainId: $chain, contract: $contract) { items owners }
        }
        fragment Words on Collection { name contract standard links { website } }""",
        **ONE,
    )
    rest = (await graphql.http.get(f"/v1/collections/{CHAIN}/{contract(1)}")).json()
    assert found["shown"] == {
        "name": rest["name"],
        "contract": SHOWN,
        "standard": rest["standard"],
        "links": {"website": None},
        "mint": {name: rest["mint"][name] for name in ("price", "startAt")},
        "__typename": "Collection",
    }
    stats = (await graphql.http.get(f"/v1/collections/{CHAIN}/{contract(1)}/stats")).json()
    assert found["stats"] == {name: stats[name] for name in ("items", "owners")}


async def test_pages_are_walked_by_the_cursors_of_rest_and_each_edge_has_one(graphql: GraphQL) -> None:
    path = f"/v1/collections/{CHAIN}/{contract(1)}/tokens"
    rest = (await graphql.http.get(path, params={"limit": 1})).json()
    first = (await graphql.data(TOKENS, **ONE, first=1))["tokens"]
    assert first["pageInfo"] == {
        "hasNextPage": True,
        "startCursor": rest["nextCursor"],
        "endCursor": rest["nextCursor"],
    }
    everything = (await graphql.data(TOKENS, **ONE))["tokens"]
    assert [edge["node"]["tokenId"] for edge in everything["edges"]] == [row["tokenId"] for row in everything["nodes"]]
    assert everything["pageInfo"]["endCursor"] is None
    for before, edge in enumerate(everything["edges"][:-1], start=1):
        behind = (await graphql.data(TOKENS, **ONE, after=edge["cursor"]))["tokens"]
        assert behind["nodes"] == everything["nodes"][before:]
    by_rest = (await graphql.http.get(path, params={"cursor": everything["edges"][0]["cursor"]})).json()
    assert [row["tokenId"] for row in by_rest["items"]] == [row["tokenId"] for row in everything["nodes"][1:]]


async def test_a_part_that_is_refused_is_null_with_the_problem_of_rest_and_the_others_are_shown(
    graphql: GraphQL,
) -> None:
    answer = await graphql(
        """query($chain: ChainId!) {
          missing: collection(chainId: $chain, contract: "no-such-thing") { name }
          wrong: collections(first: 1000) { nodes { name } }
          signed: me { username }
          collections(first: 1) { nodes { name } }
        }""",
        chain=CHAIN,
    )
    assert answer.data["collections"]["nodes"][0]["name"]
    assert [answer.data[name] for name in ("missing", "wrong", "signed")] == [None] * 3
    by_path = {error["path"][0]: error for error in answer.errors}
    rest = (await graphql.http.get(f"/v1/collections/{CHAIN}/no-such-thing")).json()
    assert by_path["missing"]["message"] == rest["detail"]
    assert by_path["missing"]["extensions"] == {name: rest[name] for name in ("title", "status", "code")}
    assert by_path["wrong"]["extensions"]["field"] == "first"
    assert (by_path["signed"]["extensions"]["code"], by_path["signed"]["extensions"]["status"]) == ("unauthorized", 401)


async def test_the_collections_of_many_rows_are_read_by_one_statement(graphql: GraphQL) -> None:
    of_one = """query($chain: ChainId!, $contract: String!, $first: Int) {
      tokens(chainId: $chain, contract: $contract, first: $first) { nodes { tokenId %s } }
    }"""
    related = "collection { name contract links { website } }"

    async def statements(selection: str, first: int) -> tuple[int, Any]:
        await graphql.data(of_one % selection, **ONE, first=first)  # connections learn types by statements
        with counted_statements(graphql.pool) as seen:
            found = await graphql.data(of_one % selection, **ONE, first=first)
        return len(seen), found["tokens"]["nodes"]

    for first in (1, 3):
        alone, _ = await statements("", first)
        together, rows = await statements(related, first)
        assert len(rows) == first
        assert {row["collection"]["contract"] for row in rows} == {SHOWN}
        assert together == alone + 1


async def test_what_is_given_wrongly_is_told_at_its_place_without_the_value(graphql: GraphQL) -> None:
    query = "mutation($input: SignInSiweInput!) { signInSiwe(input: $input) { nonce } }"
    good = {"accountId": contract(1), "chainId": CHAIN, "domain": "localhost:3000"}
    secret = "5ecret" * 4
    for wrong, place in (
        ({"chainId": 7}, "input.chainId"),
        ({"domain": {"a": secret}}, "input.domain"),
        ({"accountId": secret}, "input.accountId"),
        ({"chainId": "eip155:01"}, "input.chainId"),
        ({"more": secret}, "input"),
        ({"domain": None}, "input.domain"),
    ):
        answer = await graphql(query, input=good | wrong)
        assert answer.codes == ["invalid_input"], answer
        assert answer.errors[0]["extensions"]["field"] == place
        assert answer.errors[0]["message"].startswith(place + ": ")
        assert secret not in str(answer.errors)
    left_out = {name: value for name, value in good.items() if name != "domain"}
    assert "domain" in (await graphql(query, input=left_out)).errors[0]["message"]
