from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web
from eth_abi.abi import encode
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_utils.crypto import keccak

from activities.sign_in import ANSWER_RESERVE
from contracts import load_artifact
from steadymint.chain.calls.signatures import ContractSignatures
from steadymint.chain.nodes.client import ChainClients
from steadymint.domain.errors import UnknownChainError, UpstreamUnavailableError
from steadymint.domain.types import Address, ChainId
from steadymint.durable.policies import SIGNATURE_CHECK_RESERVE, SIGNATURE_CHECK_TRIES, signature_check_try
from steadymint.settings import AuthSettings
from steadymint.stack.anvil import DEV_ACCOUNTS
from steadymint.stack.deploy import create, send
from tests.support.fake_provider import FakeProvider
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import Connect
from tests.unit.chain.fakes import error, fake_node, hang, result
from tests.unit.chain.made import ALICE, CHAIN

OWNER, STRANGER = DEV_ACCOUNTS[1], DEV_ACCOUNTS[2]
MESSAGE = encode_defunct(text="sign in")
DIGEST = keccak(b"\x19" + MESSAGE.version + MESSAGE.header + MESSAGE.body)
SALT = bytes(31) + b"\x07"


def sign(account: Any = OWNER) -> bytes:
    return bytes(Account.sign_message(MESSAGE, account.private_key).signature)


def function(signature: str, types: list[str], *values: Any) -> bytes:
    return keccak(text=signature)[:4] + encode(types, values)


def wrap(factory: str, calldata: bytes, signature: bytes) -> bytes:
    """EIP-6492."""
    return encode(["address", "bytes", "bytes"], [factory, calldata, signature]) + bytes.fromhex("6492" * 16)


async def made(chain: LocalChain, name: str, *arguments: Any) -> Address:
    return Address((await create(chain.anvil, name, *arguments))["contractAddress"].lower())


async def wallet_of(chain: LocalChain, owner: str = OWNER.address) -> Address:
    return await made(chain, "TestWallet1271", owner)


class Factory:
    """A `TestWalletFactory` on the chain, and the wallet it would make for the owner."""

    def __init__(self, address: Address, wallet: Address) -> None:
        self.address = address
        self.wallet = wallet
        self.calldata = function("deploy(address,bytes32)", ["address", "bytes32"], OWNER.address, SALT)

    @classmethod
    async def on(cls, chain: LocalChain) -> Factory:
        address = await made(chain, "TestWalletFactory")
        asked = function("predict(address,bytes32)", ["address", "bytes32"], OWNER.address, SALT)
        answer = await chain.anvil.rpc("eth_call", {"to": address, "data": "0x" + asked.hex()}, "latest")
        return cls(address, Address("0x" + answer[-40:]))

    async def deploy(self, chain: LocalChain) -> None:
        await send(chain.anvil, {"from": ALICE, "to": self.address, "data": "0x" + self.calldata.hex()})


@pytest.fixture
def signatures(clients: ChainClients) -> ContractSignatures:
    return ContractSignatures(clients)


async def test_a_wallet_takes_its_owners_signature_and_nobody_elses(
    chain: LocalChain, signatures: ContractSignatures
) -> None:
    wallet = await wallet_of(chain)
    assert await signatures.is_valid(CHAIN, wallet, DIGEST, sign())
    assert not await signatures.is_valid(CHAIN, wallet, DIGEST, sign(STRANGER))
    assert not await signatures.is_valid(CHAIN, wallet, bytes(32), sign())
    assert not await signatures.is_valid(CHAIN, wallet, DIGEST, b"")


async def test_a_key_that_was_removed_is_refused_at_once(chain: LocalChain, signatures: ContractSignatures) -> None:
    wallet = await wallet_of(chain)
    rotate = function("setOwner(address)", ["address"], STRANGER.address)
    await send(chain.anvil, {"from": OWNER.address, "to": wallet, "data": "0x" + rotate.hex()})
    assert not await signatures.is_valid(CHAIN, wallet, DIGEST, sign())
    assert await signatures.is_valid(CHAIN, wallet, DIGEST, sign(STRANGER))


