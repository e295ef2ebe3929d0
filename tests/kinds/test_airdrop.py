"""The kind `airdrop`: one transaction, many receivers, found on chain whether or not it was reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any
from uuid import UUID, uuid4

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from api.intents.airdrop import MAX_RECIPIENTS, PrepareAirdropBody
from steadymint.chain.calls.abi import encode as encode_call
from steadymint.chain.calls.table import BUILDERS, PROOFS
from steadymint.domain.intents.airdrop import AirdropOrder, AirdropTerms, Gift
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.order import Caller
from steadymint.domain.types import Quantity, Standard, TokenId, show_address
from steadymint_client import ProblemError
from tests.support.calls import decode
from tests.support.command_line import steadymint
from tests.support.full_stack import FullStack, until
from tests.support.intents import ALICE, ALICES_ID, BOB, CHAIN, COLLECTION, SESSION_ID
from tests.support.people import Person
from tests.support.proofs import Event, topic

(AIRDROPPED,) = (proof for proof in PROOFS if proof.kind == "airdrop")
GIFTS = (Gift(to=BOB, quantity=Quantity(1)), Gift(to=ALICE, quantity=Quantity(12)), Gift(to=BOB, quantity=Quantity(2)))


def sample_order() -> AirdropOrder:
    return AirdropOrder(
        intent_id=uuid4(),
        chain_id=CHAIN,
        caller=Caller(user_id=ALICES_ID, session_id=SESSION_ID, account=ALICE),
        request_hash="aa" * 32,
        deadline_seconds=6 * 3600,
        task=AirdropTerms(contract=COLLECTION, standard=Standard.ERC721, gifts=GIFTS),
    )


def proving_event(order: AirdropOrder) -> Event:
    """What our ERC-721 emits once the order is mined. The hash is computed as the contract does it."""
    gifts = order.terms.gifts
    entries = keccak(encode(["address[]", "uint256[]"], [[one.to for one in gifts], [one.quantity for one in gifts]]))
    data = encode(["bytes32", "uint256", "uint256"], [entries, 4, 15])
    return Event(AIRDROPPED, COLLECTION, [reference_of(order.intent_id), topic(order.caller.account)], data)


def test_it_foretells_and_finds_which_ids_are_given() -> None:
    _, effects = proving_event(sample_order()).read()
    assert effects == {"tokenIds": [str(token_id) for token_id in range(4, 19)]}
    gifts = tuple(Gift(to=BOB, quantity=Quantity(1), token_id=TokenId(id_)) for id_ in (9, 0, 9))
    assert AirdropTerms(contract=COLLECTION, standard=Standard.ERC1155, gifts=gifts).ids() == (0, 9)


@pytest.mark.parametrize("standard", Standard)
def test_the_calldata_says_the_list_and_nothing_else(standard: Standard) -> None:
    ids = {Standard.ERC721: (None, None), Standard.ERC1155: (TokenId(0), TokenId(2**256 - 1))}[standard]
    gifts = tuple(Gift(to=BOB, quantity=Quantity(nth), token_id=id_) for nth, id_ in enumerate(ids, 1))
    order = sample_order()
    terms = order.terms.model_copy(update={"standard": standard, "gifts": gifts})
    to, call = BUILDERS[IntentKind.AIRDROP](terms, ALICE, reference_of(order.intent_id))
    assert to == COLLECTION
    assert decode(encode_call(call)) == call
    lists = ((BOB, BOB), (1, 2)) if standard is Standard.ERC721 else ((BOB, BOB), ids, (1, 2))
    assert astuple(call) == (*lists, reference_of(order.intent_id))


@pytest.mark.parametrize(
    "other",
    [
        GIFTS[:2],
        GIFTS[::-1],
        (*GIFTS[:2], Gift(to=ALICE, quantity=Quantity(2))),
        (Gift(to=BOB, quantity=Quantity(2)), GIFTS[1], Gift(to=BOB, quantity=Quantity(1))),
    ],
    ids=["one less", "another order", "another receiver", "other quantities, the same total"],
)
def test_any_other_list_is_another_airdrop(other: tuple[Gift, ...]) -> None:
    terms = sample_order().terms
    assert terms.model_copy(update={"gifts": other}).facts(ALICE) != terms.facts(ALICE)


def body(standard: str, recipients: Sequence[dict[str, Any]], contract: str = COLLECTION) -> dict[str, Any]:
    return {"chainId": CHAIN, "contract": contract, "standard": standard, "recipients": list(recipients)}


ONE = {"to": BOB, "quantity": "1"}


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (body("erc721", []), "at least 1 item"),
        (body("erc1155", [ONE | {"tokenId": "1"}] * (MAX_RECIPIENTS + 1)), "at most 500 items"),
        (body("erc721", [ONE | {"quantity": "501"}]), "at most 500 tokens"),
        (body("erc721", [ONE | {"tokenId": "1"}]), "tokenId is for erc1155"),
        (body("erc1155", [ONE]), "needs a tokenId"),
        (body("erc721", [ONE | {"quantity": "0"}]), "at least 1"),
        (body("erc721", [ONE | {"to": "0x" + "00" * 20}]), "zero address"),
        (body("erc1155", [{"to": BOB, "tokenId": "1", "quantity": str(2**255)}] * 2), "add up to"),
    ],
)
def test_a_list_that_no_transaction_could_carry_out_is_refused(asked: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        PrepareAirdropBody.model_validate(asked)


# -- on the full stack -------------------------------------------------------------------------------------------------


def fresh(number: int) -> list[str]:
    """Wallets that hold nothing."""
    salt = uuid4().hex
    return [show_address("0x" + keccak(text=f"{salt} {nth}")[12:].hex()) for nth in range(number)]  # type: ignore[arg-type]


async def prepare(person: Person, contract: str, standard: str, recipients: Sequence[dict[str, Any]]) -> dict[str, Any]:
    asked = body(standard, recipients, contract) | {"chainId": person.chain_id}
    answer = await person.client.patiently("POST", "/v1/airdrops/prepare", asked, key=uuid4().hex)
    if answer.status >= 400:
        raise ProblemError(answer.body)
    return answer.body


async def send_unseen(stack: FullStack, tx: dict[str, Any]) -> str:
    """The transaction with all the gas that EIP-7825 allows, sent by a wallet that reports nothing."""
    await stack.stack.anvil.rpc("anvil_impersonateAccount", tx["from"])
    sent = {"from": tx["from"], "to": tx["to"], "data": tx["data"], "gas": hex(1 << 24)}
    return await stack.stack.anvil.rpc("eth_sendTransaction", sent)


async def owners_of(stack: FullStack, contract: str) -> dict[str, int]:
    """Holders and what they hold, by the public catalog's own rows."""
    rows = await stack.pool.fetch(
        "select owner, sum(quantity) as held from catalog_service.token_balances where contract = $1 group by 1",
        contract.lower(),
    )
    return {row["owner"]: int(row["held"]) for row in rows}


