from __future__ import annotations

from typing import Any

import pytest

from steadymint.chain.nodes.client import EvmClient
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.errors import ExecutionRevertedError, UnknownBlockError
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.errors import InsufficientFundsError, UpstreamUnavailableError
from steadymint.domain.types import Address, ChainId, TxHash
from steadymint.stack.anvil import DEV_ACCOUNTS
from steadymint.stack.deploy import create, send
from tests.support.local_chain import LocalChain
from tests.unit.chain.fakes import fake_node, result

ALICE = Address(DEV_ACCOUNTS[0].address.lower())
BOB = Address(DEV_ACCOUNTS[1].address.lower())
POOR = Address("0x" + "ee" * 20)
UNKNOWN = TxHash("0x" + "99" * 32)


async def pay(chain: LocalChain, wei: int = 1) -> dict[str, Any]:
    return await send(chain.anvil, {"from": ALICE, "to": BOB, "value": hex(wei), "gas": hex(21_000)})


async def test_headers_are_linked_and_found_by_number_hash_and_tag(chain: LocalChain, client: EvmClient) -> None:
    await chain.anvil.mine(3)
    head = await client.block_number()
    last, before = await client.headers([head, head - 1])
    assert last.parent_hash == before.hash
    assert await client.header("latest") == last == await client.header(last.hash)
    assert last.timestamp >= before.timestamp > 1_600_000_000
    assert (await client.header("earliest")).number == 0
    assert (await client.header("finalized")).number <= head


async def test_a_block_that_is_not_there_is_named_as_such(client: EvmClient) -> None:
    for block in (10**9, "0x" + "77" * 32):
        with pytest.raises(UnknownBlockError):
            await client.header(block)
    with pytest.raises(UnknownBlockError):
        await client.headers([0, 10**9])


async def test_a_transaction_and_its_receipt_are_read_with_their_types(chain: LocalChain, client: EvmClient) -> None:
    nonce = await client.transaction_count(ALICE)
    sent = await pay(chain, 5)
    tx_hash = TxHash(sent["transactionHash"])
    seen, unknown = await client.transactions([tx_hash, UNKNOWN])
    assert unknown is None
    assert seen is not None
    assert (seen.sender, seen.to, seen.value, seen.data, seen.nonce) == (ALICE, BOB, 5, "0x", nonce)
    receipt, missing = await client.receipts([tx_hash, UNKNOWN])
    assert missing is None
    assert receipt is not None
    assert receipt.succeeded
    assert receipt.block_number == seen.block_number == await client.block_number()
    assert await client.transaction_count(ALICE) == nonce + 1
    assert await client.transaction_count(ALICE, receipt.block_number - 1) == nonce
    assert await client.transaction_counts([ALICE, POOR], receipt.block_hash) == [nonce + 1, 0]
    assert [tx.tx_hash for tx in await client.block_transactions(receipt.block_hash)] == [tx_hash]


async def test_a_pending_transaction_has_no_block(chain: LocalChain, client: EvmClient) -> None:
    await chain.anvil.rpc("anvil_setAutomine", False)
    tx_hash = TxHash(await chain.anvil.rpc("eth_sendTransaction", {"from": ALICE, "to": BOB, "value": "0x1"}))
    (seen,) = await client.transactions([tx_hash])
    assert seen is not None
    assert seen.block_number is None
    assert await client.receipts([tx_hash]) == [None]


async def test_a_contract_creation_has_no_recipient(chain: LocalChain, client: EvmClient) -> None:
    receipt = await create(chain.anvil, "Echo")
    (seen,) = await client.transactions([TxHash(receipt["transactionHash"])])
    assert seen is not None
    assert seen.to is None


async def test_a_call_returns_bytes_and_a_revert_its_data(chain: LocalChain, client: EvmClient) -> None:
    echo = (await create(chain.anvil, "Echo"))["contractAddress"]
    assert await client.call(echo, b"\x01\x02") == b"\x01\x02"
    assert await client.code(echo) != b""
    assert await client.code(POOR) == b""
    loud = (await create(chain.anvil, "HugeRevert"))["contractAddress"]
    with pytest.raises(ExecutionRevertedError):
        await client.call(loud, b"\x01\x02\x03\x04", gas=2_000_000)
    # PUSH1 0x2a PUSH1 0 MSTORE PUSH1 32 PUSH1 0 REVERT, as creation code
    with pytest.raises(ExecutionRevertedError) as caught:
        await client.call(None, bytes.fromhex("602a60005260206000fd"))
    assert caught.value.data == (42).to_bytes(32, "big")


async def test_a_call_that_the_caller_cannot_pay_is_named_as_such(client: EvmClient) -> None:
    with pytest.raises(InsufficientFundsError):
        await client.call(BOB, b"", from_=POOR, value=10**18)


@pytest.mark.parametrize("reply", [None, "0x", "zz", 7, [], {}, {"number": "0x1"}])
async def test_a_reply_of_another_shape_is_an_outage_and_not_an_answer(reply: Any) -> None:
    async with (
        fake_node(lambda _: result(reply)) as node,
        RpcClient(ChainId("eip155:31337"), [EndpointConfig(1, node.url)]) as rpc,
    ):
        client = EvmClient(rpc)
        with pytest.raises(UpstreamUnavailableError):
            await client.block_number()
        with pytest.raises(UpstreamUnavailableError):
            await client.header("latest")
        if reply != "0x":
            with pytest.raises(UpstreamUnavailableError):
                await client.call(BOB, b"")
