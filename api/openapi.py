"""What FastAPI's document gets wrong about us, set right: errors are problem documents, and say so."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from api.bulk import bulk_schemas
from api.problems import PROBLEM_JSON
from api.schemas.metadata_sets import PublishBody

_PROBLEM_REF: Final = {"$ref": "#/components/schemas/Problem"}
BULK_BODIES: Final = (PublishBody,)
_FASTAPI_ERRORS: Final = ("HTTPValidationError", "ValidationError")


def install(app: FastAPI) -> None:
    """Let `app.openapi()` declare every error as `application/problem+json`, and show the document at `/docs`."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_bulk(_corrected(generate()))
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] - the way FastAPI documents
    app.add_api_route("/docs", _page, include_in_schema=False)


async def _page(request: Request) -> HTMLResponse:
    """By paths alone: a script's address made of the Host header is anybody's, and http behind a TLS proxy."""
    root = request.scope.get("root_path", "").rstrip("/")
    return get_swagger_ui_html(
        openapi_url=f"{root}/openapi.json",
        title="Steadymint API",
        swagger_js_url=f"{root}/swagger/swagger-ui-bundle.js",
        swagger_css_url=f"{root}/swagger/swagger-ui.css",
        swagger_favicon_url=f"{root}/swagger/favicon-32x32.png",
        swagger_ui_parameters={"defaultModelsExpandDepth": -1},
    )


def _with_bulk(document: dict[str, Any]) -> dict[str, Any]:
    """FastAPI does not see the bodies that are read off its loop."""
    schemas = document["components"]["schemas"]
    for model in BULK_BODIES:
        for name, schema in bulk_schemas(model).items():
            if schemas.setdefault(name, schema) != schema:
                raise ValueError(f"two schemas are called {name}")
    return document


def _corrected(document: dict[str, Any]) -> dict[str, Any]:
    for operations in document.get("paths", {}).values():
        for operation in operations.values():
            for status, response in operation.get("responses", {}).items():
                if status >= "400":
                    _correct(response)
    schemas = document.get("components", {}).get("schemas", {})
    for name in _FASTAPI_ERRORS:
        schemas.pop(name, None)
    return document


def _correct(response: dict[str, Any]) -> None:
    """FastAPI writes a response's model under the route's own media type, and a validation error of its own making."""
    content = response.setdefault("content", {})
    schema = content.get("application/json", {}).get("schema")
    if content and schema != _PROBLEM_REF and not _is_fastapis(schema):
        return  # a body of its own, such as the readiness
    content.pop("application/json", None)
    content.setdefault(PROBLEM_JSON, {})["schema"] = _PROBLEM_REF


def _is_fastapis(schema: dict[str, Any] | None) -> bool:
    return schema is not None and schema.get("$ref", "").endswith("/HTTPValidationError")
