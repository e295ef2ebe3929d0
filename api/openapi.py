"""What FastAPI's document gets wrong about us, set right: errors are problem documents, and say so."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI

from api.bulk import bulk_schemas
from api.problems import PROBLEM_JSON
from api.schemas.metadata_sets import PublishBody

_PROBLEM_REF: Final = {"$ref": "#/components/schemas/Problem"}
BULK_BODIES: Final = (PublishBody,)
_FASTAPI_ERRORS: Final = ("HTTPValidationError", "ValidationError")


def install(app: FastAPI) -> None:
    """Let `app.openapi()` declare every error as `application/problem+json`."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_bulk(_corrected(generate()))
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] - the way FastAPI documents


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
