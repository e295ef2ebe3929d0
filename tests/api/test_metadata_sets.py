"""Publishing metadata over HTTP, on real stores: what is written, what is refused, and that it is there at once."""

from __future__ import annotations

import json
from typing import Any

from tests.support.publishing import Maker, Press


def tokens(count: int, **words: Any) -> list[dict[str, Any]]:
    return [{"name": f"Light {number}", **words} for number in range(1, count + 1)]


async def read(press: Press, uri: str) -> dict[str, Any]:
    cid, _, path = uri.removeprefix("ipfs://").partition("/")
    found = await press.content.open(cid, path)
    assert found is not None, uri
    assert found.mime == "application/json"
    return json.loads(await found.read())


async def test_an_erc721_set_is_numbered_from_one_and_each_document_is_where_the_contract_will_point(
    press: Press, maker: Maker
) -> None:
    picture = await maker.picture()
    answer = await maker.publish({"standard": "erc721", "tokens": tokens(4, imageMediaId=picture)})
    body = answer.json()
    assert answer.status_code == 201, body
    assert body["baseUri"] == f"ipfs://{body['cid']}/"
    assert body["count"] == 4
    assert [one["tokenId"] for one in body["sample"]] == ["1", "2", "3"]
    asset = await press.assets.by_id(picture)
    assert asset is not None
    for number in (1, 2, 3, 4):
        assert await read(press, f"{body['baseUri']}{number}") == {
            "name": f"Light {number}",
            "image": f"ipfs://{asset.cid}",
        }
    assert [one["uri"] for one in body["sample"]] == [f"{body['baseUri']}{number}" for number in (1, 2, 3)]
    assert [one["url"] for one in body["sample"]] == [f"/ipfs/{body['cid']}/{number}" for number in (1, 2, 3)]