async def test_an_address_without_code_takes_nothing(signatures: ContractSignatures) -> None:
    assert not await signatures.is_valid(CHAIN, Address(OWNER.address.lower()), DIGEST, sign())
    assert not await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, sign())


@pytest.mark.parametrize("name", ["Echo", "EndlessLoop", "InvalidOpcode", "HugeRevert", "TestWalletFactory"])
async def test_a_hostile_contract_is_refused_in_time(
    chain: LocalChain, signatures: ContractSignatures, name: str
) -> None:
    contract = await made(chain, name)
    assert not await signatures.is_valid(CHAIN, contract, DIGEST, sign())


# Runtime code that returns something close to the magic value, and is refused.
NEARLY: dict[str, bytes] = {
    "true": (1).to_bytes(32, "big"),
    "magic_right_aligned": bytes(28) + bytes.fromhex("1626ba7e"),
    "magic_with_a_tail": bytes.fromhex("1626ba7e") + bytes(27) + b"\x01",
    "four_bytes": bytes.fromhex("1626ba7e"),
    "two_words": bytes.fromhex("1626ba7e").ljust(64, b"\0"),
    "nothing": b"",
}


def returning(answer: bytes) -> str:
    """Creation code of a contract that answers every call with `answer`, which it carries behind its code."""
    runtime = bytes([0x60, len(answer), 0x60, 12, 0x60, 0, 0x39, 0x60, len(answer), 0x60, 0, 0xF3]) + answer
    copy = bytes([0x60, len(runtime), 0x60, 12, 0x60, 0, 0x39, 0x60, len(runtime), 0x60, 0, 0xF3])
    return "0x" + (copy + runtime).hex()


@pytest.mark.parametrize("name", NEARLY)
async def test_nothing_but_the_magic_word_is_a_yes(
    chain: LocalChain, signatures: ContractSignatures, name: str
) -> None:
    receipt = await send(chain.anvil, {"from": ALICE, "data": returning(NEARLY[name])})
    assert not await signatures.is_valid(CHAIN, Address(receipt["contractAddress"]), DIGEST, sign())


async def test_the_magic_word_alone_is_a_yes(chain: LocalChain, signatures: ContractSignatures) -> None:
    """What the test above differs from."""
    word = bytes.fromhex("1626ba7e").ljust(32, b"\0")
    receipt = await send(chain.anvil, {"from": ALICE, "data": returning(word)})
    assert await signatures.is_valid(CHAIN, Address(receipt["contractAddress"]), DIGEST, b"\x01")


RESERVED = ["0x" + "0" * 40, "0x" + "dead".rjust(40, "0"), *(f"0x{n:040x}" for n in (1, 2, 4, 9, 10, 0x11, 0x100))]


@pytest.mark.parametrize("address", RESERVED)
async def test_nobody_signs_in_from_a_reserved_address(signatures: ContractSignatures, address: str) -> None:
    assert not await signatures.is_valid(CHAIN, Address(address), DIGEST, sign())


async def test_nobody_signs_in_as_a_contract_of_ours(chain: LocalChain, signatures: ContractSignatures) -> None:
    assert not await signatures.is_valid(CHAIN, Address(chain.contracts.factory.lower()), DIGEST, sign())


async def test_a_wallet_that_is_not_deployed_yet_signs_by_its_factory(
    chain: LocalChain, signatures: ContractSignatures
) -> None:
    factory = await Factory.on(chain)
    block = await chain.anvil.block_number()
    signature = wrap(factory.address, factory.calldata, sign())
    assert await signatures.is_valid(CHAIN, factory.wallet, DIGEST, signature)
    assert not await signatures.is_valid(CHAIN, factory.wallet, DIGEST, sign()), "without its factory it is nothing"
    other = wrap(factory.address, factory.calldata, sign(STRANGER))
    assert not await signatures.is_valid(CHAIN, factory.wallet, DIGEST, other)
    assert await chain.anvil.rpc("eth_getCode", factory.wallet, "latest") == "0x", "nothing was sent"
    assert await chain.anvil.block_number() == block


