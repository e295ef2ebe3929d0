"""What a chain says about approvals: who may be approved, how much is, and what a receipt shows of it."""

from __future__ import annotations

from typing import Any

import pytest

from steadymint.chain.approvals import ApprovalInspector
from steadymint.chain.calls.table import RECEIPT_PROOFS
from steadymint.chain.following import emitted_logs
from steadymint.chain.nodes.client import ChainClients, Receipt
from steadymint.chain.nodes.client import receipt_of as read_receipt
from steadymint.chain.preparing import TransactionBuilder
from steadymint.domain.errors import (
    ContractNotFoundError,
    NotACollectionError,
    UnknownChainError,
    UpstreamUnavailableError,
)
from steadymint.domain.intents.approve import ApproveOrder, ApproveTerms
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.market.facts import ALL
from steadymint.domain.market.findings import ApprovalKind
from steadymint.domain.types import Address, BlockHash, BlockNumber, ChainId, TxHash
from steadymint.stack.deploy import create
from steadymint.stack.market import Market
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import OLD_CONDUIT, Connect
from tests.unit.chain.fakes import fake_node, result
from tests.unit.chain.made import ALICE, BOB, CHAIN, receipt_of, sign_and_send
from tests.workflows.bench_market import approve_order


@pytest.fixture
def market(registered_market: Market) -> Market:
    return registered_market


@pytest.fixture
def inspector(clients: ChainClients) -> ApprovalInspector:
    return ApprovalInspector(clients)


def order_of(contract: str, spender: str, **terms: Any) -> ApproveOrder:
    """Alice's."""
    return approve_order(contract=Address(contract.lower()), spender=Address(spender), **terms)


async def cats(chain: LocalChain) -> str:
    return (await create(chain.anvil, "ForeignERC721"))["contractAddress"]


async def test_the_newest_conduit_is_asked_for_and_older_ones_and_seaport_may_be(
    inspector: ApprovalInspector, market: Market
) -> None:
    found = await inspector.contracts(CHAIN)
    assert found.spenders == (market.conduit, OLD_CONDUIT, market.seaport)
    assert found.currencies == {market.wrapped_native}
    with pytest.raises(UnknownChainError):
        await inspector.contracts(ChainId("eip155:999"))


@pytest.mark.parametrize("of_currency", [False, True], ids=["tokens", "currency"])
async def test_an_approval_is_seen_on_the_chain_and_in_its_receipt_and_so_is_its_end(
    chain: LocalChain, clients: ChainClients, inspector: ApprovalInspector, market: Market, of_currency: bool
) -> None:
    if of_currency:
        kind = {"approval": ApprovalKind.ERC20_APPROVE}
        given = order_of(market.wrapped_native, market.conduit, amount=7, **kind)
        taken = order_of(market.wrapped_native, market.conduit, amount=0, **kind)
    else:
        contract = await cats(chain)
        given, taken = (order_of(contract, market.conduit, approved=approved) for approved in (True, False))
    builder = TransactionBuilder(clients)
    for order, allowed in ((given, 7 if of_currency else ALL), (taken, 0)):
        tx = await builder.simulate(await builder.request(order))
        receipt = read_receipt(await receipt_of(chain, await sign_and_send(chain, tx)))
        assert await inspector.allowed(CHAIN, ALICE, order.terms) == allowed
        facts = order.terms.facts(ALICE)
        effects = RECEIPT_PROOFS[IntentKind.APPROVE].read(facts, emitted_logs(receipt))
        assert effects == ({"amount": str(allowed)} if of_currency else {})
        other = (given if order is taken else taken).terms.facts(ALICE)
        assert RECEIPT_PROOFS[IntentKind.APPROVE].read(other, emitted_logs(receipt)) is None
    assert await inspector.allowed(CHAIN, BOB, given.terms) == 0


async def test_what_is_no_collection_is_told_apart_from_what_is_no_contract(
    inspector: ApprovalInspector, market: Market
) -> None:
    """Wrapped ether takes any call, since it has a fallback; so its answer to the simulation proves nothing."""
    for contract, error in ((BOB, ContractNotFoundError), (market.wrapped_native, NotACollectionError)):
        with pytest.raises(error):
            await inspector.allowed(CHAIN, ALICE, order_of(contract, market.conduit).terms)


async def test_a_contract_that_answers_nonsense_approves_nobody(
    chain: LocalChain, inspector: ApprovalInspector, market: Market
) -> None:
    for name in ("EndlessLoop", "InvalidOpcode", "HugeRevert"):
        hostile = (await create(chain.anvil, name))["contractAddress"]
        with pytest.raises(NotACollectionError):
            await inspector.allowed(CHAIN, ALICE, order_of(hostile, market.conduit).terms)


async def test_a_node_that_answers_nonsense_is_an_outage(chain: LocalChain, connect: Connect) -> None:
    terms: ApproveTerms = order_of(BOB, BOB).terms
    async with fake_node(lambda request: result({"no": "hex"}, request["id"])) as node:
        with pytest.raises(UpstreamUnavailableError):
            await ApprovalInspector(await connect(chain, url=node.url)).allowed(CHAIN, ALICE, terms)


def test_logs_of_another_shape_are_the_nodes_fault() -> None:
    receipt = Receipt(TxHash("0x01"), BlockNumber(1), BlockHash("0x02"), True, ({"address": None},))
    with pytest.raises(UpstreamUnavailableError):
        emitted_logs(receipt)
