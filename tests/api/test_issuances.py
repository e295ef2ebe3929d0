"""Issuances by RGB++: an unsigned pair for its owner, the same each time, and never called more than prepared."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from pydantic import TypeAdapter

from api.catalog.bodies.issuances import IssuanceAnswer, IssuanceBody
from steadymint.catalog.issuances import Issuances, IssuanceWords
from steadymint.domain.rgbpp.issuance import IssuancePair
from tests.support.intents import ALICE
from tests.support.intents_api import Front

PATH = "/v1/rgbpp-issuances"
SEAL = {"txid": "11" * 32, "vout": 0, "value": 20000, "script": "0014" + "ab" * 20}
CELL = {"txHash": "0x" + "22" * 32, "index": 0, "capacity": "100000000000"}
ASKED: dict[str, Any] = {
    "networkId": "rgbpp:testnet3",
    "name": "SiTa Token",
    "symbol": "SITA",
    "decimals": 8,
    "supply": "2100000000000000",
    "seal": SEAL,
    "cells": [CELL],
    "feeRate": 3,
}


async def test_a_pair_is_prepared_once_kept_and_its_owners_alone(api: Front) -> None:
    async with api.user() as owner, api.user() as stranger:
        first = await owner.http.post(PATH, json=ASKED)
        assert first.status_code == 201, first.text
        TypeAdapter(IssuanceAnswer).validate_json(first.content, strict=True)
        made = first.json()
        # The prototype of the specification, which the official SDK made of the same input.
        assert made["commitment"] == "108f327c27e024055e086d161de055a30becf9274f3f1bd0511e86b293c7f979"
        assert made["status"] == "prepared"
        again = await owner.http.post(PATH, json=ASKED)
        assert (again.status_code, again.json()) == (200, made)
        assert (await owner.http.get(first.headers["location"])).json() == made
        others = await stranger.http.post(PATH, json=ASKED)
        assert others.json()["issuanceId"] != made["issuanceId"]
        assert (await stranger.http.get(first.headers["location"])).status_code == 404
        assert (await owner.http.get(f"{PATH}/{uuid4()}")).status_code == 404
        assert (await owner.http.post(PATH, json=ASKED, headers={"authorization": ""})).status_code == 401
        listed = await owner.http.get("/v1/tokens-fungible")
        assert listed.json()["items"] == [], "nothing is shown as a token that no chain has"


@pytest.mark.parametrize(
    "changed",
    [
        {"networkId": "eip155:1"},
        {"supply": "0"},
        {"supply": str(2**128)},
        {"decimals": 37},
        {"name": ""},
        {"cells": []},
        {"cells": [CELL, CELL]},
        {"cells": [CELL | {"capacity": str(2**63)}]},
        {"cells": [CELL | {"index": index, "capacity": str(2**63 - 1)} for index in range(3)]},
        {"cells": [CELL | {"capacity": "100"}]},
        {"seal": SEAL | {"script": "76a914" + "ab" * 20 + "88ac"}},
        {"seal": SEAL | {"txid": "0x" + "11" * 31}},
        {"seal": SEAL | {"value": 1000}},
        {"feeRate": 0},
        {"privateKey": "11" * 32},
    ],
    ids=str,
)
async def test_what_cannot_be_issued_is_a_problem_and_leaves_no_row(api: Front, changed: dict[str, Any]) -> None:
    async with api.user() as owner:
        answer = await owner.http.post(PATH, json=ASKED | changed)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
        kept = "select count(*) from token_service.fungible_tokens where creator_id = $1"
        assert await api.pool.fetchval(kept, owner.id) == 0


class Offered:
    """A fake broadcaster: it takes what it is given, and has no chain."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, IssuancePair]] = []

    async def offer(self, network: str, pair: IssuancePair) -> None:
        self.pairs.append((network, pair))


async def test_a_pair_that_a_broadcaster_was_given_is_still_no_more_than_prepared(api: Front) -> None:
    taker = Offered()
    terms = IssuanceBody.model_validate(ASKED).terms()
    found, _ = await Issuances(api.pool, taker).prepare(uuid4(), ALICE, terms, IssuanceWords())  # type: ignore[arg-type]
    ((network, pair),) = taker.pairs
    assert (network, pair.psbt, found.status) == ("rgbpp:testnet3", found.psbt, "prepared")
