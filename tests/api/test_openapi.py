"""The document that clients are generated from."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from api.http.problems import Problem
from api.intents.views import INTENT_EXAMPLE, TRACKED_EXAMPLE, PreparedAnswer
from api.main import create_app
from api.market.bodies.collection_market import ChartView, DepthPage, FloorView, SalePage
from api.market.bodies.order_events import OrderEventView
from api.market.bodies.order_lists import OrderPageView
from api.market.bodies.orders import OrderView
from steadymint.domain.errors import PROBLEM_CODES, IntentErrorCode
from steadymint.domain.intents.kinds import KINDS
from steadymint.domain.intents.view import IntentView
from steadymint.domain.slugs import SLUG_PATTERN
from steadymint.settings import Settings
from tests.support.api_document import api_document


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return api_document()


async def test_the_page_of_the_document_takes_no_address_from_the_host_header() -> None:
    app = create_app(Settings(environment="test"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://evil.example") as client:
        page = await client.get("/docs")
        files = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert len(files) == 3
        assert all(file.startswith("/swagger/") for file in files)
        assert [(await client.get(file)).status_code for file in files] == [200, 200, 200]
    assert "evil" not in page.text


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, found in document["paths"].items():
        for method, operation in found.items():
            yield f"{method.upper()} {path}", operation


def test_every_error_is_declared_as_a_problem_document(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, response in operation["responses"].items():
            if status >= "400" and name != "GET /readyz":
                assert list(response["content"]) == ["application/problem+json"], (name, status)
                schema = response["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_answer_that_a_route_may_give_is_declared(document: dict[str, Any]) -> None:
    """What lists and pages give while a store is away, and what any request may come to."""
    for name, operation in operations(document):
        declared = operation["responses"]
        assert list(declared["default"]["content"]) == ["application/problem+json"], name
        if " /v1/" in name:
            assert "503" in declared, name
            assert {"401", "429"} & declared.keys() or "security" not in operation, name
        for status in {"429", "503"} & declared.keys():
            if name != "GET /readyz":
                assert "Retry-After" in declared[status]["headers"], (name, status)
        if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", [])):
            assert "invalid_cursor" in declared["422"]["content"]["application/problem+json"]["examples"], name


def test_an_example_of_a_problem_has_the_shape_of_one(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for response in operation["responses"].values():
            for example in response.get("content", {}).get("application/problem+json", {}).get("examples", {}).values():
                Problem.model_validate(example["value"])
                assert set(example["value"]) <= set(Problem.model_fields), name


def test_generated_clients_call_their_functions_by_what_they_do(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert {"prepareMint", "getIntent", "listTokens", "refreshSession"} <= set(names)
    assert all(re.fullmatch("[a-z][a-zA-Z]{2,30}", name) for name in names), names


def test_what_is_never_null_is_not_said_to_be(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for parameter in operation.get("parameters", []):
            assert "null" not in str(parameter["schema"]), (name, parameter["name"])
    schemas = document["components"]["schemas"]
    for name in ("IntentView", "PreparedAnswer", "SessionView", "Problem"):
        assert "null" not in str(schemas[name]["properties"]), name
        assert schemas[name]["required"] != list(schemas[name]["properties"]), "nothing is ever left out"
    for name in [name for name in schemas if "nextCursor" in schemas[name].get("properties", {})]:
        assert "nextCursor" in schemas[name]["required"], name
        assert {"type": "null"} in schemas[name]["properties"]["nextCursor"]["anyOf"], name


def test_generated_clients_need_not_send_what_may_be_left_out(document: dict[str, Any]) -> None:
    """openapi-typescript makes a member with a default one that must be given."""
    schemas = document["components"]["schemas"]
    assert schemas["PrepareMintBody"]["required"] == ["chainId", "contract", "standard"]
    for name in ("PrepareMintBody", "PrepareCollectionBody", "MintRulesBody", "PublishBody", "TokenWordsBody"):
        assert not [member for member, said in schemas[name]["properties"].items() if "default" in said], name


async def test_the_document_is_the_same_for_all_who_ask_at_once_and_kept_by_who_has_it() -> None:
    app = create_app(Settings(environment="test"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        first, *others = await asyncio.gather(*(client.get("/openapi.json") for _ in range(4)))
        again = await client.get("/openapi.json", headers={"if-none-match": first.headers["etag"]})
    assert first.json() == app.openapi()
    assert all(one.content == first.content for one in others)
    assert (again.status_code, again.content) == (304, b"")


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for child in node.values():
                yield from references(child)
        elif isinstance(node, list):
            for child in node:
                yield from references(child)

    for reference in references(document):
        assert reference.rpartition("/")[2] in document["components"]["schemas"], reference


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(document: dict[str, Any]) -> None:
    found = list(operations(document))
    assert len({operation["operationId"] for _, operation in found}) == len(found)
    for name, operation in found:
        assert operation.get("summary"), name
        assert operation.get("description"), name


def test_every_answer_with_a_body_has_an_example(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, response in operation["responses"].items():
            content = response.get("content", {}).get("application/json")
            if status >= "300" or content is None or name in ("GET /healthz",):
                continue
            schema = content["schema"]
            model = document["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
            properties = model.get("properties", {}).values()
            own = any("example" in node or "examples" in node for node in (content, model))
            assert own or any("examples" in found or "$ref" in str(found) for found in properties), (name, status)


def test_what_is_published_is_not_described_by_what_the_catalog_shows(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    def members(body: str, member: str) -> set[str]:
        reference = str(schemas[body]["properties"][member])
        return set(schemas[reference.partition("/schemas/")[2].partition("'")[0]]["properties"])

    assert {"name", "imageMediaId", "attributes"} <= members("PublishBody", "tokens")
    assert members("TemplateBody", "attributes") == {"traitType", "value", "displayType", "maxValue"}
    assert not [name for name in schemas if "__" in name], "two models of one name: clients get both under long ones"


def test_examples_of_the_flows_are_what_the_models_take() -> None:
    for example in (INTENT_EXAMPLE, TRACKED_EXAMPLE):
        IntentView.model_validate_json(json.dumps(example))


def test_codes_are_enumerations_of_the_table_of_errors(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert set(schemas["ProblemCode"]["enum"]) == PROBLEM_CODES
    assert schemas["Problem"]["properties"]["code"]["$ref"] == "#/components/schemas/ProblemCode"
    assert schemas["IntentErrorCode"]["enum"] == list(IntentErrorCode)
    assert schemas["IntentError"]["properties"]["code"]["$ref"] == "#/components/schemas/IntentErrorCode"


FORMS = {
    "address": "^0x[0-9a-fA-F]{40}$",
    "bytes32": "^0x[0-9a-f]{64}$",
    "bytes": "^0x([0-9a-fA-F]{2})*$",
}
HEX_VALUES = re.compile(
    "address|contract|owner|creator|royaltyReceiver|from|to|.*TxHash|txHash|.*Root|proof|signature|accountId"
)


def strings(node: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of a text below `node`, with the name of the member or parameter that has it."""
    if isinstance(node, list):
        for child in node:
            yield from strings(child, name)
    elif isinstance(node, dict):
        if node.get("type") == "string":
            yield name, node
        for key, child in node.items():
            if key == "properties":
                for member, schema in child.items():
                    yield from strings(schema, member)
            elif key not in ("example", "examples", "enum", "required"):
                yield from strings(child, node["name"] if "in" in node else name)


