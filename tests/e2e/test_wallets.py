"""What wallets send instead of, on top of, or long after what was prepared, on a real chain."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.e2e.test_main_job import TOLD
from tests.support.full_stack import FullStack
from tests.support.indexing import call_data
from tests.support.people import Answer, Person
from tests.support.shop import Shop

Preparing = Callable[[Person], Awaitable[dict[str, Any]]]
"""Prepares an intent of somebody's."""
ONE = {
    "mint": "select count(*) from catalog_service.activities where tx_hash = $1 and type = 'mint'",
    "purchase": "select count(*) from catalog_service.sales where tx_hash = $1",
}
"""What counts the rows that one intent leaves."""
BUILDER_CODE = "62617365617070" + "07" + "00" + "8021" * 8
"""As of ERC-8021: the codes, their length, the schema and the marker."""
UNKNOWN = "0x" + "5a" * 32


@pytest.fixture(params=["mint", "purchase"])
def prepare(request: pytest.FixtureRequest, open_collection: str, shop: Shop) -> Preparing:
    """The kind that the indexer finds by its reference, and the one that it finds by its facts."""

    async def mint(person: Person) -> dict[str, Any]:
        return await person.prepare_mint(open_collection)

    return mint if request.param == "mint" else shop.prepare


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.body["code"]


async def steps_of(person: Person, intent_id: str) -> list[str]:
    return [event.step for event in await person.watch(intent_id)]


def suffixed(prepared: dict[str, Any], suffix: str) -> dict[str, Any]:
    """The prepared call with hex digits behind its calldata, as wallets and front ends append them."""
    request = prepared["txRequest"]
    return request | {"data": request["data"] + suffix}


def free_mint(contract: str, to: str, reference: str) -> dict[str, Any]:
    """A mint of one token under any reference, as anybody may send it."""
    data = call_data("Collection721", "mint", to, 1, [], bytes.fromhex(reference))
    return {"to": contract, "data": data, "value": "0"}


async def test_a_hash_that_is_none_is_refused_by_its_form(full_stack: FullStack, open_collection: str) -> None:
    async with full_stack.person() as alice:
        intent = (await alice.prepare_mint(open_collection))["intentId"]
        for wrong in ("0x" + "ab" * 31, "0x" + "ab" * 33, "ab" * 32, "0x" + "zz" * 32, "", None, 7):
            answer = await alice.client.ask("POST", f"/v1/intents/{intent}/track", {"txHash": wrong})
            assert refusal(answer) == (422, "invalid_input"), wrong
        assert (await alice.view(intent))["step"] == "prepared"


async def test_the_hash_of_another_call_is_refused_and_the_intent_stays_open(
    full_stack: FullStack, open_collection: str
) -> None:
    async with full_stack.person() as alice:
        prepared = await alice.prepare_mint(open_collection)
        other = await alice.wallet.send(free_mint(open_collection, alice.wallet.address, "00" * 32))
        pending = await alice.track(prepared["intentId"], other)
        await full_stack.blocks.mine()
        mined = await alice.track(prepared["intentId"], other)
        assert [refusal(pending), refusal(mined)] == [(422, "transaction_mismatch")] * 2
        await alice.send_and_track(prepared)
        async with full_stack.blocks.ticking():
            assert await steps_of(alice, prepared["intentId"]) == TOLD


async def test_another_users_transaction_is_refused_even_if_it_makes_the_very_same_call(
    full_stack: FullStack, open_collection: str
) -> None:
    async with full_stack.person() as alice, full_stack.person() as mallory:
        prepared = await alice.prepare_mint(open_collection)
        foreign = await mallory.wallet.send(prepared["txRequest"])
        assert refusal(await alice.track(prepared["intentId"], foreign)) == (422, "not_owner")
        await full_stack.blocks.mine(4)  # mined under Alice's reference, by somebody else: not her mint
        await alice.send_and_track(prepared)
        async with full_stack.blocks.ticking():
            last = await alice.until_final(prepared["intentId"])
        assert (last["step"], last["txHash"] == foreign) == ("ready", False)


async def test_a_reverted_transaction_fails_the_intent_with_the_contracts_reason(full_stack: FullStack) -> None:
    async with full_stack.person() as alice:
        contract = await full_stack.made(alice, maxSupply="2", mint={"limitPerWallet": 2})
        greedy = await alice.prepare_mint(contract, quantity="2")
        late = await alice.prepare_mint(contract, quantity="1")
        await alice.send_and_track(greedy)
        await alice.send_and_track(late)
        async with full_stack.blocks.ticking():
            assert (await alice.until_final(greedy["intentId"]))["step"] == "ready"
            failed = await alice.until_final(late["intentId"])
        assert (failed["status"], failed["step"]) == ("failed", "failed")
        assert failed["error"]["reason"] in {"MaxSupplyExceeded", "WalletLimitExceeded"}
        assert failed["error"]["detail"]
        assert refusal(await alice.track(late["intentId"], UNKNOWN)) == (409, "intent_final")


async def test_an_unknown_hash_is_taken_and_the_intent_ends_with_the_one_that_is_mined(
    full_stack: FullStack, open_collection: str
) -> None:
    async with full_stack.person() as alice:
        prepared = await alice.prepare_mint(open_collection)
        assert (await alice.track(prepared["intentId"], UNKNOWN)).status == 202
        assert (await alice.until(prepared["intentId"], "tracked"))["txHash"] == UNKNOWN
        tx_hash = await alice.wallet.send(prepared["txRequest"])  # never reported
        async with full_stack.blocks.ticking():
            last = await alice.until_final(prepared["intentId"])
        assert (last["step"], last["txHash"]) == ("ready", tx_hash)


