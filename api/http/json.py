"""JSON out: orjson, with lone surrogates and foreign objects refused rather than mangled."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi.responses import Response
from pydantic import BaseModel


def json_bytes(value: Any) -> bytes:
    return orjson.dumps(value, default=str)


def without_nulls(model: BaseModel) -> dict[str, Any]:
    """What is not known is left out."""
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


class JsonModel(Response):
    """A pydantic model that was built by us, sent as it is: no second validation on the way out. What is not known is
    left out: a page, whose last `nextCursor` is null, does not go out by this."""

    media_type = "application/json"

    def __init__(self, model: BaseModel, status_code: int = 200, headers: dict[str, str] | None = None) -> None:
        body = model.model_dump_json(by_alias=True, exclude_none=True).encode()
        super().__init__(body, status_code, headers=headers)
