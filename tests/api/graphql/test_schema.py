"""The schema: the specification's words to the letter, and every route of REST."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_schema

from api.graphql import serving
from api.graphql.routes import by_place
from api.graphql.schema import LEFT_OUT, schema_of
from api.main import create_app
from steadymint.settings import Settings

ROOT = Path(__file__).parents[3]
COMMITTED = ROOT / "docs" / "schema.graphql"
SCALARS = "scalar Address scalar ChainId scalar Hex scalar DateTime"
SPECIFIED = """
type NoncePayload {
  nonce: String!
}

type AuthPayload {
  accessToken: String!
  refreshToken: String! # hoặc bỏ khỏi body và set cookie httpOnly
  expiresAt: DateTime!
  userId: ID!
}

input SignInSiweInput {
  accountId: String!
  chainId: ChainId!
  domain: String!
}

input VerifySiweInput {
  accountId: String!
  message: String!
  signature: Hex!
}

type Mutation {
  signInSiwe(input: SignInSiweInput!): NoncePayload!
  verifySiwe(input: VerifySiweInput!): AuthPayload!
}
"""
"""The specification's SDL."""
DRAWN = {
    "Mutation": {
        "uploadMedia": {"files"},
        "prepareCreateCollection": {"input"},
        "trackCollectionTx": {"intentId", "chainId", "txHash", "previewAddress"},
        "prepareMint721": {"input"},
        "prepareMint1155": {"input"},
        "trackMintTx": {"intentId", "chainId", "txHash", "contract"},
    },
    "Subscription": {"onCollectionStatus": {"intentId"}, "onMintStatus": {"intentId"}},
}
"""What its sequence diagrams name: fields and their arguments."""


def _fields(schema: GraphQLSchema, name: str) -> dict[str, tuple[str, dict[str, str]]]:
    """The fields of a type: each with its type, and its arguments with theirs."""
    found: Any = schema.type_map[name]
    return {
        field: (str(one.type), {argument: str(given.type) for argument, given in getattr(one, "args", {}).items()})
        for field, one in found.fields.items()
    }


def test_the_specified_types_are_served_to_the_letter() -> None:
    served = build_schema(COMMITTED.read_text())
    specified = build_schema(SCALARS + SPECIFIED)
    assert {"Address", "ChainId", "Hex", "DateTime"} <= served.type_map.keys()
    for name in ("NoncePayload", "AuthPayload", "SignInSiweInput", "VerifySiweInput"):
        assert _fields(served, name) == _fields(specified, name)
    assert _fields(specified, "Mutation").items() <= _fields(served, "Mutation").items()


def test_what_the_diagrams_name_is_served_with_its_arguments() -> None:
    schema = build_schema(COMMITTED.read_text())
    for root, fields in DRAWN.items():
        for name, arguments in fields.items():
            assert arguments <= _fields(schema, root)[name][1].keys(), name


def test_the_committed_schema_is_the_served_one() -> None:
    written = runpy.run_path(str(ROOT / "scripts" / "graphql_schema.py"))
    assert written["FILE"].read_text() == written["text"](), "run python scripts/graphql_schema.py"


def test_each_route_of_rest_is_asked_by_a_field_or_is_left_out_for_a_reason() -> None:
    routes = serving.routes_of(create_app(Settings(environment="test")))
    places = {str(place) for place in by_place(route for route in routes if route.include_in_schema)}
    asked = {str(place) for place in schema_of(routes).reached}
    assert asked.isdisjoint(LEFT_OUT)
    assert {place for place in places if not place.startswith("HEAD ")} == asked | LEFT_OUT.keys()
