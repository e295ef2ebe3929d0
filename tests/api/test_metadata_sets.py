"""Publishing metadata over HTTP, on real stores: what is written, what is refused, and that it is there at once."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.media.bodies.metadata_sets import EXAMPLES, PublishBody
from steadymint.domain.media import Cid
from steadymint.domain.types import TokenId
from steadymint.media.cid import sha256_of
from steadymint.media.store import blob_key
from steadymint.stack.mongo import Mongo
from tests.support.publishing import Maker, Press

PATH = "/v1/metadata"
NAMED = {"standard": "erc721", "tokens": [{"name": "Light"}]}
LARGEST = 2**256 - 1


def tokens(count: int, **words: Any) -> list[dict[str, Any]]:
    return [{"name": f"Light {number}", **words} for number in range(1, count + 1)]


def batch(count: int, **more: Any) -> dict[str, Any]:
    return {"standard": "erc721", "template": {"name": "Punk #{number}"}, "count": count, **more}


def is_refused(answer: httpx.Response, status: int = 422, code: str = "invalid_input") -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["code"] == code, answer.text
    assert len(answer.content) < 8192  # what was sent is not sent back
    return answer.json()


async def post(http: httpx.AsyncClient, content: bytes) -> httpx.Response:
    """With everything in it that Python's own encoder lets through: NaN, lone surrogates."""
    return await http.post(PATH, content=content, headers={"content-type": "application/json"})


