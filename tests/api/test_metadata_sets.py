"""Publishing metadata over HTTP, on real stores: what is written, that it is there at once, and what a fault leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.media.bodies.metadata_sets import EXAMPLES, PublishBody
from steadymint.domain.types import TokenId
from steadymint.media.cid import sha256_of
from steadymint.media.store import blob_key
from steadymint.stack.mongo import Mongo
from tests.support.metadata_sets import LARGEST, batch, made, read, tokens
from tests.support.problems import is_refused
from tests.support.publishing import Maker, Press


async def test_an_erc721_set_is_numbered_from_one_and_each_document_is_where_the_contract_will_point(
    press: Press, maker: Maker
) -> None:
    picture = await maker.picture()
    body = await made(maker, {"standard": "erc721", "tokens": tokens(4, imageMediaId=picture)})
    asset = await press.assets.by_id(picture)
    assert asset is not None
    for number in (1, 2, 3, 4):
        said = {"name": f"Light {number}", "image": f"ipfs://{asset.cid}"}
        assert await read(press, f"{body['baseUri']}{number}") == said
    assert body == {
        "metadataSetId": sha256_of(body["cid"]),
        "cid": body["cid"],
        "standard": "erc721",
        "baseUri": f"ipfs://{body['cid']}/",
        "count": 4,
        "sample": [
            {
                "tokenId": str(number),
                "uri": f"ipfs://{body['cid']}/{number}",
                "url": f"/ipfs/{body['cid']}/{number}",
            }
            for number in (1, 2, 3)
        ],
    }


async def test_an_erc1155_set_is_named_by_64_hex_digits_which_readers_put_for_id(press: Press, maker: Maker) -> None:
    told = [{"tokenId": str(token_id), "name": f"Coin {token_id}"} for token_id in (255, 7, LARGEST)]
    body = await made(maker, {"standard": "erc1155", "tokens": told})
    assert body["baseUri"] == f"ipfs://{body['cid']}/{{id}}"
    assert [one["tokenId"] for one in body["sample"]] == ["255", "7", str(LARGEST)]
    for token_id in (7, 255, LARGEST):
        uri = body["baseUri"].replace("{id}", f"{token_id:064x}")
        assert await read(press, uri) == {"name": f"Coin {token_id}"}


async def test_a_template_numbers_a_batch(press: Press, maker: Maker) -> None:
    body = await made(maker, batch(3, startAt="9"))
    assert body["count"] == 3
    assert [(await read(press, one["uri"]))["name"] for one in body["sample"]] == ["Punk #9", "Punk #10", "Punk #11"]
    assert (await made(maker, batch(1)))["sample"][0]["tokenId"] == "1"


async def test_ids_of_ones_own_are_kept(press: Press, maker: Maker) -> None:
    told = [{"tokenId": token_id, "name": token_id} for token_id in ("20", "3", str(LARGEST))]
    body = await made(maker, {"standard": "erc721", "tokens": told})
    assert [await read(press, one["uri"]) for one in body["sample"]] == [{"name": one["name"]} for one in told]


async def test_everything_that_a_token_can_say_is_in_its_document(press: Press, maker: Maker) -> None:
    picture, film = await maker.picture(), await maker.picture(kind="animation")
    token = {
        "name": "  山田’s lamp ",
        "description": "One\r\ntwo",
        "imageMediaId": picture,
        "animationMediaId": film,
        "externalUrl": "https://market.example/1",
        "backgroundColor": "#0D1B2A",
        "attributes": [
            {"traitType": "Colour", "value": "Green"},
            {"traitType": "Range", "value": 12.5, "displayType": "boost_number", "maxValue": 30},
            {"traitType": "Built", "value": 1546360800, "displayType": "date"},
        ],
    }
    body = await made(maker, {"standard": "erc721", "tokens": [token]})
    cids = {media: found.cid for media, found in (await press.assets.by_ids([picture, film])).items()}
    assert await read(press, body["sample"][0]["uri"]) == {
        "name": "山田’s lamp",
        "description": "One\ntwo",
        "image": f"ipfs://{cids[picture]}",
        "animation_url": f"ipfs://{cids[film]}",
        "external_url": "https://market.example/1",
        "background_color": "0d1b2a",
        "attributes": [
            {"trait_type": "Colour", "value": "Green"},
            {"trait_type": "Range", "value": 12.5, "display_type": "boost_number", "max_value": 30},
            {"trait_type": "Built", "value": 1546360800, "display_type": "date"},
        ],
    }


async def test_the_same_body_gives_the_same_cids_whoever_sends_it(maker: Maker, stranger: Maker) -> None:
    body = batch(5)
    first = await made(maker, body)
    assert await made(maker, dict(reversed(body.items()))) == first
    assert await made(stranger, body) == first
    assert (await made(stranger, batch(6)))["cid"] != first["cid"]


async def test_a_set_that_extends_another_holds_both_and_counts_on(press: Press, maker: Maker) -> None:
    first = await made(maker, {"standard": "erc721", "tokens": tokens(3)})
    longer = await made(maker, batch(2, extends=first["metadataSetId"]))
    assert longer["count"] == 5
    assert [one["tokenId"] for one in longer["sample"]] == ["4", "5"]
    told = [(await read(press, f"{longer['baseUri']}{number}"))["name"] for number in range(1, 6)]
    assert told == ["Light 1", "Light 2", "Light 3", "Punk #4", "Punk #5"]
    at_once = await made(maker, {"standard": "erc721", "tokens": [*tokens(3), {"name": told[3]}, {"name": told[4]}]})
    assert at_once["metadataSetId"] == longer["metadataSetId"]

    anew = {"standard": "erc721", "extends": longer["metadataSetId"], "tokens": [{"tokenId": "2", "name": "Second"}]}
    changed = await made(maker, anew)
    assert changed["count"] == 5
    told = [(await read(press, f"{changed['baseUri']}{number}"))["name"] for number in range(1, 4)]
    assert told == ["Light 1", "Second", "Light 3"]


async def test_only_ones_own_set_of_the_same_standard_that_is_whole_can_be_extended(
    press: Press, maker: Maker, stranger: Maker
) -> None:
    own, anothers = await made(maker, batch(3)), await made(stranger, batch(4))
    for unknown in (anothers["metadataSetId"], "ab" * 32, await maker.picture()):
        is_refused(await maker.publish(batch(1, extends=unknown)), 422, "unknown_media")
    other = {"standard": "erc1155", "tokens": [{"tokenId": "9", "name": "x"}], "extends": own["metadataSetId"]}
    assert "erc1155" in is_refused(await maker.publish(other))["detail"]
    lost = sha256_of((await press.assets.entries_of(own["metadataSetId"]))["2"])
    await press.lose(lost)
    longer = batch(1, extends=own["metadataSetId"])
    assert is_refused(await maker.publish(longer), 422, "unreadable_media")["mediaIds"] == [lost]


async def test_a_store_that_fails_halfway_leaves_no_set_and_the_same_request_completes_it(
    press: Press, maker: Maker
) -> None:
    whole = await made(maker, batch(40))
    lost = sha256_of((await press.assets.entries_of(whole["metadataSetId"]))["40"])
    body = batch(41)  # a directory of its own, with documents of the other

    def obstacle() -> Path:
        """Where the folder of that document has to be."""
        return press.root / Path(blob_key(lost)).parent

    for file in obstacle().iterdir():
        file.unlink()
    obstacle().rmdir()
    obstacle().write_text("not a folder")
    problem = is_refused(await maker.publish(body), 503, "upstream_unavailable")
    assert str(press.root) not in json.dumps(problem)
    obstacle().unlink()

    sets = [one async for one in press.assets._assets.find({"kind": "directory"})]
    assert [one["_id"] for one in sets] == [whole["metadataSetId"]]
    again = await made(maker, body)
    assert await read(press, f"{again['baseUri']}40") == {"name": "Punk #40"}
    assert await read(press, f"{again['baseUri']}41") == {"name": "Punk #41"}


async def test_records_that_cannot_be_written_leave_bytes_and_no_set(
    press: Press, maker: Maker, mongo_server: Mongo
) -> None:
    await mongo_server.stop()
    is_refused(await maker.publish(batch(3)), 503, "upstream_unavailable")
    assert sum(1 for file in (press.root / "blobs").rglob("*") if file.is_file()) >= 3
    await mongo_server.start()
    assert await press.assets._assets.count_documents({}) == 0
    body = await made(maker, batch(3))
    assert await read(press, f"{body['baseUri']}3") == {"name": "Punk #3"}


@pytest.mark.parametrize("example", sorted(EXAMPLES))
def test_the_bodies_that_openapi_shows_are_good_ones(example: str) -> None:
    PublishBody.model_validate(EXAMPLES[example]["value"]).order(TokenId(0))