async def test_a_wrapper_around_a_deployed_wallets_signature_is_taken(
    chain: LocalChain, signatures: ContractSignatures
) -> None:
    factory = await Factory.on(chain)
    await factory.deploy(chain)
    assert await signatures.is_valid(CHAIN, factory.wallet, DIGEST, wrap(factory.address, factory.calldata, sign()))


async def test_the_live_contract_decides_over_the_deployment_data_of_its_former_owner(
    chain: LocalChain, signatures: ContractSignatures
) -> None:
    factory = await Factory.on(chain)
    await factory.deploy(chain)
    rotate = function("setOwner(address)", ["address"], STRANGER.address)
    await send(chain.anvil, {"from": OWNER.address, "to": factory.wallet, "data": "0x" + rotate.hex()})
    signature = wrap(factory.address, factory.calldata, sign())
    assert not await signatures.is_valid(CHAIN, factory.wallet, DIGEST, signature)


async def test_a_factory_that_deploys_elsewhere_proves_nothing_of_a_victim(
    chain: LocalChain, signatures: ContractSignatures
) -> None:
    factory = await Factory.on(chain)
    signature = wrap(factory.address, factory.calldata, sign())
    assert not await signatures.is_valid(CHAIN, Address(STRANGER.address.lower()), DIGEST, signature)


@pytest.mark.parametrize("name", ["Echo", "EndlessLoop", "InvalidOpcode", "HugeRevert", "ForeignERC20"])
async def test_a_hostile_factory_is_refused_in_time(
    chain: LocalChain, signatures: ContractSignatures, name: str
) -> None:
    factory = await made(chain, name)
    signature = wrap(factory, b"\x01\x02\x03\x04", sign())
    assert not await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, signature)


async def test_our_own_contracts_and_precompiles_are_no_factories(
    chain: LocalChain, signatures: ContractSignatures
) -> None:
    for factory in (chain.contracts.factory, "0x" + "4".rjust(40, "0"), "0x" + "0" * 40):
        signature = wrap(factory, b"", sign())
        assert not await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, signature)


MARK = bytes.fromhex("6492" * 16)
MALFORMED = {
    "mark_alone": MARK,
    "garbage": b"\xff" * 96 + MARK,
    "length_beyond_all": (b"\0" * 32 + (96).to_bytes(32, "big") * 2 + (2**255).to_bytes(32, "big")) + MARK,
    "offset_beyond_all": b"\0" * 32 + (2**255).to_bytes(32, "big") * 2 + MARK,
    "too_long": b"\x01" * (8 * 1024 + 1),
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_a_malformed_signature_is_refused_without_asking(chain: LocalChain, connect: Connect, name: str) -> None:
    async with fake_node(lambda _: result("0x" + "00" * 31 + "01")) as node:
        signatures = ContractSignatures(await connect(chain, url=node.url))
        assert not await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, MALFORMED[name])
        assert node.hits == 0


async def test_one_sign_in_costs_at_most_two_calls(chain: LocalChain, connect: Connect) -> None:
    async with fake_node(lambda _: result("0x" + "00" * 31 + "01")) as node:
        signatures = ContractSignatures(await connect(chain, url=node.url))
        assert await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, sign())
        assert node.hits == 2, "the proof of the chain and the question"
        assert await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, sign())
        assert node.hits == 3


async def test_a_node_that_takes_two_seconds_for_a_call_answers_within_one_try(
    chain: LocalChain, connect: Connect
) -> None:
    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(2)
        answers = {"eth_chainId": hex(31337), "eth_call": "0x" + "00" * 31 + "01"}
        return {"result": answers.get(call["method"], {"hash": "0x" + "11" * 32})}

    async with FakeProvider(slow).serving() as provider:
        signatures = ContractSignatures(await connect(chain, url=provider.url, genesis_hash="0x" + "11" * 32))
        seconds = signature_check_try(AuthSettings().contract_budget) - ANSWER_RESERVE
        assert await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, sign(), seconds)


