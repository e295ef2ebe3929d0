"""Whose word counts: a wallet's contract takes its owner's signature and nobody else's (EIP-1271)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from steadymint.chain.calls.signatures import ContractSignatures
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import Address
from steadymint.stack.deploy import send
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import Connect
from tests.unit.chain.made import ALICE, CHAIN
from tests.unit.chain.wallets import DIGEST, OWNER, STRANGER, function, made, sign, wallet_of, wrap


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


async def test_a_chain_that_wants_it_reads_wallets_some_blocks_deep(chain: LocalChain, connect: Connect) -> None:
    clients = await connect(chain, features={"wallet_confirmations": 3})
    signatures = ContractSignatures(clients)
    wallet = await wallet_of(chain)
    assert not await signatures.is_valid(CHAIN, wallet, DIGEST, sign())
    await chain.anvil.mine(2)
    assert await signatures.is_valid(CHAIN, wallet, DIGEST, sign())


async def test_c19_a_wallet_whose_block_has_left_the_chain_is_found_gone_once_its_place_is_deep(
    chain: LocalChain, connect: Connect
) -> None:
    signatures = ContractSignatures(await connect(chain, features={"confirmations": 3, "block_time_seconds": 2}))
    stays = await wallet_of(chain)
    before = await chain.anvil.rpc("evm_snapshot")
    leaves = await wallet_of(chain)
    assert await signatures.is_valid(CHAIN, leaves, DIGEST, sign())
    assert await signatures.settles_in(CHAIN, sign()) == 6
    now = datetime.now(UTC)
    await chain.anvil.rpc("evm_revert", before)
    with pytest.raises(UpstreamUnavailableError):
        await signatures.stands(CHAIN, leaves, now + timedelta(days=1))
    await chain.anvil.mine(3)
    long_ago = now - timedelta(days=1)
    assert await signatures.stands(CHAIN, stays, long_ago)
    assert not await signatures.stands(CHAIN, leaves, long_ago)


@pytest.mark.parametrize("features", [{"confirmations": 1}, {"confirmations": 3, "wallet_confirmations": 3}])
async def test_a_wallet_that_is_read_as_deep_as_anything_is_not_looked_at_again(
    chain: LocalChain, connect: Connect, features: dict[str, int]
) -> None:
    signatures = ContractSignatures(await connect(chain, features=features))
    assert await signatures.settles_in(CHAIN, sign()) is None


async def test_a_wallet_whose_factory_is_named_may_leave_the_chain_since_it_is_made_again(
    signatures: ContractSignatures,
) -> None:
    assert await signatures.settles_in(CHAIN, sign()) is not None
    assert await signatures.settles_in(CHAIN, wrap("0x" + "11" * 20, b"", sign())) is None
