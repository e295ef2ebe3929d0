"""Bodies and keys that are none are refused, whatever else is in the request."""

from __future__ import annotations

import json
import random
from typing import Any

import httpx
import pytest

from tests.support.intents import CHAIN, COLLECTION
from tests.support.intents_api import Front, User
from tests.support.preparing import A_BATCH, A_COLLECTION, A_MINT, PREPARE_COLLECTION, PREPARE_MINT, post
from tests.support.problems import is_refused


@pytest.mark.parametrize("path", [PREPARE_COLLECTION, PREPARE_MINT])
async def test_a_body_that_is_none_is_invalid_input(api: Front, alice: User, path: str) -> None:
    whole = json.dumps(A_COLLECTION if path == PREPARE_COLLECTION else A_MINT).encode()
    for body in (
        b"", b"{", b"null", b"[]", b'"text"', b"7", whole[:-1], whole + b"}", b"[" * 100_000,
        whole.replace(b"{", b'{"x":' + b"[" * 50_000 + b"]" * 50_000 + b",", 1),
    ):  # fmt: skip
        is_refused(await post(alice, path, body))
    not_text = await post(alice, path, b"\xff\xfe")
    assert (not_text.status_code, not_text.json()["code"]) == (400, "bad_request")
    assert api.flows.prepared == []


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "caf\xe9"])
async def test_an_idempotency_key_is_printable_and_short(api: Front, alice: User, key: str) -> None:
    headers = [(b"idempotency-key", key.encode("latin-1"))]
    is_refused(await alice.http.post(PREPARE_MINT, json=A_MINT, headers=httpx.Headers(headers)))
    assert api.flows.prepared == []


async def test_random_bodies_are_never_our_fault(api: Front, alice: User) -> None:
    seeded = random.Random(20_260_801)
    values: list[Any] = [
        None, True, 0, -1, 2**64, 2**256, 0.5, float("nan"), "", "0", "\0", "\ud800", "x" * 5000, "\u202e", [], {},
        [[]], {"a": {}}, "0x" + "00" * 32, CHAIN, COLLECTION, "erc721", "erc1155", "2030-01-01T00:00:00Z",
        [{"tokenId": "1"}],
    ]  # fmt: skip
    names = [
        "chainId", "standard", "name", "symbol", "contractUri", "baseUri", "imageMediaId", "metadataSetId", "maxSupply",
        "royaltyBps", "royaltyReceiver", "payoutAddress", "mint", "contract", "to", "quantity", "items", "proof", "x",
    ]  # fmt: skip
    for _ in range(100):
        path, good = seeded.choice(
            [(PREPARE_COLLECTION, A_COLLECTION), (PREPARE_MINT, A_MINT), (PREPARE_MINT, A_BATCH)]
        )
        body = good | {seeded.choice(names): seeded.choice(values) for _ in range(seeded.randrange(1, 4))}
        taken = len(api.flows.prepared)
        answer = await post(alice, path, body)
        reached_the_flow = len(api.flows.prepared) > taken
        assert answer.status_code == (503 if reached_the_flow else 422), (body, answer.text)
