"""Whoever may not mint is told so in words before paying gas; whoever may, mints."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tests.support.full_stack import ETHER, FullStack
from tests.support.indexing import call_data
from tests.support.people import Answer, Person


def leaf(account: str) -> bytes:
    """Of an OpenZeppelin StandardMerkleTree over ["address"]: hashed twice."""
    return keccak(keccak(encode(["address"], [account])))


def node(left: bytes, right: bytes) -> bytes:
    return keccak(min(left, right) + max(left, right))


async def refused(person: Person, contract: str, **asked: Any) -> tuple[Answer, str]:
    """The answer to a mint that the contract does not allow, and the reason it gives."""
    answer = await person.client.ask("POST", "/v1/mints/prepare", person.mint_of(contract, **asked))
    assert (answer.status, answer.body["code"]) == (422, "not_eligible"), answer
    assert answer.body["detail"].endswith("."), "a sentence"
    return answer, answer.body["reason"]


async def mints(full_stack: FullStack, person: Person, contract: str, **asked: Any) -> dict[str, Any]:
    prepared = await person.prepare_mint(contract, **asked)
    await person.send_and_track(prepared)
    async with full_stack.blocks.ticking():
        last = await person.until_final(prepared["intentId"])
    assert last["step"] == "ready", last
    return last


async def test_an_allowlist_lets_in_whoever_is_on_it_and_brings_the_proof(full_stack: FullStack) -> None:
    async with full_stack.person() as alice, full_stack.person() as bob, full_stack.person() as mallory:
        leaves = [leaf(alice.wallet.address), leaf(bob.wallet.address)]
        root = "0x" + node(*leaves).hex()
        contract = await full_stack.made(alice, mint={"allowlistRoot": root})
        proof = ["0x" + leaves[1].hex()]

        assert (await refused(alice, contract))[1] == "NotAllowlisted"
        assert (await refused(mallory, contract, proof=proof))[1] == "NotAllowlisted"
        assert (await refused(bob, contract, proof=proof))[1] == "NotAllowlisted"
        await mints(full_stack, alice, contract, proof=proof)


async def test_a_wallet_mints_up_to_its_limit_and_is_told_what_is_left(full_stack: FullStack) -> None:
    async with full_stack.person() as alice, full_stack.person() as bob:
        contract = await full_stack.made(alice, mint={"limitPerWallet": 3})
        await mints(full_stack, alice, contract, quantity="2")

        answer, reason = await refused(alice, contract, quantity="2")
        assert (reason, answer.body["arguments"]) == ("WalletLimitExceeded", {"wanted": "2", "left": "1"})
        assert (await refused(alice, contract, quantity="2", to=bob.wallet.address))[1] == "WalletLimitExceeded"
        await alice.prepare_mint(contract, quantity="1")
        await bob.prepare_mint(contract, quantity="3")


async def test_a_collection_is_sold_out_at_its_supply(full_stack: FullStack) -> None:
    async with full_stack.person() as alice, full_stack.person() as bob:
        contract = await full_stack.made(alice, maxSupply="3")
        await mints(full_stack, alice, contract, quantity="2")

        answer, reason = await refused(bob, contract, quantity="2")
        assert (reason, answer.body["arguments"]) == ("MaxSupplyExceeded", {"wanted": "2", "left": "1"})
        await mints(full_stack, bob, contract)
        assert (await refused(bob, contract))[1] == "MaxSupplyExceeded"


async def test_a_mint_opens_and_closes_with_its_window(full_stack: FullStack) -> None:
    async with full_stack.person() as alice:
        latest = await full_stack.web3.eth.get_block("latest")
        opens = datetime.fromtimestamp(latest["timestamp"], UTC) + timedelta(hours=1)
        window = {"startAt": opens.isoformat(), "endAt": (opens + timedelta(hours=1)).isoformat()}
        contract = await full_stack.made(alice, mint=window)

        answer, reason = await refused(alice, contract)
        assert (reason, answer.body["arguments"]) == ("MintNotStarted", {"startTime": str(int(opens.timestamp()))})
        await _pass_time(full_stack, minutes=65)
        await mints(full_stack, alice, contract)
        await _pass_time(full_stack, minutes=60)
        assert (await refused(alice, contract))[1] == "MintEnded"


async def test_whoever_cannot_pay_the_price_is_told_before_signing(full_stack: FullStack) -> None:
    async with (
        full_stack.person() as alice,
        full_stack.person(wallet=await full_stack.wallet(ether=1)) as poor,
    ):
        contract = await full_stack.made(alice, mint={"price": str(2 * ETHER)})
        answer = await poor.client.ask("POST", "/v1/mints/prepare", poor.mint_of(contract))
        assert (answer.status, answer.body["code"]) == (422, "insufficient_funds")


async def test_the_price_is_the_contracts_even_when_it_has_changed_since_the_last_indexed_block(
    full_stack: FullStack,
) -> None:
    async with full_stack.person() as alice, full_stack.person() as bob:
        contract = await full_stack.made(alice, mint={"price": "1000"})
        rules = (5000, 0, 0, 0, b"\0" * 32)
        data = call_data("Collection721", "setMintConfig", rules)
        await alice.wallet.send({"to": contract, "data": data, "value": "0"})
        await full_stack.blocks.mine()  # one confirmation of three: the catalog still says 1000

        prepared = await bob.prepare_mint(contract, quantity="3")
        assert prepared["txRequest"]["value"] == "15000"
        await bob.send_and_track(prepared)
        async with full_stack.blocks.ticking():
            assert (await bob.until_final(prepared["intentId"]))["step"] == "ready"


async def test_a_price_that_rises_after_preparing_fails_the_mint_and_says_what_was_due(full_stack: FullStack) -> None:
    async with full_stack.person() as alice, full_stack.person() as bob:
        contract = await full_stack.made(alice, mint={"price": "1000"})
        prepared = await bob.prepare_mint(contract)
        data = call_data("Collection721", "setMintConfig", (5000, 0, 0, 0, b"\0" * 32))
        await alice.wallet.send({"to": contract, "data": data, "value": "0"})
        await full_stack.blocks.mine()
        await bob.send_and_track(prepared)
        async with full_stack.blocks.ticking():
            last = await bob.until_final(prepared["intentId"])
        assert last["error"]["reason"] == "WrongPayment"
        assert last["error"]["arguments"] == {"sent": "1000", "due": "5000"}


async def _pass_time(full_stack: FullStack, minutes: int) -> None:
    await full_stack.stack.anvil.rpc("evm_increaseTime", hex(minutes * 60))
    await full_stack.blocks.mine()
