"""A wallet that is not deployed yet signs by its factory (EIP-6492), and no other factory signs for it."""

from __future__ import annotations

import pytest

from steadymint.chain.calls.signatures import ContractSignatures
from steadymint.domain.types import Address
from steadymint.stack.deploy import send
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import Connect
from tests.unit.chain.fakes import fake_node, result
from tests.unit.chain.made import CHAIN
from tests.unit.chain.wallets import DIGEST, OWNER, STRANGER, Factory, function, made, sign, wrap


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