@pytest.mark.parametrize("budget", [3, 9, 60])
def test_all_tries_and_the_way_between_them_fit_into_the_budget(budget: float) -> None:
    assert SIGNATURE_CHECK_TRIES * signature_check_try(budget) + SIGNATURE_CHECK_RESERVE <= budget + 1e-9


OUTAGES: dict[str, Any] = {
    "429": lambda _: web.Response(status=429, headers={"Retry-After": "30"}),
    "html": lambda _: web.Response(text="<html></html>", content_type="text/html"),
    "null": lambda _: web.Response(text="null", content_type="application/json"),
    "null_result": lambda _: result(None),
    "empty_result": lambda _: result("0x"),
    "short_result": lambda _: result("0x01"),
    "internal": lambda _: error(-32603, "internal error"),
    "refused": lambda _: error(-32602, "missing value for required argument 0"),
    "aborted": lambda _: error(-32000, "execution aborted (timeout = 5s)"),
    "lagging": lambda _: error(-32000, "header not found"),
    "silence": hang,
}


@pytest.mark.parametrize("name", OUTAGES)
async def test_an_outage_is_never_a_refusal(chain: LocalChain, connect: Connect, name: str) -> None:
    async with fake_node(OUTAGES[name]) as node:
        signatures = ContractSignatures(await connect(chain, url=node.url))
        with pytest.raises(UpstreamUnavailableError) as caught:
            await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, sign())
    assert caught.value.retryable
    assert caught.value.retry_after is None, "a wait would use up the budget of the second try"
    assert caught.value.extra["upstream"] == "node"


async def test_a_node_of_another_chain_is_never_asked_whether_a_signature_is_valid(
    chain: LocalChain, connect: Connect
) -> None:
    async with fake_node(lambda _: result("0x" + "00" * 31 + "01"), chain_number=1) as node:
        signatures = ContractSignatures(await connect(chain, url=node.url))
        with pytest.raises(UpstreamUnavailableError):
            await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, sign())
        assert node.requests == []


async def test_a_node_that_changes_chains_between_two_calls_is_found_out(chain: LocalChain, connect: Connect) -> None:
    """The validator compares the chain itself, in the call that reads the wallet."""
    async with fake_node(lambda _: result("0x" + "00" * 31 + "03")) as node:
        signatures = ContractSignatures(await connect(chain, url=node.url))
        with pytest.raises(UpstreamUnavailableError) as caught:
            await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, sign())
    assert caught.value.extra["upstream"] == "node"


async def test_the_validator_knows_a_wrong_chain(chain: LocalChain) -> None:
    arguments = encode(
        ["uint256", "address", "bytes32", "bytes", "address", "bytes"],
        [1, await wallet_of(chain), DIGEST, sign(), "0x" + "00" * 20, b""],
    )
    code = load_artifact("SignatureValidator").bytecode + arguments.hex()
    assert int(await chain.anvil.rpc("eth_call", {"data": code}, "latest"), 16) == 3


async def test_an_unknown_chain_is_refused_before_any_call(signatures: ContractSignatures) -> None:
    with pytest.raises(UnknownChainError):
        await signatures.is_valid(ChainId("eip155:1"), Address("0x" + "ab" * 20), DIGEST, sign())


async def test_a_chain_that_wants_it_reads_wallets_some_blocks_deep(chain: LocalChain, connect: Connect) -> None:
    clients = await connect(chain, features={"wallet_confirmations": 3})
    signatures = ContractSignatures(clients)
    wallet = await wallet_of(chain)
    assert not await signatures.is_valid(CHAIN, wallet, DIGEST, sign())
    await chain.anvil.mine(2)
    assert await signatures.is_valid(CHAIN, wallet, DIGEST, sign())