async def test_five_hundred_receive_an_edition_in_one_transaction_that_nobody_reported(full_stack: FullStack) -> None:
    async with full_stack.person() as owner:
        contract = await full_stack.made(owner, "erc1155")
        wallets = fresh(MAX_RECIPIENTS)
        recipients = [{"to": one, "quantity": "2", "tokenId": str(nth % 3)} for nth, one in enumerate(wallets)]
        prepared = await prepare(owner, contract, "erc1155", recipients)
        assert (prepared["kind"], prepared["txRequest"]["value"]) == ("airdrop", "0")
        tx_hash = await send_unseen(full_stack, prepared["txRequest"])
        async with full_stack.blocks.ticking():
            last = await owner.until_final(prepared["intentId"])
        assert (last["step"], last["txHash"], last["tokenIds"]) == ("ready", tx_hash, ["0", "1", "2"])
        assert await owners_of(full_stack, contract) == {one.lower(): 2 for one in wallets}

        flow = full_stack.temporal.get_workflow_handle(f"airdrop:{prepared['intentId']}")
        assert (await flow.result())["step"] == "ready"
        summary = await (await flow.describe()).static_summary()
        assert summary == f"Airdrop 1000 of {contract} to 500 recipients on {owner.chain_id}"
        await _is_shown_to_operators(full_stack, prepared["intentId"])


