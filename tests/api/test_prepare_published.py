"""`POST /v1/collections/prepare` with pictures and metadata sets: what is written, and what must be there before."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from steadymint.domain.intents.collection import CollectionTerms
from steadymint.media.cid import sha256_of
from steadymint.media.store import blob_key
from steadymint.publishing import sets
from tests.support.intents import CHAIN
from tests.support.publishing import Maker, Press

PATH = "/v1/collections/prepare"
A_COLLECTION: dict[str, Any] = {"chainId": CHAIN, "standard": "erc721", "name": "Harbour Lights", "symbol": "HARB"}
FOREIGN = "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi/"


async def terms_of(maker: Maker, **asked: Any) -> CollectionTerms:
    """What reaches the flow, which these tests do without."""
    before = len(maker.press.front.flows.prepared)
    answer = await maker.http.post(PATH, json=A_COLLECTION | asked)
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable"), answer.text
    assert len(maker.press.front.flows.prepared) == before + 1, answer.text
    terms = maker.press.front.flows.prepared[-1].terms
    assert isinstance(terms, CollectionTerms)
    return terms


async def refused(maker: Maker, code: str, **asked: Any) -> dict[str, Any]:
    before = len(maker.press.front.flows.prepared)
    answer: httpx.Response = await maker.http.post(PATH, json=A_COLLECTION | asked)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert len(maker.press.front.flows.prepared) == before
    return answer.json()


async def document(press: Press, uri: str) -> dict[str, Any]:
    found = await press.content.open(uri.removeprefix("ipfs://"))
    assert found is not None, uri
    return json.loads(await found.read())


async def published(maker: Maker, standard: str = "erc721", word: str = "Light") -> dict[str, Any]:
    told = [{"tokenId": str(number), "name": f"{word} {number}"} for number in (1, 2, 3)]
    answer = await maker.publish({"standard": standard, "tokens": told})
    assert answer.status_code == 201, answer.text
    return answer.json()


# -- the collection's own document -------------------------------------------------------------------------------------


async def test_pictures_become_the_document_that_the_contract_points_at(press: Press, maker: Maker) -> None:
    image, banner = await maker.picture(), await maker.picture()
    terms = await terms_of(
        maker, imageMediaId=image, bannerMediaId=banner, description="Lamps", externalUrl="https://market.example"
    )
    cids = {media: asset.cid for media, asset in (await press.assets.by_ids([image, banner])).items()}
    assert await document(press, terms.contract_uri) == {
        "name": "Harbour Lights",
        "symbol": "HARB",
        "description": "Lamps",
        "image": f"ipfs://{cids[image]}",
        "banner_image": f"ipfs://{cids[banner]}",
        "external_link": "https://market.example",
    }
    assert (await terms_of(maker, description="Lamps")).contract_uri != terms.contract_uri
    assert (await terms_of(maker)).contract_uri == ""


async def test_the_same_request_points_at_the_same_document(maker: Maker) -> None:
    image = await maker.picture()
    first = await terms_of(maker, imageMediaId=image)
    assert await terms_of(maker, imageMediaId=image) == first
    assert (await terms_of(maker, imageMediaId=await maker.picture())).contract_uri != first.contract_uri


async def test_requests_that_name_other_media_are_not_the_same_request(maker: Maker) -> None:
    """Else a reused Idempotency-Key would hand out calldata for another picture."""
    one, other, published_set = await maker.picture(), await maker.picture(), await published(maker)
    for asked in (
        {},
        {"imageMediaId": one},
        {"imageMediaId": other},
        {"bannerMediaId": one},
        {"metadataSetId": published_set["metadataSetId"]},
        {"baseUri": published_set["baseUri"]},
        {"externalUrl": "https://market.example"},
        {"imageMediaId": one},
    ):
        await terms_of(maker, **asked)
    hashes = [order.request_hash for order in maker.press.front.flows.prepared]
    assert len(set(hashes)) == 7
    assert hashes[1] == hashes[7]


async def test_a_document_of_ones_own_goes_without_ours(maker: Maker) -> None:
    image = await maker.picture()
    own = {"contractUri": "https://market.example/contract.json"}
    assert (await terms_of(maker, **own, description="Lamps")).contract_uri == own["contractUri"]
    for more in (
        {"imageMediaId": image},
        {"bannerMediaId": image},
        {"featuredMediaId": image},
        {"externalUrl": "https://market.example"},
    ):
        assert "contractUri" in (await refused(maker, "invalid_input", **own, **more))["detail"]


async def test_media_that_is_not_the_callers_is_unknown_like_media_that_does_not_exist(
    maker: Maker, stranger: Maker
) -> None:
    directory = (await published(maker))["metadataSetId"]
    answers = []
    for unknown in (await stranger.picture(), "ab" * 32, directory):
        for field in ("imageMediaId", "bannerMediaId", "featuredMediaId"):
            problem = await refused(maker, "unknown_media", **{field: unknown})
            assert problem.pop("mediaIds") == [unknown]
            answers.append(problem)
    assert all(answer == answers[0] for answer in answers)


async def test_no_calldata_points_at_a_picture_whose_bytes_are_gone(press: Press, maker: Maker) -> None:
    image, banner = await maker.picture(), await maker.picture()
    await press.lose(banner)
    problem = await refused(maker, "unreadable_media", imageMediaId=image, bannerMediaId=banner)
    assert problem["mediaIds"] == [banner]
    await terms_of(maker, imageMediaId=image)


# -- its tokens' documents ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("standard", ["erc721", "erc1155"])
async def test_a_set_becomes_the_base_uri(maker: Maker, standard: str) -> None:
    made = await published(maker, standard)
    by_id = await terms_of(maker, standard=standard, metadataSetId=made["metadataSetId"])
    by_uri = await terms_of(maker, standard=standard, baseUri=made["baseUri"])
    assert by_id.base_uri == by_uri.base_uri == made["baseUri"]


@pytest.mark.parametrize(("standard", "other"), [("erc721", "erc1155"), ("erc1155", "erc721")])
async def test_a_set_of_the_other_standard_is_refused(maker: Maker, standard: str, other: str) -> None:
    made = await published(maker, standard)
    problem = await refused(maker, "invalid_input", standard=other, metadataSetId=made["metadataSetId"])
    assert other in problem["detail"]
    await refused(maker, "invalid_input", standard=other, baseUri=made["baseUri"])


async def test_a_set_of_somebody_else_is_unknown_and_its_uri_is_anybodys(maker: Maker, stranger: Maker) -> None:
    """What is published is public; an id is a way to say "mine"."""
    made = await published(stranger)
    picture = await maker.picture()
    for unknown in (made["metadataSetId"], "ab" * 32, picture):
        await refused(maker, "unknown_media", metadataSetId=unknown)
    assert (await terms_of(maker, baseUri=made["baseUri"])).base_uri == made["baseUri"]


async def test_a_base_uri_of_ours_is_written_so_that_readers_find_the_documents(maker: Maker) -> None:
    made, coins = await published(maker), await published(maker, "erc1155")
    cid, coin_cid = made["cid"], coins["cid"]
    for wrong in (f"ipfs://{cid}", f"ipfs://{cid}/{{id}}", f"ipfs://{cid}/1", f"ipfs://{cid}//", f"ipfs://ipfs/{cid}/"):
        assert made["baseUri"] in (await refused(maker, "invalid_input", baseUri=wrong))["detail"]
    for wrong in (f"ipfs://{coin_cid}/", f"ipfs://{coin_cid}/{{id}}.json"):
        problem = await refused(maker, "invalid_input", standard="erc1155", baseUri=wrong)
        assert coins["baseUri"] in problem["detail"]
    picture = await maker.press.assets.by_id(await maker.picture())
    assert picture is not None
    await refused(maker, "invalid_input", baseUri=f"ipfs://{picture.cid}/")


@pytest.mark.parametrize(
    "uri", [FOREIGN, FOREIGN + "{id}.json", "ipfs://QmNotACid/", "https://market.example/tokens/", "ar://x/"]
)
async def test_what_is_not_ours_is_taken_as_written(maker: Maker, uri: str) -> None:
    assert (await terms_of(maker, baseUri=uri)).base_uri == uri


async def test_no_calldata_points_at_a_set_with_a_document_that_is_gone(
    press: Press, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sets, "READABLE_FOR", 0.0)
    made = await published(maker, word="Lost")  # a set that no other test has had read back
    lost = sha256_of((await press.assets.entries_of(made["metadataSetId"]))["2"])
    await press.lose(lost)
    for asked in ({"metadataSetId": made["metadataSetId"]}, {"baseUri": made["baseUri"]}):
        assert (await refused(maker, "unreadable_media", **asked))["mediaIds"] == [lost]
    await published(maker, word="Lost")  # as the answer says: publish it again
    await terms_of(maker, metadataSetId=made["metadataSetId"])
    await press.assets._assets.delete_one({"s3Key": blob_key(lost)})
    await refused(maker, "unknown_media", metadataSetId=made["metadataSetId"])


async def test_a_set_and_a_base_uri_are_one_too_many(maker: Maker) -> None:
    made = await published(maker)
    await refused(maker, "invalid_input", baseUri=made["baseUri"], metadataSetId=made["metadataSetId"])
