"""What only a chain can decide about an intent: section I of the attack cases, on the whole product."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from eth_account import Account

from steadymint.chain.calls.factory import CreateCollection
from steadymint.domain.errors import IntentFinalError
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.types import IntentId, TxHash
from steadymint.durable.intents import IntentFlows
from steadymint.durable.queues import Queues
from tests.support.calls import decode
from tests.support.full_stack import FullStack
from tests.support.people import GAS, GWEI, Person


async def signed(person: Person, call: dict[str, Any], chain_number: int) -> tuple[str, bytes]:
    """A transaction that nobody has seen yet: its hash and its bytes."""
    transaction = {
        "to": call["to"],
        "data": call["data"],
        "value": int(call["value"]),
        "nonce": await person.wallet.nonce(),
        "gas": GAS,
        "maxFeePerGas": 10 * GWEI,
        "maxPriorityFeePerGas": GWEI,
        "chainId": chain_number,
    }
    made = Account.from_key(person.wallet.private_key).sign_transaction(transaction)
    return "0x" + bytes(made.hash).hex(), bytes(made.raw_transaction)


async def test_i05_the_same_call_to_another_contract_fulfils_nothing(
    full_stack: FullStack, open_collection: str
) -> None:
    """It carries the intent's reference, so the hash is taken, as one of a relayer would be; the event then decides."""
    async with full_stack.person() as alice:
        other = await full_stack.made(alice)
        prepared = await alice.prepare_mint(open_collection)
        elsewhere = await alice.wallet.send(prepared["txRequest"] | {"to": other})
        answer = await alice.track(prepared["intentId"], elsewhere)
        assert answer.status == 202, answer
        async with full_stack.blocks.ticking():
            last = await alice.until_final(prepared["intentId"])
            assert (last["status"], last["error"]["code"]) == ("failed", "transaction_mismatch")
            kept = await alice.wallet.send(prepared["txRequest"])
            last = await alice.until(prepared["intentId"], "ready")
        assert (last["txHash"], last["contract"].lower()) == (kept, open_collection.lower())


async def test_i07_a_squatted_hash_keeps_nobody_from_their_mint(full_stack: FullStack, open_collection: str) -> None:
    """A hash that no node knows yet cannot be judged. Whoever reports it first has it; the chain has the last word."""
    async with full_stack.person() as alice, full_stack.person() as mallory:
        prepared, squatting = await alice.prepare_mint(open_collection), await mallory.prepare_mint(open_collection)
        tx_hash, raw = await signed(alice, prepared["txRequest"], await full_stack.web3.eth.chain_id)
        assert (await mallory.track(squatting["intentId"], tx_hash)).status == 202
        answer = await alice.track(prepared["intentId"], tx_hash)
        assert (answer.status, answer.body["code"]) == (409, "hash_already_tracked")
        await full_stack.web3.eth.send_raw_transaction(raw)
        async with full_stack.blocks.ticking():
            assert (await alice.until_final(prepared["intentId"]))["step"] == "ready"
            # and the indexer, which has told a flow of a hash that its row does not have, goes on for everybody
            other = await alice.prepare_mint(open_collection)
            await alice.send_and_track(other)
            assert (await alice.until_final(other["intentId"]))["step"] == "ready"
        assert (await mallory.view(squatting["intentId"]))["status"] == "pending"


async def test_i17_nothing_moves_an_intent_that_has_ended(full_stack: FullStack, open_collection: str) -> None:
    """Neither its user nor an operator; only the chain could, by a reorg."""
    operator = IntentFlows(full_stack.temporal, Queues(full_stack.stack.settings().temporal.task_queue_prefix))
    async with full_stack.person() as alice:
        ready, cancelled = await alice.prepare_mint(open_collection), await alice.prepare_mint(open_collection)
        await alice.send_and_track(ready)
        async with full_stack.blocks.ticking():
            await alice.until_final(ready["intentId"])
        await operator.cancel(f"mint:{cancelled['intentId']}", "asked by the user")
        assert (await alice.until_final(cancelled["intentId"]))["step"] == "failed"
        for prepared in (ready, cancelled):
            before = await alice.view(prepared["intentId"])
            answer = await alice.track(prepared["intentId"], "0x" + "17" * 32)
            assert (answer.status, answer.body["code"]) == (409, "intent_final")
            flow = f"mint:{prepared['intentId']}"
            for told in (
                operator.cancel(flow, "again"),
                operator.retry_step(flow),
                operator.extend_deadline(flow, timedelta(hours=1)),
                operator.begin_rebinding(flow, TxHash("0x" + "17" * 32)),
            ):
                with pytest.raises(IntentFinalError):
                    await told
            assert await alice.view(prepared["intentId"]) == before


@pytest.mark.parametrize(
    "name", ["x" * 31, "x" * 32, "x" * 33, "🙂" * 8, "👩\u200d🚀", "مرحبا", "'; drop table x; --", '"}]\\u0000']
)
async def test_i20_a_name_is_in_the_calldata_to_the_byte(full_stack: FullStack, name: str) -> None:
    async with full_stack.person() as alice:
        prepared = await alice.prepare_collection(name=name, symbol=name[:20], baseUri="ipfs://" + "a" * 31)
        call = decode(prepared["txRequest"]["data"])
        assert isinstance(call, CreateCollection)
        assert (call.init.name, call.init.symbol, call.init.base_uri) == (name, name[:20], "ipfs://" + "a" * 31)
        assert call.salt == reference_of(IntentId(UUID(prepared["intentId"])))
