from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from eth_abi.abi import decode as abi_decode
from eth_utils.crypto import keccak

from api.intents.mint import MAX_ITEMS, MAX_QUANTITY
from steadymint.chain import preparing, simulation
from steadymint.chain.calls.collections import Mint1155, MintBatch
from steadymint.chain.nodes import rpc
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.preparing import TransactionBuilder
from steadymint.chain.simulation import Simulator, with_margin
from steadymint.domain.errors import (
    CallRevertedError,
    InsufficientFundsError,
    NotEligibleError,
    UnknownChainError,
    UpstreamUnavailableError,
)
from steadymint.domain.intents.collection import MintRules
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import Address, ChainId, Standard, Wei
from steadymint.stack.deploy import create
from tests.support.calls import decode
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import CONFIRMATIONS, Connect
from tests.unit.chain.fakes import echo, error, fake_node, hang, result
from tests.unit.chain.made import (
    ALICE,
    BOB,
    CHAIN,
    POOR,
    collection_order,
    make_collection,
    mint_order,
    mint_tx,
    receipt_of,
    reference,
    sign_and_send,
)

PRICE = 10**15


def hours_from_now(hours: float) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the node answers is tested here, not how fast: on a busy machine it takes its time, above all to use up the
    gas of a transaction."""
    for module, name in ((preparing, "PATIENCE"), (simulation, "TIMEOUT"), (rpc, "LONGEST_ATTEMPT")):
        monkeypatch.setattr(module, name, 60.0)


@pytest.fixture
def builder(clients: ChainClients) -> TransactionBuilder:
    return TransactionBuilder(clients)


@pytest.mark.parametrize("standard", Standard)
async def test_the_preview_is_where_the_collection_is_born(
    chain: LocalChain, clients: ChainClients, builder: TransactionBuilder, standard: Standard
) -> None:
    order = collection_order(standard, max_supply=5, base_uri="ipfs://base/", royalty_bps=500)
    tx, preview = await builder.request(order), await builder.address_of_collection(order)
    assert (tx.from_, tx.to, tx.value) == (ALICE, chain.contracts.factory.lower(), 0)
    await builder.simulate(tx)
    client = await clients.of(CHAIN)
    assert await client.code(preview) == b""
    receipt = await receipt_of(chain, await sign_and_send(chain, tx))
    assert await client.code(preview) != b""
    born = next(log for log in receipt["logs"] if log["address"] == chain.contracts.factory.lower())
    assert born["topics"][1][26:] == preview[2:]
    assert born["topics"][3] == reference(order)


@pytest.mark.parametrize("name", ["Hafen", "\0", "a\0b", "", "🙂 x " * 20, "\u202egnp", "'; drop table", "x" * 500])
async def test_a_collection_has_exactly_the_name_that_was_asked_for(
    chain: LocalChain, clients: ChainClients, name: str
) -> None:
    address = await make_collection(chain, clients, Standard.ERC721, name=name)
    answer = await (await clients.of(CHAIN)).call(address, keccak(text="name()")[:4])
    assert abi_decode(("string",), answer) == (name,)


async def test_the_same_collection_twice_is_refused_before_anybody_pays(
    chain: LocalChain, builder: TransactionBuilder
) -> None:
    order = collection_order(Standard.ERC721)
    tx = await builder.request(order)
    await sign_and_send(chain, tx)
    with pytest.raises(CallRevertedError) as caught:
        await builder.simulate(tx)
    assert caught.value.detail == "A contract of yours already exists at this address."
    assert not caught.value.retryable


async def test_one_id_is_minted_by_the_cheaper_call(builder: TransactionBuilder) -> None:
    one = mint_order(POOR, Standard.ERC1155, items={7: 3})
    many = mint_order(POOR, Standard.ERC1155, items={7: 3, 2**256 - 1: 1})
    assert decode((await mint_tx(builder, one)).data) == Mint1155(BOB, 7, 3, (), reference(one))
    assert decode((await mint_tx(builder, many)).data) == MintBatch(BOB, (7, 2**256 - 1), (3, 1), (), reference(many))


@pytest.mark.parametrize(
    ("standard", "wanted"),
    [
        (Standard.ERC721, {"quantity": 1}),
        (Standard.ERC721, {"quantity": 10}),
        (Standard.ERC1155, {"items": {1: 5}}),
        (Standard.ERC1155, {"items": {1: 5, 2: 6}}),
    ],
)
async def test_a_mint_that_is_allowed_passes_and_succeeds(
    chain: LocalChain, clients: ChainClients, builder: TransactionBuilder, standard: Standard, wanted: dict[str, Any]
) -> None:
    address = await make_collection(chain, clients, standard, MintRules(price=PRICE))
    total = wanted.get("quantity") or sum(wanted["items"].values())
    tx = await mint_tx(builder, mint_order(address, standard, **wanted), PRICE * total)
    tried = await builder.simulate(tx)
    assert tried.gas is not None
    receipt = await receipt_of(chain, await sign_and_send(chain, tx, gas=hex(tried.gas)))
    assert receipt["status"] == "0x1"
    assert tried.gas >= 1.2 * int(receipt["gasUsed"], 16)


async def test_a_gas_limit_has_room_for_another_slot_and_stays_within_what_a_transaction_may_use(
    chain: LocalChain, clients: ChainClients, builder: TransactionBuilder
) -> None:
    tx = TxRequest(chain_id=CHAIN, from_=ALICE, to=BOB, data="0x", value=Wei(0))
    small = await builder.simulate(tx)
    assert small.gas is not None
    assert small.gas >= 21_000 + 22_100, "a slot that is written for the first time"
    many = await make_collection(chain, clients, Standard.ERC721)
    large = await builder.simulate(await mint_tx(builder, mint_order(many, Standard.ERC721, MAX_QUANTITY)))
    assert large.gas is not None
    assert large.gas <= 1 << 24, "EIP-7825: no node takes a transaction with more"


def test_no_gas_limit_is_over_what_a_transaction_may_have() -> None:
    assert with_margin(100_000) == 100_000 + 20_000 + 22_100
    assert with_margin((1 << 24) - 1) == 1 << 24


REFUSED: dict[str, tuple[Callable[[], MintRules], dict[str, Any], int, str]] = {
    "price": (lambda: MintRules(price=PRICE), {}, 0, "WrongPayment"),
    "too_early": (lambda: MintRules(start_at=hours_from_now(1)), {}, 0, "MintNotStarted"),
    "too_late": (lambda: MintRules(end_at=hours_from_now(-1)), {}, 0, "MintEnded"),
    "limit": (lambda: MintRules(limit_per_wallet=2), {"quantity": 3}, 0, "WalletLimitExceeded"),
    "supply": (MintRules, {"quantity": 6}, 0, "MaxSupplyExceeded"),
    "allowlist": (lambda: MintRules(allowlist_root="0x" + "11" * 32), {}, 0, "NotAllowlisted"),
    "nothing": (MintRules, {"quantity": 0}, 0, "ZeroQuantity"),
}


@pytest.mark.parametrize("rule", REFUSED)
async def test_a_rule_that_says_no_is_named_with_its_arguments(
    chain: LocalChain, clients: ChainClients, builder: TransactionBuilder, rule: str
) -> None:
    rules, wanted, value, reason = REFUSED[rule]
    address = await make_collection(chain, clients, Standard.ERC721, rules(), max_supply=5)
    order = mint_order(address, Standard.ERC721, **({"quantity": 1} | wanted))
    with pytest.raises(NotEligibleError) as caught:
        await builder.simulate(await mint_tx(builder, order, value))
    assert caught.value.extra["reason"] == reason
    assert all(isinstance(value, str) for value in caught.value.extra["arguments"].values())
    if reason == "WrongPayment":
        assert caught.value.extra["arguments"] == {"sent": "0", "due": str(PRICE)}
    if reason == "WalletLimitExceeded":
        assert caught.value.detail == "You can mint 2 more; you asked for 3."


async def test_who_cannot_pay_is_told_so(chain: LocalChain, clients: ChainClients, builder: TransactionBuilder) -> None:
    address = await make_collection(chain, clients, Standard.ERC721, MintRules(price=PRICE))
    with pytest.raises(InsufficientFundsError):
        await builder.simulate(await mint_tx(builder, mint_order(address, Standard.ERC721, 1, account=POOR), PRICE))


async def test_a_window_is_judged_by_the_present_and_not_by_the_last_block(
    chain: LocalChain, clients: ChainClients
) -> None:
    """On a quiet chain the last block is old: the mint has opened, or closed, since."""
    opens, closes = hours_from_now(1), hours_from_now(2)
    address = await make_collection(chain, clients, Standard.ERC721, MintRules(start_at=opens, end_at=closes))
    tx = await mint_tx(TransactionBuilder(clients), mint_order(address, Standard.ERC721, 1))
    await Simulator(clients, now=lambda: time.time() + 1.5 * 3600).simulate(tx)
    for hours, reason in ((0.0, "MintNotStarted"), (2.5, "MintEnded")):
        with pytest.raises(NotEligibleError) as caught:
            await Simulator(clients, now=lambda hours=hours: time.time() + hours * 3600).simulate(tx)
        assert caught.value.extra["reason"] == reason


async def test_a_chain_whose_clock_runs_ahead_has_the_last_word(chain: LocalChain, clients: ChainClients) -> None:
    address = await make_collection(chain, clients, Standard.ERC721, MintRules(start_at=hours_from_now(1)))
    tx = await mint_tx(TransactionBuilder(clients), mint_order(address, Standard.ERC721, 1))
    now = time.time()
    await chain.anvil.rpc("evm_increaseTime", 7200)
    await chain.anvil.mine()
    await Simulator(clients, now=lambda: now).simulate(tx)


async def test_a_node_that_takes_no_time_of_ours_is_asked_plainly(chain: LocalChain, connect: Connect) -> None:
    def handler(request: Any) -> Any:
        if len(request["params"]) > 2:
            return error(-32602, "too many arguments, want at most 2")
        return result("0x5208", request["id"])

    async with fake_node(handler) as node:
        clients = await connect(chain, url=node.url)
        builder = TransactionBuilder(clients)
        tx = await mint_tx(builder, mint_order(POOR, Standard.ERC721, 1))
        assert [(await builder.simulate(tx)).gas for _ in range(2)] == [with_margin(21_000)] * 2
    asked = [(request["method"], len(request["params"])) for request in node.requests]
    twice = [("eth_call", 2), ("eth_estimateGas", 2)]
    assert asked == [("eth_estimateGas", 4), ("eth_call", 4), *twice, *twice]


async def test_one_call_says_that_a_mint_is_accepted_and_what_it_uses(chain: LocalChain, connect: Connect) -> None:
    async with fake_node(lambda request: result("0x30d40", request["id"])) as node:
        builder = TransactionBuilder(await connect(chain, url=node.url))
        tried = await builder.simulate(await mint_tx(builder, mint_order(POOR, Standard.ERC721, 1)))
    assert tried.gas == with_margin(200_000)
    assert [request["method"] for request in node.requests] == ["eth_estimateGas"]


async def test_a_node_that_cannot_measure_leaves_the_gas_to_the_wallet(chain: LocalChain, connect: Connect) -> None:
    def handler(request: Any) -> Any:
        return error(-32601, "no such method") if request["method"] == "eth_estimateGas" else echo(request)

    async with fake_node(handler) as node:
        builder = TransactionBuilder(await connect(chain, url=node.url))
        tx = await mint_tx(builder, mint_order(POOR, Standard.ERC721, 1))
        assert await builder.simulate(tx) == tx


async def test_a_receiver_that_never_ends_costs_one_transactions_gas_and_is_a_refusal(
    chain: LocalChain,
    clients: ChainClients,
    builder: TransactionBuilder,
    connect: Connect,
) -> None:
    collection = await make_collection(chain, clients, Standard.ERC721)
    order = mint_order(collection, Standard.ERC721, 1)
    for name in ("EndlessLoop", "InvalidOpcode", "HugeRevert"):
        to = Address((await create(chain.anvil, name))["contractAddress"].lower())
        tx = await mint_tx(builder, order.model_copy(update={"task": order.terms.model_copy(update={"to": to})}))
        with pytest.raises(CallRevertedError) as refused:
            await builder.simulate(tx)
        assert len(str(refused.value)) < 1000

    async with fake_node(echo) as node:
        await TransactionBuilder(await connect(chain, url=node.url)).simulate(tx)
    assert {request["params"][0]["gas"] for request in node.requests} == {hex(1 << 24)}


async def test_the_largest_mints_that_the_api_takes_fit_one_transaction(
    chain: LocalChain, clients: ChainClients, builder: TransactionBuilder
) -> None:
    many = await make_collection(chain, clients, Standard.ERC721)
    await builder.simulate(await mint_tx(builder, mint_order(many, Standard.ERC721, MAX_QUANTITY)))
    editions = await make_collection(chain, clients, Standard.ERC1155)
    items = {2**256 - 1 - number: 2**128 for number in range(MAX_ITEMS)}
    await builder.simulate(await mint_tx(builder, mint_order(editions, Standard.ERC1155, items=items)))


async def test_a_silent_node_is_an_outage_and_not_a_refusal(chain: LocalChain, connect: Connect) -> None:
    async with fake_node(hang) as node:
        builder = TransactionBuilder(await connect(chain, url=node.url))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("steadymint.chain.simulation.TIMEOUT", 0.3)
            with pytest.raises(UpstreamUnavailableError) as caught:
                await builder.simulate(await mint_tx(builder, mint_order(POOR, Standard.ERC721, 1)))
    assert caught.value.retryable


async def test_confirmations_are_the_registrys(builder: TransactionBuilder) -> None:
    assert await builder.confirmations(CHAIN) == CONFIRMATIONS
    with pytest.raises(UnknownChainError):
        await builder.confirmations(ChainId("eip155:1"))
