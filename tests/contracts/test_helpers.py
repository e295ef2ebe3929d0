"""The helpers other tests build on do what they say; a helper that lies would make those tests worthless."""

from __future__ import annotations

import pytest
from eth_account import Account
from eth_utils.crypto import keccak

from steadymint.stack.anvil import DEV_ACCOUNTS
from tests.contracts.harness import GAS, ZERO_ADDRESS, Chain, CollectionInit, House, Refusal, calldata, logs_of

MAGIC = bytes.fromhex("1626ba7e")
HASH = keccak(text="message")


def signature(account: int) -> bytes:
    return bytes(Account.unsafe_sign_hash(HASH, DEV_ACCOUNTS[account].private_key).signature)


def test_the_1271_wallet_accepts_its_owner_and_nobody_else(evm: Chain) -> None:
    wallet = evm.deploy("TestWallet1271", DEV_ACCOUNTS[2].address)
    check = wallet.functions.isValidSignature
    assert check(HASH, signature(2)).call() == MAGIC
    assert check(HASH, signature(3)).call() != MAGIC
    assert check(keccak(HASH), signature(2)).call() != MAGIC
    assert check(HASH, b"").call() != MAGIC
    evm.send(wallet.functions.setOwner(DEV_ACCOUNTS[3].address), DEV_ACCOUNTS[2].address)
    assert check(HASH, signature(2)).call() != MAGIC
    assert check(HASH, signature(3)).call() == MAGIC


def test_the_1271_wallet_creates_and_mints_as_itself(house: House, alice: str, bob: str) -> None:
    evm = house.chain
    wallet = evm.deploy("TestWallet1271", alice)
    create = house.factory.functions.createCollection(0, HASH, CollectionInit(owner=wallet.address).abi())
    execute = wallet.functions.execute(house.factory.address, 0, calldata(create))
    assert evm.refusal(execute, bob) == Refusal("NotOwner", (bob.lower(),))
    birth = logs_of(evm.send(execute, alice), "CollectionFactory")[0]
    assert birth.args["creator"] == wallet.address
    assert birth.args["collection"] == house.factory.functions.predict(wallet.address, 0, HASH).call()


def test_the_1271_wallet_passes_on_the_reason_of_a_revert(house: House, alice: str) -> None:
    wallet = house.chain.deploy("TestWallet1271", alice)
    predict = house.factory.functions.predict(alice, 9, HASH)
    call = wallet.functions.execute(house.factory.address, 0, calldata(predict))
    refusal = house.chain.refusal(call, alice)
    assert refusal is not None
    assert refusal.name.startswith(keccak(text="UnknownKind(uint8)")[:4].hex())


def test_the_wallet_factory_deploys_where_it_says(evm: Chain, alice: str, bob: str) -> None:
    factory = evm.deploy("TestWalletFactory")
    preview = factory.functions.predict(alice, HASH).call()
    assert factory.functions.predict(bob, HASH).call() != preview
    evm.send(factory.functions.deploy(alice, HASH), bob)
    assert evm.at("TestWallet1271", preview).functions.owner().call() == alice
    assert evm.mine(factory.functions.deploy(alice, HASH), bob)["status"] == 0


@pytest.mark.parametrize("topics", [0, 1, 2, 3, 4])
def test_the_log_forge_emits_exactly_what_it_is_told(evm: Chain, alice: str, topics: int) -> None:
    forge = evm.deploy("LogForge")
    words = [keccak(bytes([index])) for index in range(topics)]
    one = evm.send(forge.functions.emitLog(words, b"\x01\x02\x03"), alice)
    many = evm.send(forge.functions.emitLogs([(words, b"\x01\x02\x03"), ([], b"")]), alice)
    for receipt, count in ((one, 1), (many, 2)):
        assert len(receipt["logs"]) == count
        assert [bytes(topic) for topic in receipt["logs"][0]["topics"]] == words
        assert bytes(receipt["logs"][0]["data"]) == b"\x01\x02\x03"


def test_the_look_alike_factory_emits_the_very_event(house: House, init: CollectionInit, alice: str) -> None:
    fake = house.chain.deploy("LookAlikeFactory")
    forge = fake.functions.forge(alice, alice, HASH, 0, house.implementations[0].address, init.abi())
    forged = house.chain.send(forge, alice)["logs"][0]
    real = house.chain.send(house.factory.functions.createCollection(0, HASH, init.abi()), alice)["logs"][0]
    assert (forged["topics"][0], forged["topics"][2:]) == (real["topics"][0], real["topics"][2:])
    assert forged["data"] == real["data"]
    assert forged["address"] != real["address"]


def test_the_foreign_tokens_emit_the_standard_transfers(evm: Chain, alice: str) -> None:
    erc721, erc20 = evm.deploy("ForeignERC721"), evm.deploy("ForeignERC20")
    nft = evm.send(erc721.functions.mint(alice, 5), alice)["logs"][0]
    coin = evm.send(erc20.functions.mint(alice, 5), alice)["logs"][0]
    assert nft["topics"][0] == coin["topics"][0]
    assert (len(nft["topics"]), len(coin["topics"])) == (4, 3)
    erc1155 = evm.deploy("ForeignERC1155")
    (single,) = logs_of(evm.send(erc1155.functions.mint(alice, 1, 2), alice), "ForeignERC1155")
    assert (single.name, single.args["from"]) == ("TransferSingle", ZERO_ADDRESS)


def test_the_echo_answers_with_its_calldata(evm: Chain, alice: str) -> None:
    echo = evm.deploy("Echo").address
    data = MAGIC + HASH
    assert evm.rpc("eth_call", {"to": echo, "data": "0x" + data.hex()}, "latest") == "0x" + data.hex()


@pytest.mark.parametrize("name", ["EndlessLoop", "InvalidOpcode"])
def test_the_greedy_contracts_take_all_gas(evm: Chain, alice: str, name: str) -> None:
    greedy = evm.deploy(name).address
    tx = evm.w3.eth.send_transaction({"from": alice, "to": evm.w3.to_checksum_address(greedy), "gas": 200_000})
    receipt = evm.w3.eth.wait_for_transaction_receipt(tx, poll_latency=0.01)
    assert (receipt["status"], receipt["gasUsed"]) == (0, 200_000)


def test_the_huge_revert_answers_a_mebibyte(evm: Chain, alice: str) -> None:
    huge = evm.deploy("HugeRevert").address
    error = evm.error("eth_call", {"to": huge, "from": alice, "gas": hex(GAS)}, "latest")
    assert len(error["data"]) == 2 + 2 * 2**20
