"""Sets of metadata: bodies that publish one, and what is read of it afterwards."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.support.publishing import Maker, Press

PATH = "/v1/metadata"
NAMED = {"standard": "erc721", "tokens": [{"name": "Light"}]}
LARGEST = 2**256 - 1


def tokens(count: int, **words: Any) -> list[dict[str, Any]]:
    """So many tokens, each with its own name."""
    return [{"name": f"Light {number}", **words} for number in range(1, count + 1)]


def batch(count: int, **more: Any) -> dict[str, Any]:
    """The body of so many tokens that a template numbers."""
    return {"standard": "erc721", "template": {"name": "Punk #{number}"}, "count": count, **more}


async def post(http: httpx.AsyncClient, content: bytes) -> httpx.Response:
    """With everything in it that Python's own encoder lets through: NaN, lone surrogates."""
    return await http.post(PATH, content=content, headers={"content-type": "application/json"})


async def made(maker: Maker, body: Any) -> dict[str, Any]:
    """What is answered to a body that publishes a set."""
    answer = await maker.publish(body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def read(press: Press, uri: str) -> dict[str, Any]:
    """The document that is stored at a URI."""
    cid, _, path = uri.removeprefix("ipfs://").partition("/")
    found = await press.content.open(cid, path)
    assert found is not None, uri
    assert found.mime == "application/json"
    return json.loads(await found.read())


def told_of(**words: Any) -> dict[str, Any]:
    """The body of one token that is told of in these words."""
    return {"standard": "erc721", "tokens": [{"name": "x", **words}]}