def test_hex_values_have_the_format_and_the_pattern_of_their_solidity_type(document: dict[str, Any]) -> None:
    found = 0
    for name, schema in strings([document["components"]["schemas"], document["paths"]]):
        examples = [one for one in schema.get("examples", []) if re.fullmatch("0x[0-9a-fA-F]+", one)]
        if schema.get("pattern") == SLUG_PATTERN:  # a collection is named by either
            continue
        if examples or HEX_VALUES.fullmatch(name):
            assert schema.get("pattern") == FORMS.get(schema.get("format", ""), "of one of them"), (name, schema)
            assert all(re.fullmatch(schema["pattern"], one) for one in examples), (name, schema)
            found += 1
    assert found > 50


STREAMS = {"/v1/intents/{intentId}/events": IntentView, "/v1/orders/events": OrderEventView}


@pytest.mark.parametrize(("path", "view"), STREAMS.items())
def test_what_a_stream_tells_is_typed(document: dict[str, Any], path: str, view: Any) -> None:
    (content,) = document["paths"][path]["get"]["responses"]["200"]["content"].items()
    assert content[0] == "text/event-stream"
    assert content[1]["schema"] == {"$ref": f"#/components/schemas/{view.__name__}"}
    TypeAdapter(view).validate_json(json.dumps(content[1]["example"]))


def test_examples_of_the_market_are_what_the_models_take(document: dict[str, Any]) -> None:
    """In the document itself, out of which FastAPI drops nulls."""
    shapes: tuple[Any, ...] = (OrderPageView, OrderView, FloorView, DepthPage, SalePage, ChartView)
    adapters = {f"#/components/schemas/{shape.__name__}": TypeAdapter[Any](shape) for shape in shapes}
    found = 0
    for _, operation in operations(document):
        content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
        if (adapter := adapters.get(content.get("schema", {}).get("$ref", ""))) is not None:
            adapter.validate_json(json.dumps(content["example"]))
            found += 1
    assert found >= 9


def test_files_are_bytes_and_no_texts(document: dict[str, Any]) -> None:
    upload = document["paths"]["/v1/media"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert upload["properties"]["file"] == {"format": "binary", "contentMediaType": "application/octet-stream"}
    for name, operation in operations(document):
        for mime, content in operation["responses"].get("200", {}).get("content", {}).items():
            if mime.startswith("image/"):
                assert content["schema"] == upload["properties"]["file"], (name, mime)


def test_the_document_names_the_server(document: dict[str, Any]) -> None:
    assert document["servers"] == [{"url": "/"}]
    told = Settings.model_validate({"environment": "test", "api": {"public_url": "https://api.market.example"}})
    assert create_app(told).openapi()["servers"] == [{"url": "https://api.market.example"}]


def test_each_route_shows_an_example_of_its_own_kind(document: dict[str, Any]) -> None:
    for kind in KINDS:
        (found,) = (
            operation
            for name, operation in operations(document)
            if name.endswith("/prepare") and operation["operationId"].lower().endswith(kind)
        )
        for status in ("200", "201"):
            example = found["responses"][status]["content"]["application/json"]["example"]
            answer = PreparedAnswer.model_validate_json(json.dumps(example))
            assert answer.kind == kind
            assert (answer.preview_address is not None) == KINDS[kind].makes_contract


def test_an_example_of_invalid_input_names_a_field_of_its_own_route(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name, operation in operations(document):
        problems = operation["responses"].get("422", {}).get("content", {}).get("application/problem+json", {})
        if "invalid_input" not in problems.get("examples", {}):
            continue
        (wrong,) = problems["examples"]["invalid_input"]["value"]["fields"]
        own = {f"{one['in']}.{one['name']}" for one in operation.get("parameters", [])}
        for content in operation.get("requestBody", {}).get("content", {}).values():
            model = schemas.get(content["schema"].get("$ref", "").rpartition("/")[2], content["schema"])
            own |= set(model.get("properties", {})) | {"body"}
        assert wrong["field"] in (own or {"query.unknown"}), name


def test_every_parameter_says_what_it_is(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), (name, parameter["name"])
