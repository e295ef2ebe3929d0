"""The OpenAPI document of the API, made once in a worker of the run: that takes a second of processor time."""

from __future__ import annotations

from functools import cache
from typing import Any

from api.main import create_app
from steadymint.settings import Settings


@cache
def api_document() -> dict[str, Any]:
    """The document, which callers must not change."""
    return create_app(Settings(environment="test")).openapi()
