"""How large a set of metadata may be: in tokens, in ids and in bytes."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

import pytest

from api.media.bodies.metadata_sets import PublishBody
from steadymint.domain.errors import InvalidInputError
from steadymint.domain.types import TokenId
from steadymint.publishing import sets
from steadymint.publishing.documents import TokenWords
from steadymint.publishing.publisher import AT_ONCE, BODIES_OF_USER
from tests.support.metadata_sets import LARGEST, batch, made, post, read, tokens, told_of
from tests.support.problems import is_refused
from tests.support.publishing import Maker, Press


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


async def test_a_full_set_can_still_be_corrected_and_gets_no_more_tokens(
    maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sets, "MAX_TOKENS", 3)
    full = (await made(maker, batch(3)))["metadataSetId"]
    changed = await made(maker, batch(2, extends=full, startAt="2", template={"name": "Lamp #{number}"}))
    assert (changed["count"], changed["metadataSetId"] != full) == (3, True)
    assert "at most 3 tokens" in is_refused(await maker.publish(batch(2, extends=full, startAt="3")))["detail"]


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
    told = told_of(description="\U0001f6a2" * 10_000, attributes=huge)
    assert "at most 262144 bytes" in is_refused(await maker.publish(told))["detail"]
    assert await press.assets._assets.count_documents({}) == 0


def test_a_template_that_would_grow_past_the_limit_is_refused_before_it_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    template = {"name": "#{number}", "description": "\U0001f6a2" * 9_900 + "{number}"}
    body = PublishBody.model_validate_json(json.dumps(batch(5000, template=template)))
    numbered, grown = TokenWords.numbered, list[int]()

    def counted(words: TokenWords, number: int) -> TokenWords:
        grown.append(number)
        return numbered(words, number)

    monkeypatch.setattr(TokenWords, "numbered", counted)
    with pytest.raises(InvalidInputError, match="bytes together"):
        body.order(TokenId(0))
    assert grown == [1]


async def test_a_body_may_be_larger_here_and_not_without_end(maker: Maker) -> None:
    large = {"standard": "erc721", "tokens": tokens(900, description="x" * 9_000)}
    is_large = json.dumps(large).encode()
    assert 7 * 2**20 < len(is_large) < 8 * 2**20
    assert (await made(maker, large))["count"] == 900
    is_refused(await post(maker.http, is_large + b" " * 2**20), 413, "too_large")


async def test_some_bodies_are_worked_on_at_once_and_of_those_that_wait_nothing_is_parsed(
    maker: Maker, stranger: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = 0
    parse, publish, free = PublishBody.model_validate_json, sets.MetadataSets.publish, asyncio.Event()

    def counting(raw: bytes) -> PublishBody:
        nonlocal parsed
        parsed += 1
        return parse(raw)

    async def waiting(*order: Any) -> sets.PublishedSet:
        await free.wait()
        return await publish(*order)

    monkeypatch.setattr(PublishBody, "model_validate_json", counting)
    monkeypatch.setattr(sets.MetadataSets, "publish", waiting)
    sent = [asyncio.create_task(maker.publish(batch(1))) for _ in range(BODIES_OF_USER + 1)]
    async with asyncio.timeout(10):
        refused = await next(asyncio.as_completed(sent))
    is_refused(refused, 429, "rate_limited")
    others = asyncio.create_task(stranger.publish(batch(1)))
    await asyncio.sleep(0.2)
    assert parsed == AT_ONCE
    free.set()
    answers = await asyncio.gather(*sent, others)
    assert Counter(answer.status_code for answer in answers) == {201: BODIES_OF_USER + 1, 429: 1}
