"""The OpenAPI document: it corrects FastAPI's, so that errors are declared as problem documents."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from api.http.bulk import bulk_schemas
from api.http.etags import answer
from api.http.messages import Message, add_messages
from api.http.problems import PROBLEM_JSON

_PROBLEM_REF: Final = {"$ref": "#/components/schemas/Problem"}
_FASTAPI_ERRORS: Final = ("HTTPValidationError", "ValidationError")

_ANY_OTHER: Final[dict[str, Any]] = {
    "description": "What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` "
    "(413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500).",
    "content": {PROBLEM_JSON: {"schema": _PROBLEM_REF}},
}


def operation_id(route: APIRoute) -> str:
    """The operation id, which generated clients use as function name. FastAPI's own ids repeat path and method."""
    return to_camel(route.name)


def install(
    app: FastAPI,
    *,
    public_url: str = "",
    bulk_bodies: Sequence[type[BaseModel]] = (),
    never_null: Sequence[type[BaseModel]] = (),
    messages: Mapping[str, Message] | None = None,
) -> None:
    """Let `app.openapi()` declare every error as `application/problem+json`; show the document at `/docs` and serve it
    at `/openapi.json`.

    `public_url` is where clients reach the API; without it the document names the path that it is served below.
    `bulk_bodies` are read by `api.http.bulk`, so FastAPI does not see them. `never_null` are answers whose members are
    left out instead of being null. `messages` are what webhooks are sent, by the names of events.
    """
    generate = app.openapi
    one_at_a_time = Lock()  # FastAPI stores its own document in the same place, where no other thread may see it

    def openapi() -> dict[str, Any]:
        with one_at_a_time:
            if app.openapi_schema is None:
                document = _with_bulk(_corrected(generate(), never_null), bulk_bodies)
                document["servers"] = [{"url": public_url or "/"}]
                _name_own_fields(document)
                add_messages(document, messages or {})
                app.openapi_schema = document
            return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] - the way FastAPI documents
    app.add_api_route("/docs", _page, include_in_schema=False)
    app.add_api_route("/openapi.json", _document, include_in_schema=False)


async def _document(request: Request) -> Response:
    """The document. It is made once, in a thread, because it takes a second or more and would block other requests."""
    document = await asyncio.to_thread(request.app.openapi)
    root = request.scope.get("root_path", "").rstrip("/")
    if root and document["servers"] == [{"url": "/"}]:
        document = document | {"servers": [{"url": root}]}
    return answer(request, document)


async def _page(request: Request) -> HTMLResponse:
    """The page with paths only. A URL built from the Host header could be forged, and would be http behind a TLS
    proxy."""
    root = request.scope.get("root_path", "").rstrip("/")
    return get_swagger_ui_html(
        openapi_url=f"{root}/openapi.json",
        title="Steadymint API",
        swagger_js_url=f"{root}/swagger/swagger-ui-bundle.js",
        swagger_css_url=f"{root}/swagger/swagger-ui.css",
        swagger_favicon_url=f"{root}/swagger/favicon-32x32.png",
        swagger_ui_parameters={"defaultModelsExpandDepth": -1},
    )


def _with_bulk(document: dict[str, Any], bodies: Sequence[type[BaseModel]]) -> dict[str, Any]:
    schemas = document["components"]["schemas"]
    for model in bodies:
        for name, schema in bulk_schemas(model).items():
            if schemas.setdefault(name, schema) != schema:
                raise ValueError(f"two schemas are called {name}")
    return document


def _corrected(document: dict[str, Any], never_null: Sequence[type[BaseModel]]) -> dict[str, Any]:
    for operations in document.get("paths", {}).values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):  # no header and no query can hold null
                parameter["schema"] = _not_null(parameter["schema"])
            responses = operation["responses"]
            for status, response in responses.items():
                if status >= "400":
                    _correct(response)
                else:
                    _type_events(response)
            if "304" in responses:
                responses["200"].setdefault("headers", {})["ETag"] = {"schema": {"type": "string"}}
            responses["default"] = _ANY_OTHER
    schemas = document.get("components", {}).get("schemas", {})
    for name in _FASTAPI_ERRORS:
        schemas.pop(name, None)
    for model in never_null:
        members = schemas[model.__name__]["properties"]
        members |= {name: _not_null(schema) for name, schema in members.items()}
    return document


def _name_own_fields(document: dict[str, Any]) -> None:
    """In the example of `invalid_input` each operation names a field of its own."""
    for operations in document["paths"].values():
        for operation in operations.values():
            field, reason = _field_of(operation, document["components"]["schemas"])
            for response in operation["responses"].values():
                shown = response.get("content", {}).get(PROBLEM_JSON, {}).get("examples", {})
                if "invalid_input" in shown:
                    value = shown["invalid_input"]["value"]
                    said = {"detail": f"{field}: {reason}", "fields": [{"field": field, "reason": reason}]}
                    shown["invalid_input"] = {"value": value | said}


def _field_of(operation: dict[str, Any], schemas: dict[str, Any]) -> tuple[str, str]:
    """A place of the request that can be wrong, and what is wrong with it: the first that the body requires, else the
    first parameter."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        schema = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
        if schema.get("required"):
            return schema["required"][0], "is required"
        return "body", "must be a JSON object, sent as Content-Type: application/json"
    for parameter in operation.get("parameters", []):
        return f"{parameter['in']}.{parameter['name']}", "is not valid"
    return "query.unknown", "is not known"


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without null among its alternatives."""
    said = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    if len(said) == len(schema.get("anyOf", [])):
        return schema
    if len(said) > 1:
        return schema | {"anyOf": said}
    return said[0] | {name: value for name, value in schema.items() if name != "anyOf"}


def _correct(response: dict[str, Any]) -> None:
    """Move a problem to its own media type. FastAPI writes it under the route's media type, and adds its own error."""
    content = response.setdefault("content", {})
    schema = content.get("application/json", {}).get("schema")
    if content and schema != _PROBLEM_REF and not _is_fastapis(schema):
        return  # a body of its own, such as the readiness
    content.pop("application/json", None)
    content.setdefault(PROBLEM_JSON, {})["schema"] = _PROBLEM_REF


def _type_events(response: dict[str, Any]) -> None:
    """Move the schema of a stream to its media type. OpenAPI 3.1 has no words for the events of a stream. Generators
    take the schema of `text/event-stream` for that of each event's data. FastAPI writes it as that of JSON."""
    content = response.get("content", {})
    if "text/event-stream" in content and "application/json" in content:
        content["text/event-stream"]["schema"] = content.pop("application/json")["schema"]


def _is_fastapis(schema: dict[str, Any] | None) -> bool:
    return schema is not None and schema.get("$ref", "").endswith("/HTTPValidationError")