async def _is_shown_to_operators(stack: FullStack, intent_id: str) -> None:
    async def told(*arguments: str) -> str:
        return (await steadymint(stack.stack.environment(), "intent", *arguments))[1]

    assert intent_id in await told("list", "--kind", "airdrop")
    shown = await told("show", intent_id)
    assert f"airdrop:{intent_id}" in shown
    assert "everybody on the list has the tokens" in shown


async def test_a_reported_airdrop_of_an_erc721_tells_its_steps_and_its_ids(full_stack: FullStack) -> None:
    async with full_stack.person() as owner:
        contract = await full_stack.made(owner)
        first, second = fresh(2)
        wanted = [{"to": first, "quantity": "1"}, {"to": second, "quantity": "11"}, {"to": first, "quantity": "2"}]
        prepared = await prepare(owner, contract, "erc721", wanted)
        await owner.send_and_track(prepared)
        async with full_stack.blocks.ticking():
            events = await owner.watch(prepared["intentId"])
        assert [event.step for event in events] == ["prepared", "tracked", "confirming", "indexed", "ready"]
        assert events[-1].intent.token_ids == [str(token_id) for token_id in range(1, 15)]
        assert await owners_of(full_stack, contract) == {first.lower(): 3, second.lower(): 11}


async def test_only_who_may_mint_freely_is_given_calldata(full_stack: FullStack, open_collection: str) -> None:
    async with full_stack.person() as stranger:
        with pytest.raises(ProblemError) as refused:
            await prepare(stranger, open_collection, "erc721", [ONE])
    assert refused.value.code == "call_reverted"
    assert refused.value.document["reason"] == "AccessControlUnauthorizedAccount"


async def test_what_does_not_fit_is_refused_before_anybody_pays(full_stack: FullStack) -> None:
    async with full_stack.person() as owner:
        contract = await full_stack.made(owner, maxSupply="400")
        too_many = [{"to": one, "quantity": "1"} for one in fresh(400)]
        with pytest.raises(ProblemError) as out_of_gas:
            await prepare(owner, contract, "erc721", too_many)
        assert out_of_gas.value.code == "call_reverted"
        with pytest.raises(ProblemError) as sold_out:
            await prepare(owner, contract, "erc721", [ONE | {"quantity": "401"}])
        assert (sold_out.value.code, sold_out.value.document["reason"]) == (
            "not_eligible",
            "MaxSupplyExceeded",
        )


async def test_the_owners_reference_in_another_airdrop_fulfils_nothing(full_stack: FullStack) -> None:
    """The same reference with another list, sent by the owner: the hash of the list decides."""
    async with full_stack.person() as owner:
        contract = await full_stack.made(owner)
        right, wrong = [await prepare(owner, contract, "erc721", [ONE | {"quantity": n}]) for n in ("1", "2")]
        swapped = wrong["txRequest"]["data"].replace(carried(wrong), carried(right))
        await send_unseen(full_stack, right["txRequest"] | {"data": swapped})
        async with full_stack.blocks.ticking():

            async def indexed() -> bool:
                return await owners_of(full_stack, contract) == {BOB: 2}

            await until(indexed, "the airdrop that was sent")
            await full_stack.blocks.mine(3)
        assert (await owner.view(right["intentId"]))["step"] == "prepared"


def carried(prepared: dict[str, Any]) -> str:
    """The reference as it stands in the calldata."""
    return reference_of(UUID(prepared["intentId"]))[2:]
