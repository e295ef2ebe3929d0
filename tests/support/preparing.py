"""Requests to prepare: what is sent, and that it gets as far as the flow."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.support.intents import CHAIN, COLLECTION
from tests.support.intents_api import Front, User

PREPARE_COLLECTION = "/v1/collections/prepare"
PREPARE_MINT = "/v1/mints/prepare"
A_COLLECTION: dict[str, Any] = {"chainId": CHAIN, "standard": "erc721", "name": "Harbour Lights", "symbol": "HARB"}
A_MINT: dict[str, Any] = {"chainId": CHAIN, "contract": COLLECTION, "standard": "erc721"}
A_BATCH: dict[str, Any] = {"chainId": CHAIN, "contract": COLLECTION, "standard": "erc1155"}


async def post(user: User, path: str, body: Any) -> httpx.Response:
    """The body as JSON with everything in it that Python's own encoder lets through: NaN, lone surrogates."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await user.http.post(path, content=content, headers={"content-type": "application/json"})


async def is_taken(api: Front, user: User, path: str, body: dict[str, Any]) -> Any:
    """It gets as far as the flow, which these tests do without."""
    before = len(api.flows.prepared)
    answer = await post(user, path, body)
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable"), answer.text
    assert len(api.flows.prepared) == before + 1
    return api.flows.prepared[-1]
