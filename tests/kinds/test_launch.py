"""The kind `launch`: a fungible token at the address that was foretold, with the holders that its contract says."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from eth_abi.abi import encode

from api.intents.launch import PrepareLaunchBody
from contracts import load_artifact
from steadymint.chain.calls.table import PROOFS
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.launch import INIT_TYPE, LaunchOrder, LaunchTerms
from steadymint.domain.intents.order import Caller
from steadymint.domain.types import ZERO_ADDRESS
from tests.support.full_stack import FullStack, until
from tests.support.indexing import call_data
from tests.support.intents import ALICE, ALICES_ID, BOB, CHAIN, COLLECTION, SESSION_ID
from tests.support.proofs import Event, topic

(LAUNCHED,) = (proof for proof in PROOFS if proof.kind == "launch")
TERMS = LaunchTerms(
    name="Harbour Coin",
    symbol="HRBR",
    decimals=18,
    supply=10**24,
    recipient=BOB,
    mint_once=True,
    burnable=True,
    permit=True,
    contract_uri="ipfs://coin",
)


def sample_order() -> LaunchOrder:
    return LaunchOrder(
        intent_id=uuid4(),
        chain_id=CHAIN,
        caller=Caller(user_id=ALICES_ID, session_id=SESSION_ID, account=ALICE),
        request_hash="aa" * 32,
        deadline_seconds=6 * 3600,
        task=TERMS,
    )


def proving_event(order: LaunchOrder) -> Event:
    """What the factory emits once the order is mined."""
    init = (ZERO_ADDRESS, BOB, "Harbour Coin", "HRBR", 18, 10**24, 0, True, True, "ipfs://coin")
    topics = [topic(COLLECTION), topic(order.caller.account), reference_of(order.intent_id)]
    return Event(LAUNCHED, BOB, topics, encode(["address", INIT_TYPE], [BOB, init]))


@pytest.mark.parametrize(
    "changed",
    [{"supply": 1}, {"mint_once": False}, {"name": "Harbour Coin "}, {"recipient": ALICE}, {"permit": False}],
    ids=str,
)
def test_a_token_that_is_born_with_anything_else_is_another_one(changed: dict[str, Any]) -> None:
    assert TERMS.model_copy(update=changed).facts(COLLECTION, ALICE) != TERMS.facts(COLLECTION, ALICE)


BODY = {"chainId": CHAIN, "name": "Harbour Coin", "symbol": "HRBR", "supply": "1"}


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"supply": "0"}, "needs a supply"),
        ({"cap": "5"}, "mintOnce fixes the supply"),
        ({"mintOnce": False, "supply": "6", "cap": "5"}, "not be below supply"),
        ({"mintOnce": False, "cap": "0"}, "at least 1"),
        ({"supply": str(2**256)}, "2\\^256-1"),
        ({"supply": 1.5}, "decimal string"),
        ({"supply": "-1"}, "decimal string"),
        ({"decimals": 37}, "less than or equal to 36"),
        ({"decimals": "18"}, "valid integer"),
        ({"recipient": ZERO_ADDRESS}, "zero address"),
        ({"name": ""}, "not be empty"),
        ({"symbol": "x" * 21}, "at most 20"),
        ({"iconMediaId": "../etc"}, "64 lower-case hex"),
        ({"owner": ALICE}, "Extra inputs"),
    ],
    ids=str,
)
def test_a_token_that_could_not_be_launched_is_refused(asked: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        PrepareLaunchBody.model_validate(BODY | asked)


async def test_a_launch_a_transfer_and_a_burn_are_in_the_catalog_as_the_contract_has_them(
    full_stack: FullStack,
) -> None:
    async with full_stack.person() as creator:
        asked = BODY | {
            "chainId": creator.chain_id,
            "supply": str(2**256 - 1),
            "decimals": 6,
            "burnable": True,
            "description": "What the boats are paid in.",
        }
        key = uuid4().hex
        answer = await creator.client.patiently("POST", "/v1/tokens-fungible/prepare", asked, key=key)
        prepared = answer.body
        assert (answer.status, prepared["kind"]) == (201, "launch")
        contract = prepared["previewAddress"]
        await creator.send_and_track(prepared)
        async with full_stack.blocks.ticking():
            last = await creator.until_final(prepared["intentId"])
        assert (last["step"], last["contract"]) == ("ready", contract)
        again = await creator.client.patiently("POST", "/v1/tokens-fungible/prepare", asked, key=key)
        assert (again.status, again.body["previewAddress"]) == (200, contract)

        token: Any = full_stack.web3.eth.contract(address=contract, abi=load_artifact("FungibleToken").abi)
        for function, *arguments in (("transfer", BOB, 2**255), ("burn", 5)):
            data = call_data("FungibleToken", function, *arguments)
            await creator.wallet.send({"to": contract, "data": data, "value": "0"})
        path = f"/v1/tokens-fungible/{creator.chain_id}/{contract}"

        async def indexed() -> bool:
            found = await creator.client.patiently("GET", path)
            return found.body["transactions"] == 4

        async with full_stack.blocks.ticking():
            await until(indexed, "the transfer and the burn")
        shown = (await creator.client.patiently("GET", path)).body
        assert (shown["supply"], shown["holders"], shown["description"]) == (
            str(await token.functions.totalSupply().call()),
            2,
            asked["description"],
        )
        holders = (await creator.client.patiently("GET", f"{path}/holders")).body["items"]
        assert {one["address"]: one["balance"] for one in holders} == {
            one["address"]: str(await token.functions.balanceOf(one["address"]).call()) for one in holders
        }
        assert len(holders) == 2
        lines = (await creator.client.patiently("GET", f"{path}/transactions")).body["items"]
        assert [line["type"] for line in lines] == ["burn", "transfer", "mint", "create"]
