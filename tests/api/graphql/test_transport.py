"""The HTTP of `/graphql`: what a page of another site cannot do, persisted documents, and answers to no operation."""

from __future__ import annotations

import hashlib
import json

import httpx
import pytest
from graphql import build_schema
from starlette.types import Message

from api.graphql import serving
from api.graphql.documents import Documents
from api.graphql.gateway import Gateway
from api.http.middleware import REQUESTS
from tests.support.graphql import GraphQL, answer_of

QUERY = "{ chains { nodes { chainId } } }"
CHANGE = 'mutation { signInSiwe(input: {accountId: "x", chainId: "y", domain: "z"}) { nonce } }'


async def posted(
    graphql: GraphQL, content: str | bytes, kind: str = "application/json", **headers: str
) -> httpx.Response:
    return await graphql.http.post(serving.PATH, content=content, headers={"content-type": kind, **headers})


async def test_a_get_runs_queries_only(graphql: GraphQL) -> None:
    found = await graphql.http.get(serving.PATH, params={"query": QUERY})
    assert answer_of(found).data == {"chains": {"nodes": []}}
    refused = await graphql.http.get(serving.PATH, params={"query": CHANGE})
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_subscription_whose_events_nobody_would_hear_is_refused_in_words(graphql: GraphQL, method: str) -> None:
    query = 'subscription { onOrderEvent(chainId: "eip155:1") { seq } }'
    asked = {"params": {"query": query}} if method == "GET" else {"json": {"query": query}}
    answer = answer_of(await graphql.http.request(method, serving.PATH, **asked))
    assert answer.codes == ["bad_request"]
    assert "text/event-stream" in answer.errors[0]["message"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_what_a_page_may_send_unasked_is_no_operation(graphql: GraphQL, kind: str) -> None:
    refused = await posted(graphql, json.dumps({"query": CHANGE}), kind)
    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_media_type")


async def test_a_form_needs_a_header_that_no_page_sends_unasked_and_then_a_session(graphql: GraphQL) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="operations"\r\n\r\n'
    form = part + b'{"query": "{ chains { nodes { name } } }"}\r\n--b--\r\n'
    kind = "multipart/form-data; boundary=b"
    assert (await posted(graphql, form, kind)).json()["code"] == "bad_request"
    assert (await posted(graphql, form, kind, **{"GraphQL-Require-Preflight": "1"})).json()["code"] == "unauthorized"


UNREADABLE = {
    "a number of 5,000 digits": "9" * 5_000,
    "brackets of any depth": "[" * 5_000 + "]" * 5_000,
    "brackets that no variable needs": "[" * 100 + "]" * 100,
    "brackets without an end": "[" * 5_000,
}
WITH_THEM = [f'{{"query": "{QUERY}", "variables": {{"a": {value}}}}}' for value in UNREADABLE.values()]


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "5", '"x"', '{"query": 5}', '{"query": "{x}", "query": "{y}"}', "{}", *WITH_THEM],
    ids=lambda body: body[:20],
)
async def test_a_body_that_is_no_operation_is_a_problem(graphql: GraphQL, body: str) -> None:
    found = await posted(graphql, body)
    assert found.headers["content-type"] == "application/problem+json"
    assert found.status_code in (400, 422)


@pytest.mark.parametrize("value", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("name", ["variables", "extensions"])
async def test_a_parameter_that_no_parser_bears_is_a_bad_request(graphql: GraphQL, name: str, value: str) -> None:
    found = await graphql.http.get(serving.PATH, params={"query": QUERY, name: f'{{"a": {value}}}'})
    assert (found.status_code, found.json()["code"]) == (400, "bad_request")


async def test_variables_may_be_as_deep_as_an_input_is(graphql: GraphQL) -> None:
    value = "[" * 60 + "]" * 60
    found = await posted(graphql, f'{{"query": "{QUERY}", "variables": {{"a": {value}}}}}')
    assert answer_of(found).data == {"chains": {"nodes": []}}


async def test_several_operations_in_one_body_are_refused(graphql: GraphQL) -> None:
    found = await posted(graphql, json.dumps([{"query": QUERY}] * 2))
    assert (found.status_code, found.json()["code"]) == (400, "bad_request")


async def test_a_body_of_json_has_the_limit_of_rest_although_files_may_be_larger(graphql: GraphQL) -> None:
    found = await posted(graphql, json.dumps({"query": QUERY, "variables": {"x": "x" * 256 * 1024}}))
    assert (found.status_code, found.json()["code"]) == (413, "too_large")


async def test_a_body_of_json_without_a_length_is_read_up_to_its_limit_only() -> None:
    documents = Documents(build_schema("type Query { a: Int }"), {}, introspection=False)
    gateway = Gateway(None, documents, allowed_origins=(), max_body=100)
    received, sent = 0, list[Message]()

    async def receive() -> Message:
        nonlocal received
        received += 1
        return {"type": "http.request", "body": b" " * 40, "more_body": received < 10}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": serving.PATH, "query_string": b"", "headers": headers}
    await gateway(scope, receive, send)
    assert (sent[0]["status"], json.loads(sent[1]["body"])["code"], received) == (413, "too_large", 3)


async def test_a_document_is_sent_once_and_named_by_its_hash_afterwards(graphql: GraphQL) -> None:
    document = QUERY + " # once"
    said = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(document.encode()).hexdigest()}}
    unknown = answer_of(await posted(graphql, json.dumps({"extensions": said})))
    assert (unknown.errors[0]["message"], unknown.codes) == ("PersistedQueryNotFound", ["PERSISTED_QUERY_NOT_FOUND"])
    wrong = answer_of(await posted(graphql, json.dumps({"query": QUERY, "extensions": said})))
    assert wrong.codes == ["invalid_input"]
    first = answer_of(await posted(graphql, json.dumps({"query": document, "extensions": said})))
    again = await graphql.http.get(serving.PATH, params={"extensions": json.dumps(said)})
    assert first.data == answer_of(again).data == {"chains": {"nodes": []}}


async def test_no_console_is_served(graphql: GraphQL) -> None:
    found = await graphql.http.get(serving.PATH, headers={"accept": "text/html"})
    assert found.status_code in (400, 404)
    assert "<script" not in found.text


@pytest.mark.parametrize(
    "body",
    [
        r'{"query": "{ \ud800 }"}',
        r'{"query": "{ chains { nodes { name } } }", "operationName": "\ud800"}',
        r'{"query": "query($c: ChainId!) { collection(chainId: $c, contract: \"x\") { name } }", '
        r'"variables": {"c": "\ud800"}}',
        r'{"query": "mutation($i: RefreshInput!) { refreshSession(input: $i) { userId } }", '
        r'"variables": {"i": {"refreshToken": "\ud800"}}}',
    ],
)
async def test_half_a_character_is_invalid_input_wherever_it_is(graphql: GraphQL, body: str) -> None:
    found = (await posted(graphql, body)).json()
    codes = [error["extensions"]["code"] for error in found["errors"]] if "errors" in found else [found["code"]]
    assert codes in (["invalid_input"], ["bad_request"])


async def test_the_log_and_the_metrics_call_it_by_its_path(graphql: GraphQL) -> None:
    counted = REQUESTS.labels("POST", serving.PATH, "200")._value  # pyright: ignore[reportPrivateUsage]
    before = counted.get()
    await graphql(QUERY)
    assert counted.get() == before + 1
