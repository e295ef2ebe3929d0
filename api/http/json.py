"""The writing of JSON with orjson. Lone surrogates and unknown objects raise an error."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi.responses import Response
from pydantic import BaseModel


def json_bytes(value: Any) -> bytes:
    return orjson.dumps(value, default=str)


def without_nulls(model: BaseModel) -> dict[str, Any]:
    """The model as JSON values, without members that are None."""
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


class JsonModel(Response):
    """The response with a pydantic model that we built. It is not validated again. Members that are None are left out,
    so pages, whose last `nextCursor` is null, do not use it."""

    media_type = "application/json"

    def __init__(self, model: BaseModel, status_code: int = 200, headers: dict[str, str] | None = None) -> None:
        body = model.model_dump_json(by_alias=True, exclude_none=True).encode()
        super().__init__(body, status_code, headers=headers)