async def test_one_hash_belongs_to_one_intent(full_stack: FullStack, open_collection: str) -> None:
    async with full_stack.person() as alice:
        first, second = await alice.prepare_mint(open_collection), await alice.prepare_mint(open_collection)
        assert (await alice.track(first["intentId"], UNKNOWN)).status == 202
        assert refusal(await alice.track(second["intentId"], UNKNOWN)) == (409, "hash_already_tracked")
        assert (await alice.view(second["intentId"]))["step"] == "prepared"
        again = await alice.track(first["intentId"], UNKNOWN)
        assert (again.status, again.body["step"]) == (202, "tracked")


async def test_another_call_with_the_same_nonce_replaces_the_intent(full_stack: FullStack, prepare: Preparing) -> None:
    """Such as the empty one to themselves by which a wallet cancels."""
    async with full_stack.person() as alice:
        prepared = await prepare(alice)
        nonce = await alice.wallet.nonce()
        await alice.send_and_track(prepared, nonce=nonce)
        await alice.until(prepared["intentId"], "tracked")
        await alice.wallet.send({"to": alice.wallet.address, "data": "0x", "value": "0"}, nonce=nonce, tip=5)
        async with full_stack.blocks.ticking():
            last = await alice.until_final(prepared["intentId"])
        assert (last["status"], last["step"], last["error"]["code"]) == ("failed", "replaced", "replaced")
        assert await steps_of(alice, prepared["intentId"]) == ["prepared", "tracked", "replaced"]


@pytest.mark.parametrize(("first", "second"), [("", ""), (BUILDER_CODE, "c0ffee")])
async def test_the_same_call_at_a_higher_fee_or_with_another_suffix_is_followed_as_a_speed_up(
    full_stack: FullStack, prepare: Preparing, first: str, second: str
) -> None:
    async with full_stack.person() as alice:
        prepared = await prepare(alice)
        nonce = await alice.wallet.nonce()
        slow = await alice.wallet.send(suffixed(prepared, first), nonce=nonce)
        assert (await alice.track(prepared["intentId"], slow)).status == 202
        await alice.until(prepared["intentId"], "tracked")
        fast = await alice.wallet.send(suffixed(prepared, second), nonce=nonce, tip=5)
        async with full_stack.blocks.ticking():
            last = await alice.until_final(prepared["intentId"])
        assert slow != fast
        assert (last["step"], last["txHash"]) == ("ready", fast)
        assert await full_stack.pool.fetchval(ONE[prepared["kind"]], fast) == 1


async def test_a_speed_up_that_is_reported_takes_the_place_of_the_first_hash(
    full_stack: FullStack, open_collection: str
) -> None:
    async with full_stack.person() as alice:
        prepared = await alice.prepare_mint(open_collection)
        nonce = await alice.wallet.nonce()
        await alice.send_and_track(prepared, nonce=nonce)
        fast = await alice.send_and_track(prepared, nonce=nonce, tip=5)
        async with full_stack.blocks.ticking():
            last = await alice.until_final(prepared["intentId"])
        assert (last["step"], last["txHash"]) == ("ready", fast)
        shown = await alice.watch(prepared["intentId"])
        assert [event.step for event in shown] == ["prepared", "tracked", "tracked", "confirming", "indexed", "ready"]


async def test_what_is_never_tracked_ends_ready_and_its_flow_with_it(full_stack: FullStack, prepare: Preparing) -> None:
    async with full_stack.person() as alice:
        prepared = await prepare(alice)
        watching = asyncio.create_task(alice.watch(prepared["intentId"]))
        tx_hash = await alice.wallet.send(prepared["txRequest"])
        async with full_stack.blocks.ticking():
            shown = await watching
        assert [event.step for event in shown] == TOLD
        assert shown[-1].intent.tx_hash == tx_hash
    handle = full_stack.temporal.get_workflow_handle(f"{prepared['kind']}:{prepared['intentId']}")
    assert (await asyncio.wait_for(handle.result(), 60))["step"] == "ready"


async def test_an_intent_expires_at_its_deadline_and_what_lands_later_is_ready_all_the_same(
    full_stack: FullStack, prepare: Preparing
) -> None:
    brief = {"STEADYMINT_INTENTS__DEADLINE": "2"}
    async with full_stack.another_api(**brief) as url, full_stack.person(url) as alice:
        prepared = await prepare(alice)
        intent = prepared["intentId"]
        handle = full_stack.temporal.get_workflow_handle(f"{prepared['kind']}:{intent}")
        expired = await alice.until(intent, "expired")
        assert (expired["status"], expired["error"]["code"]) == ("expired", "deadline_passed")
        assert (await asyncio.wait_for(handle.result(), 60))["step"] == "expired"
        assert await steps_of(alice, intent) == ["prepared", "expired"]

        tx_hash = await alice.wallet.send(prepared["txRequest"])
        async with full_stack.blocks.ticking():
            last = await alice.until(intent, "ready")
        assert last["txHash"] == tx_hash
        assert "error" not in last
        log = [json.loads(data)["step"] async for _, data in alice.client.stream(intent)]
        assert log == ["prepared", "expired", "tracked", "confirming", "indexed", "ready"]
        assert (await asyncio.wait_for(handle.result(), 60))["step"] == "ready"