async def made(maker: Maker, body: Any) -> dict[str, Any]:
    answer = await maker.publish(body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def read(press: Press, uri: str) -> dict[str, Any]:
    cid, _, path = uri.removeprefix("ipfs://").partition("/")
    found = await press.content.open(cid, path)
    assert found is not None, uri
    assert found.mime == "application/json"
    return json.loads(await found.read())


# -- what is written ---------------------------------------------------------------------------------------------------


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


async def test_numbers_that_run_past_the_last_id_are_refused_where_they_are_known(maker: Maker) -> None:
    edge = await made(maker, {"standard": "erc721", "tokens": [{"tokenId": str(LARGEST - 1), "name": "x"}]})
    is_refused(await maker.publish(batch(2, extends=edge["metadataSetId"])))
    assert (await made(maker, batch(1, extends=edge["metadataSetId"])))["sample"][0]["tokenId"] == str(LARGEST)
    full = await made(maker, {"standard": "erc721", "tokens": [{"tokenId": str(LARGEST), "name": "x"}]})
    named = {"standard": "erc721", "tokens": [{"tokenId": "1", "name": "y"}], "extends": full["metadataSetId"]}
    assert (await made(maker, named))["count"] == 2


async def test_five_thousand_tokens_are_one_request(press: Press, maker: Maker) -> None:
    """All alike, so that there is one document to write; nine hundred that are not are written further down."""
    body = await made(maker, batch(5000) | {"template": {"name": "Punk"}})
    assert body["count"] == 5000
    assert len(await press.assets.entries_of(body["metadataSetId"])) == 5000
    for number in (1, 2500, 5000):
        assert await read(press, f"{body['baseUri']}{number}") == {"name": "Punk"}


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


# -- media -------------------------------------------------------------------------------------------------------------


async def test_pictures_that_are_not_the_callers_are_unknown_like_those_that_do_not_exist(
    press: Press, maker: Maker, stranger: Maker
) -> None:
    own, anothers = await maker.picture(), await stranger.picture()
    document = sha256_of(Cid((await made(maker, NAMED))["sample"][0]["uri"][7:66]))
    directory = (await made(maker, NAMED))["metadataSetId"]
    problems = []
    for unknown in (anothers, "ab" * 32, directory, document):
        for field in ("imageMediaId", "animationMediaId"):
            told = [{"name": "x", "imageMediaId": own}, {"name": "y", field: unknown}]
            problem = is_refused(await maker.publish({"standard": "erc721", "tokens": told}), 422, "unknown_media")
            assert problem.pop("mediaIds") == [unknown]
            problems.append(problem)
    assert all(problem == problems[0] for problem in problems)


async def test_a_picture_whose_bytes_are_gone_is_in_no_document(press: Press, maker: Maker) -> None:
    picture = await maker.picture()
    await press.lose(picture)
    body = {"standard": "erc721", "tokens": tokens(1, imageMediaId=picture)}
    assert is_refused(await maker.publish(body), 422, "unreadable_media")["mediaIds"] == [picture]
    await press.store.put(blob_key(picture), b"cut", "image/png")
    is_refused(await maker.publish(body), 422, "unreadable_media")


# -- what is refused ---------------------------------------------------------------------------------------------------


def _told(**words: Any) -> dict[str, Any]:
    return {"standard": "erc721", "tokens": [{"name": "x", **words}]}


def _trait(**words: Any) -> dict[str, Any]:
    return _told(attributes=[{"traitType": "t", "value": 1, **words}])


NO_BODIES: dict[str, Any] = {
    "nothing": {},
    "no tokens": {"standard": "erc721"},
    "an empty list": {"standard": "erc721", "tokens": []},
    "both forms": {**NAMED, "template": {"name": "x"}, "count": 1},
    "a count without a template": {**NAMED, "count": 1},
    "a template without a count": {"standard": "erc721", "template": {"name": "x"}},
    "a count of none": batch(0),
    "a count of too many": batch(5001),
    "a count as text": batch(1) | {"count": "1"},
    "a count of true": batch(1) | {"count": True},
    "too many tokens": {"standard": "erc721", "tokens": tokens(5001)},
    "past the last id": batch(2, startAt=str(LARGEST)),
    "an unknown standard": {**NAMED, "standard": "erc20"},
    "an unknown member": {**NAMED, "owner": "x"},
    "an unknown member of a token": _told(uri="ipfs://x"),
    "an erc1155 token without an id": {**NAMED, "standard": "erc1155"},
    "an id for some only": {"standard": "erc721", "tokens": [{"name": "x"}, {"name": "y", "tokenId": "2"}]},
    "an id twice": {"standard": "erc721", "tokens": [{"name": "x", "tokenId": "2"}, {"name": "y", "tokenId": "2"}]},
    "an id past uint256": _told(tokenId=str(2**256)),
    "a negative id": _told(tokenId="-1"),
    "an id that is a path": _told(tokenId="../1"),
    "no name": {"standard": "erc721", "tokens": [{}]},
    "an empty name": _told(name=" "),
    "a long name": _told(name="x" * 201),
    "a name with NUL": _told(name="a\0b"),
    "a name that turns around": _told(name="\u202ea"),
    "a long description": _told(description="x" * 10_001),
    "a media id that is none": _told(imageMediaId="../../etc/passwd"),
    "a media id in capitals": _told(imageMediaId="AB" * 32),
    "a colour that is none": _told(backgroundColor="red"),
    "a colour of eight": _told(backgroundColor="0d1b2aff"),
    "a link that runs": _told(externalUrl="javascript:alert(1)"),
    "a link without a scheme": _told(externalUrl="market.example"),
    "a template's link that runs": batch(1) | {"template": {"name": "x", "externalUrl": "javascript:{number}"}},
    "a template too long once numbered": batch(1, startAt=str(LARGEST - 1))
    | {"template": {"name": "x" * 190 + "{number}"}},
    "too many attributes": _told(attributes=[{"traitType": "t", "value": 1}] * 101),
    "an attribute without a type": _told(attributes=[{"value": 1}]),
    "an attribute without a value": _told(attributes=[{"traitType": "t"}]),
    "a value of null": _trait(value=None),
    "a value of true": _trait(value=True),
    "a list as a value": _trait(value=[1]),
    "an object as a value": _trait(value={"a": 1}),
    "an empty value": _trait(value=""),
    "a long value": _trait(value="x" * 501),
    "a value that is no number": _trait(value=float("nan")),
    "a value without end": _trait(value=float("inf")),
    "a value that readers round": _trait(value=2**53),
    "a value over its maximum": _trait(value=5, maxValue=4),
    "a maximum of text": _trait(maxValue="9"),
    "a text shown as a number": _trait(value="x", displayType="number"),
    "a text with a maximum": _trait(value="x", maxValue=1),
    "a date with a fraction": _trait(value=1.5, displayType="date"),
    "an unknown way to show": _trait(displayType="html"),
}


@pytest.mark.parametrize("what", NO_BODIES)
async def test_a_body_that_makes_no_set_is_refused_before_anything_is_written(
    press: Press, maker: Maker, what: str
) -> None:
    is_refused(await post(maker.http, json.dumps(NO_BODIES[what]).encode()))
    assert await press.assets._assets.count_documents({}) == 0


async def test_a_body_that_is_no_json_is_invalid_input(maker: Maker) -> None:
    whole = json.dumps(NAMED).encode()
    for content in (
        b"", b"{", b"null", b"[]", b'"text"', b"7", whole[:-1], whole + b"}", b"[" * 100_000,
        whole.replace(b"{", b'{"x":' + b"[" * 50_000 + b"]" * 50_000 + b",", 1),
        whole.replace(b'"Light"', b'"\\ud800"'),
        whole.replace(b'"Light"', b"1" + b"0" * 5000),
    ):  # fmt: skip
        is_refused(await post(maker.http, content))
    for content in (b"\xff\xfe", whole.replace(b'"Light"', b'"\xc3\x28"')):
        not_text = await post(maker.http, content)
        assert (not_text.status_code, not_text.json()["code"]) == (400, "bad_request")


async def test_random_bodies_are_never_our_fault(press: Press) -> None:
    seeded = random.Random(20_261_120)
    values: list[Any] = [
        None, True, 0, -1, 2**64, 2**256, 0.5, 1e308, float("nan"), "", "0", "1", "\0", "\ud800", "x" * 5000, "\u202e",
        "{number}", [], {}, [[]], {"a": {}}, "ab" * 32, "erc721", "erc1155", [{"name": "x"}], [{"traitType": "t"}],
    ]  # fmt: skip
    outer = ["standard", "tokens", "template", "count", "startAt", "x"]
    inner = [
        "name", "tokenId", "description", "imageMediaId", "animationMediaId", "externalUrl", "backgroundColor",
        "attributes", "y",
    ]  # fmt: skip
    seen = set()
    for _ in range(3):
        async with press.front.user() as user:  # each may publish so many sets a minute
            for _ in range(25):
                token = {"name": "x"} | {
                    seeded.choice(inner): seeded.choice(values) for _ in range(seeded.randrange(3))
                }
                body = seeded.choice([{"standard": "erc721", "tokens": [token]}, batch(2) | {"template": token}])
                if seeded.random() < 0.3:
                    body = body | {seeded.choice(outer): seeded.choice(values)}
                answer = await post(user.http, json.dumps(body).encode())
                seen.add(answer.status_code)
                assert answer.status_code in (201, 422), (body, answer.text)
    assert seen == {201, 422}


async def test_a_set_past_one_block_is_a_directory_all_the_same(press: Press, maker: Maker) -> None:
    """An ERC-1155 token takes 100 bytes of the 256 KiB that IPFS puts into one block."""
    body = await made(maker, {"standard": "erc1155", "template": {"name": "Coin"}, "count": 2622})
    asset = await press.assets.by_id(body["metadataSetId"])
    assert asset is not None
    assert asset.bytes < 16 * 1024  # the root of a tree
    assert await read(press, body["baseUri"].replace("{id}", f"{2622:064x}")) == {"name": "Coin"}


async def test_a_small_template_does_not_make_gigabytes(press: Press, maker: Maker) -> None:
    body = batch(5000) | {"template": {"name": "#{number}", "description": "x" * 10_000}}
    assert "bytes together" in is_refused(await maker.publish(body))["detail"]
    huge = [{"traitType": "\U0001f6a2" * 100, "value": "\U0001f6a2" * 500}] * 100
    told = _told(description="\U0001f6a2" * 10_000, attributes=huge)
    assert "at most 262144 bytes" in is_refused(await maker.publish(told))["detail"]
    assert await press.assets._assets.count_documents({}) == 0


async def test_a_body_may_be_larger_here_and_not_without_end(maker: Maker) -> None:
    large = {"standard": "erc721", "tokens": tokens(900, description="x" * 9_000)}
    is_large = json.dumps(large).encode()
    assert 7 * 2**20 < len(is_large) < 8 * 2**20
    assert (await made(maker, large))["count"] == 900
    is_refused(await post(maker.http, is_large + b" " * 2**20), 413, "too_large")


@pytest.mark.parametrize("example", sorted(EXAMPLES))
def test_the_bodies_that_openapi_shows_are_good_ones(example: str) -> None:
    PublishBody.model_validate(EXAMPLES[example]["value"]).order(TokenId(0))


async def test_nobody_publishes_without_a_session(press: Press) -> None:
    async with httpx.AsyncClient(base_url=press.front.url) as nobody:
        is_refused(await nobody.post(PATH, json=NAMED), 401, "unauthorized")


async def test_a_user_publishes_so_many_sets_a_minute(press: Press, maker: Maker) -> None:
    limit = press.front.settings.media.publish_rate
    answers = [await maker.publish({}) for _ in range(limit)]
    assert {answer.status_code for answer in answers} == {422}
    while answers[-1].status_code == 422:  # on a slow machine some more are let through meanwhile
        assert len(answers) < 3 * limit
        answers.append(await maker.publish({}))
    assert int(answers[-1].headers["retry-after"]) >= 1
    is_refused(answers[-1], 429, "rate_limited")
