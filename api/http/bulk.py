"""Large JSON bodies. They are parsed and checked in a thread, so other requests are served meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from api.http.json_bodies import parse_json

M = TypeVar("M", bound=BaseModel)

MAX_BULK: Final = 8 * 1024 * 1024
"""Bytes: 5,000 tokens of 1.6 KiB."""
BULK_SECONDS: Final = 120.0
"""Seconds for the whole body, enough for a line of 0.6 Mbit/s."""
_SHOWN_ERRORS: Final = 20
_REFERENCES: Final = "#/components/schemas/{model}"


@asynccontextmanager
async def read_bulk(
    request: Request, model: type[M], count: Callable[[int], None], places: asyncio.Semaphore
) -> AsyncGenerator[M]:
    """The body as `model`, and one of the places until the block ends. `count` is told how many bytes came, before they
    are looked at, and may raise.

    The body is parsed when there is a place, because it then takes some thirty times as much memory.

    Raises RequestValidationError, which is answered like any other.
    """
    raw = await request.body()
    count(len(raw))
    async with places:
        yield await asyncio.to_thread(_parsed, raw, model)


def bulk_body(model: type[BaseModel], examples: dict[str, Any]) -> dict[str, Any]:
    """The `openapi_extra` of the body, which FastAPI does not see. `bulk_schemas` gives the schemas that it refers
    to."""
    schema = {"$ref": _REFERENCES.format(model=model.__name__)}
    return {
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema, "examples": examples}}}
    }


def bulk_schemas(model: type[BaseModel]) -> dict[str, Any]:
    """The schemas of a body and of all models within it, by name."""
    schema = model.model_json_schema(ref_template=_REFERENCES)
    within = schema.pop("$defs", {})
    return {model.__name__: schema, **within}


def _parsed(raw: bytes, model: type[M]) -> M:
    try:
        parse_json(raw)  # refuses what pydantic's own parser takes and others read differently
    except (ValueError, RecursionError):  # not JSON, a number with thousands of digits, or too many brackets
        raise RequestValidationError([{"type": "json_invalid", "loc": ("body",), "msg": "is not JSON"}]) from None
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError(found[:_SHOWN_ERRORS]) from None
