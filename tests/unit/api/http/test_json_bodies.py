"""A body of JSON is read in one way only, by every route."""

from __future__ import annotations

import importlib
import json
import pkgutil
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

import api
from api.http.json_bodies import JsonRoute
from tests.support.sign_in import Desk, Wallet, bearer, sign_in

BODY: dict[str, Any] = {"accountId": "0x" + "11" * 20, "chainId": "eip155:31337", "domain": "market.example"}
TEXT = json.dumps(BODY)
ODD = {
    "the same member twice": TEXT.replace("{", '{"domain": "evil.example", ', 1).encode(),
    "the same member twice, one of them escaped": TEXT.replace("{", '{"d\\u006fmain": "evil.example", ', 1).encode(),
    "the same member twice, far inside": b'{"a": [{"b": {"c": 1, "c": 1}}]}',
    "a byte order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-32": TEXT.encode("utf-32"),
    "Latin-1": TEXT.replace("market", "m\u00e4rket").encode("latin-1"),
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
async def test_a_body_that_parsers_read_differently_is_refused(
    desk: Desk, visitor: httpx.AsyncClient, body: bytes
) -> None:
    headers = bearer(await sign_in(visitor, Wallet())) | {"content-type": "application/json"}
    for method, path in (
        ("POST", "/v1/auth/nonce"),
        ("POST", "/v1/auth/verify"),
        ("POST", "/v1/auth/refresh"),
        ("PATCH", "/v1/me"),
        ("POST", "/v1/mints/prepare"),
        ("POST", "/v1/metadata"),
    ):
        answer = await visitor.request(method, path, content=body, headers=headers)
        assert answer.status_code == 400, (path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


def test_every_route_reads_its_body_so() -> None:
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(api.__path__, "api.")]
    routers = [vars(module)["router"] for module in modules if "router" in vars(module)]
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    assert len(routes) > 30
    assert [route.path for route in routes if not isinstance(route, JsonRoute)] == []
