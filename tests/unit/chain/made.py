"""Collections on the test chain, made and minted as our users do: by the prepared transaction."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.preparing import TransactionBuilder
from steadymint.domain.intents.collection import CollectionOrder, CollectionTerms, MintRules
from steadymint.domain.intents.identity import reference_of
from steadymint.domain.intents.mint import MintItem, MintOrder, MintTerms
from steadymint.domain.intents.order import Caller
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import Address, Bytes32, ChainId, IntentId, Standard, TxHash, Wei
from steadymint.stack.anvil import DEV_ACCOUNTS
from tests.support.local_chain import LocalChain

CHAIN = ChainId("eip155:31337")
ALICE = Address(DEV_ACCOUNTS[0].address.lower())
BOB = Address(DEV_ACCOUNTS[1].address.lower())
POOR = Address("0x" + "ee" * 20)


def _order(account: Address) -> dict[str, Any]:
    return {
        "intent_id": uuid4(),
        "chain_id": CHAIN,
        "caller": Caller(user_id=uuid4(), session_id=uuid4(), account=account),
        "request_hash": "00" * 32,
        "deadline_seconds": 3600,
    }


def collection_order(standard: Standard, rules: MintRules | None = None, **terms: Any) -> CollectionOrder:
    """Alice's order of a collection."""
    given = {"name": "Harbour", "symbol": "HRBR", "royalty_receiver": ALICE, "payout_address": ALICE} | terms
    made = CollectionTerms(standard=standard, mint=rules or MintRules(), **given)
    return CollectionOrder(**_order(ALICE), task=made)


def mint_order(
    contract: Address,
    standard: Standard,
    quantity: int | None = None,
    items: dict[int, int] | None = None,
    account: Address = BOB,
) -> MintOrder:
    """An order to mint to oneself."""
    made = tuple(MintItem.model_validate({"token_id": id_, "quantity": n}) for id_, n in (items or {}).items())
    terms = MintTerms(contract=contract, standard=standard, to=account, quantity=quantity, items=made)
    return MintOrder(**_order(account), task=terms)


def reference(order: CollectionOrder | MintOrder) -> Bytes32:
    return reference_of(IntentId(order.intent_id))


async def mint_tx(builder: TransactionBuilder, order: MintOrder, value: int = 0) -> TxRequest:
    return await builder.request(order, Wei(value))


async def sign_and_send(chain: LocalChain, tx: TxRequest, **options: Any) -> TxHash:
    """What a wallet does; the gas is fixed, so that a refused transaction is mined too."""
    request = {"from": tx.from_, "to": tx.to, "data": tx.data, "value": hex(tx.value), "gas": hex(5_000_000)}
    return await sent(chain, "eth_sendTransaction", request | options)


async def sent(chain: LocalChain, method: str, transaction: Any) -> TxHash:
    """Sends, and waits for the receipt if the chain mines at once: it does so, but not before it answers."""
    tx_hash = TxHash(await chain.anvil.rpc(method, transaction))
    if await chain.anvil.rpc("anvil_getAutomine"):
        await receipt_of(chain, tx_hash)
    return tx_hash


async def receipt_of(chain: LocalChain, tx_hash: TxHash) -> dict[str, Any]:
    """The receipt, as soon as it is there."""
    for _ in range(3000):
        receipt = await chain.anvil.rpc("eth_getTransactionReceipt", tx_hash)
        if receipt is not None:
            return receipt
        await asyncio.sleep(0.01)
    raise AssertionError("never mined")


async def make_collection(
    chain: LocalChain, clients: ChainClients, standard: Standard, rules: MintRules | None = None, **terms: Any
) -> Address:
    """The address of a new collection of Alice's."""
    order = collection_order(standard, rules, **terms)
    builder = TransactionBuilder(clients)
    tx, address = await builder.request(order), await builder.address_of_collection(order)
    receipt = await receipt_of(chain, await sign_and_send(chain, tx))
    assert receipt["status"] == "0x1"
    return address
