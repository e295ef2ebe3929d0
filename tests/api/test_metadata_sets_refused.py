"""Bodies, media and users that publish no metadata, and that nothing is written for them."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from steadymint.domain.media import Cid
from steadymint.media.cid import sha256_of
from steadymint.media.store import blob_key
from tests.support.metadata_sets import LARGEST, NAMED, PATH, batch, made, post, tokens, told_of
from tests.support.problems import is_refused
from tests.support.publishing import Maker, Press
from tests.support.serving import plain_http

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


def _trait(**words: Any) -> dict[str, Any]:
    return told_of(attributes=[{"traitType": "t", "value": 1, **words}])


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
    "an unknown member of a token": told_of(uri="ipfs://x"),
    "an erc1155 token without an id": {**NAMED, "standard": "erc1155"},
    "an id for some only": {"standard": "erc721", "tokens": [{"name": "x"}, {"name": "y", "tokenId": "2"}]},
    "an id twice": {"standard": "erc721", "tokens": [{"name": "x", "tokenId": "2"}, {"name": "y", "tokenId": "2"}]},
    "an id past uint256": told_of(tokenId=str(2**256)),
    "a negative id": told_of(tokenId="-1"),
    "an id that is a path": told_of(tokenId="../1"),
    "no name": {"standard": "erc721", "tokens": [{}]},
    "an empty name": told_of(name=" "),
    "a long name": told_of(name="x" * 201),
    "a name with NUL": told_of(name="a\0b"),
    "a name that turns around": told_of(name="\u202ea"),
    "a long description": told_of(description="x" * 10_001),
    "a media id that is none": told_of(imageMediaId="../../etc/passwd"),
    "a media id in capitals": told_of(imageMediaId="AB" * 32),
    "a colour that is none": told_of(backgroundColor="red"),
    "a colour of eight": told_of(backgroundColor="0d1b2aff"),
    "a link that runs": told_of(externalUrl="javascript:alert(1)"),
    "a link without a scheme": told_of(externalUrl="market.example"),
    "a template's link that runs": batch(1) | {"template": {"name": "x", "externalUrl": "javascript:{number}"}},
    "a template too long once numbered": batch(1, startAt=str(LARGEST - 1))
    | {"template": {"name": "x" * 190 + "{number}"}},
    "too many attributes": told_of(attributes=[{"traitType": "t", "value": 1}] * 101),
    "an attribute without a type": told_of(attributes=[{"value": 1}]),
    "an attribute without a value": told_of(attributes=[{"traitType": "t"}]),
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


async def test_nobody_publishes_without_a_session(press: Press) -> None:
    async with plain_http(press.front.url) as nobody:
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
