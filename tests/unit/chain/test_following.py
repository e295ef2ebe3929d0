from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from steadymint.chain.following import TransactionFollower
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.heads import HeadTrackers
from steadymint.chain.preparing import TransactionBuilder
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.intents.collection import MintRules
from steadymint.domain.transactions import Deep, Mined
from steadymint.domain.types import Standard, TxHash
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import CONFIRMATIONS
from tests.unit.chain.made import (
    ALICE,
    BOB,
    CHAIN,
    make_collection,
    mint_order,
    mint_tx,
    receipt_of,
    reference,
    sign_and_send,
)

GWEI = 10**9


@pytest.fixture
async def follower(clients: ChainClients) -> AsyncIterator[TransactionFollower]:
    trackers = HeadTrackers(clients)
    yield TransactionFollower(clients, trackers)
    await trackers.close()


@pytest.fixture
def builder(clients: ChainClients) -> TransactionBuilder:
    return TransactionBuilder(clients)


async def nonce_of_bob(chain: LocalChain) -> int:
    return int(await chain.anvil.rpc("eth_getTransactionCount", BOB, "latest"), 16)


async def test_a_mint_is_inspected_and_followed_to_its_depth(
    chain: LocalChain, clients: ChainClients, follower: TransactionFollower, builder: TransactionBuilder
) -> None:
    address = await make_collection(chain, clients, Standard.ERC721)
    tx = await mint_tx(builder, mint_order(address, Standard.ERC721, 2))
    tx_hash = await sign_and_send(chain, tx)
    seen = await follower.inspect(CHAIN, tx_hash)
    assert seen is not None
    assert (seen.sender, seen.to, seen.data, seen.value) == (tx.from_, tx.to, tx.data, tx.value)
    await chain.anvil.mine(CONFIRMATIONS)
    async with follower.follow(CHAIN, tx_hash, seen.sender, seen.nonce) as states:
        assert [type(state) async for state in states] == [Mined, Deep]


async def test_a_reverted_mint_says_which_rule_it_broke(
    chain: LocalChain, clients: ChainClients, follower: TransactionFollower, builder: TransactionBuilder
) -> None:
    address = await make_collection(chain, clients, Standard.ERC721, MintRules(limit_per_wallet=2))
    tx_hash = await sign_and_send(chain, await mint_tx(builder, mint_order(address, Standard.ERC721, 3)))
    error = await follower.revert_reason(CHAIN, tx_hash)
    assert (error.code, error.reason) == ("call_reverted", "WalletLimitExceeded")
    assert error.detail == "You can mint 2 more; you asked for 3."
    assert error.arguments == {"wanted": "3", "left": "2"}


async def test_the_loser_of_a_race_within_one_block_is_told_why(
    chain: LocalChain, clients: ChainClients, follower: TransactionFollower, builder: TransactionBuilder
) -> None:
    """Before the block the mint was still allowed; after it the collection is sold out."""
    address = await make_collection(chain, clients, Standard.ERC721, max_supply=1)
    await chain.anvil.rpc("anvil_setAutomine", False)
    winner = await mint_tx(builder, mint_order(address, Standard.ERC721, 1, account=ALICE))
    loser = await mint_tx(builder, mint_order(address, Standard.ERC721, 1))
    await sign_and_send(chain, winner, gasPrice=hex(50 * GWEI))
    lost = await sign_and_send(chain, loser, gasPrice=hex(20 * GWEI))
    await chain.anvil.mine()
    assert (await receipt_of(chain, lost))["status"] == "0x0"
    assert (await follower.revert_reason(CHAIN, lost)).detail == "It is sold out."


async def test_a_transaction_that_ran_out_of_gas_says_so(
    chain: LocalChain, clients: ChainClients, follower: TransactionFollower, builder: TransactionBuilder
) -> None:
    address = await make_collection(chain, clients, Standard.ERC721)
    tx = await mint_tx(builder, mint_order(address, Standard.ERC721, 1))
    tx_hash = await sign_and_send(chain, tx, gas=hex(60_000))
    assert (await receipt_of(chain, tx_hash))["status"] == "0x0"
    error = await follower.revert_reason(CHAIN, tx_hash)
    assert error.code == "call_reverted"
    assert error.detail in {"The transaction ran out of gas.", "The contract refused without a reason."}


async def test_the_reason_of_an_unknown_transaction_is_not_made_up(follower: TransactionFollower) -> None:
    error = await follower.revert_reason(CHAIN, TxHash("0x" + "77" * 32))
    assert error.detail == "The transaction was reverted."
    assert error.reason is None


@pytest.mark.parametrize("blocks_after", [0, 1, 2, 7, 40])
@pytest.mark.parametrize("blocks_before", [0, 5])
async def test_a_speed_up_is_found_by_its_nonce(
    chain: LocalChain,
    clients: ChainClients,
    follower: TransactionFollower,
    builder: TransactionBuilder,
    blocks_before: int,
    blocks_after: int,
) -> None:
    address = await make_collection(chain, clients, Standard.ERC721)
    nonce = await nonce_of_bob(chain)
    await chain.anvil.mine(blocks_before) if blocks_before else None
    tx = await mint_tx(builder, mint_order(address, Standard.ERC721, 1))
    sped_up = await sign_and_send(chain, tx, gasPrice=hex(90 * GWEI))
    await chain.anvil.mine(blocks_after) if blocks_after else None
    used_by = await follower.user_of_nonce(CHAIN, BOB, nonce)
    assert used_by is not None
    assert (used_by.tx_hash, used_by.data, used_by.value) == (sped_up, tx.data, tx.value)


@pytest.mark.parametrize("standard", list(Standard))
async def test_a_contract_takes_the_prepared_call_with_bytes_behind_it(
    chain: LocalChain, clients: ChainClients, builder: TransactionBuilder, standard: Standard
) -> None:
    address = await make_collection(chain, clients, standard)
    order = (
        mint_order(address, standard, 1) if standard is Standard.ERC721 else mint_order(address, standard, None, {7: 1})
    )
    tx = await mint_tx(builder, order)
    suffixed = tx.model_copy(update={"data": tx.data + "62617365617070" + "07" + "00" + "8021" * 8})
    receipt = await receipt_of(chain, await sign_and_send(chain, suffixed))
    assert receipt["status"] == "0x1"
    assert any(reference(order) in log["topics"] for log in receipt["logs"])


async def test_a_node_that_does_not_know_yet_that_the_nonce_is_used_is_asked_again(
    follower: TransactionFollower, chain: LocalChain
) -> None:
    with pytest.raises(UpstreamUnavailableError):
        await follower.user_of_nonce(CHAIN, BOB, await nonce_of_bob(chain) + 5)
