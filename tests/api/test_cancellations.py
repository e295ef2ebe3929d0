"""Cancellations over HTTP, up to their flow."""

from __future__ import annotations

from typing import Any

import pytest

from steadymint.domain.errors import NotFoundError
from steadymint.domain.errors.intents import AlreadySatisfiedError
from tests.kinds.test_cancel import an_order, hash_of, shown
from tests.support.intents import CHAIN
from tests.support.intents_api import Front, User
from tests.support.preparing import is_taken, post

PREPARE = "/v1/cancellations/prepare"


def asking(**order: Any) -> dict[str, Any]:
    return {"chainId": CHAIN, "orders": [shown(an_order(1)) | order]}


async def test_what_is_asked_for_is_what_the_flow_is_told(api: Front, alice: User) -> None:
    assert (await is_taken(api, alice, PREPARE, asking())).terms.orders == (an_order(1),)
    assert (await is_taken(api, alice, PREPARE, {"chainId": CHAIN, "allOrders": True})).terms.all_orders
    by_hash = {"chainId": CHAIN, "orderHashes": [hash_of(an_order(1))]}
    assert (await is_taken(api, alice, PREPARE, by_hash)).terms.order_hashes == (hash_of(an_order(1)),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"counter": "-1"},
        {"startTime": "1e9"},
        {"endTime": 1.5},
        {"salt": "0x" + "0" * 65},
        {"zoneHash": "0x12"},
        {"offer": 7},
        {"offer": [{}] * 101},
        {f"x{number}": 1 for number in range(60)},
        {"offerer": "0x" + "ab" * 19},
    ],
)
async def test_an_order_of_another_shape_is_refused(api: Front, alice: User, wrong: dict[str, Any]) -> None:
    answer = await post(alice, PREPARE, asking(**wrong))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert not api.flows.prepared


async def test_the_same_order_twice_is_refused(api: Front, alice: User) -> None:
    answer = await post(alice, PREPARE, asking() | {"orders": [shown(an_order(1))] * 2})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_what_is_cancelled_already_is_a_success_and_what_is_anothers_is_not_there(
    api: Front, alice: User
) -> None:
    api.flows.refuses = AlreadySatisfiedError("1 order cancelled already")
    answer = await post(alice, PREPARE, asking())
    assert (answer.status_code, answer.json()["satisfied"]) == (200, True)
    api.flows.refuses = NotFoundError()
    answer = await post(alice, PREPARE, asking())
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
