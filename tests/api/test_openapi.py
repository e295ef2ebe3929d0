"""The document that clients are generated from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import httpx
import pytest

from api.main import create_app
from api.schemas.intents import INTENT_EXAMPLE, TRACKED_EXAMPLE
from api.schemas.prepare import PreparedAnswer
from steadymint.domain.intents import IntentView
from steadymint.settings import Settings


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings(environment="test")).openapi()


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
    (prepared,) = cast(Any, PreparedAnswer.model_config.get("json_schema_extra"))["examples"]
    PreparedAnswer.model_validate_json(json.dumps(prepared))


def test_every_parameter_says_what_it_is(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), (name, parameter["name"])
