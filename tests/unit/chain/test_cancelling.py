"""Cancelling orders at the real Seaport: what the prepared call does, and what the chain says of it afterwards."""

from __future__ import annotations

import pytest

from steadymint.chain.calls.table import RECEIPT_PROOFS
from steadymint.chain.following import emitted_logs
from steadymint.chain.nodes.client import ChainClients, Receipt
from steadymint.chain.nodes.client import receipt_of as read_receipt
from steadymint.chain.orders import OrderInspector
from steadymint.chain.preparing import TransactionBuilder
from steadymint.domain.errors import CallRevertedError, NotFoundError
from steadymint.domain.intents.cancel import CancelOrder
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.types import Address
from steadymint.stack.market import Market
from tests.kinds.test_cancel import an_order, hash_of, sample_order
from tests.support.local_chain import LocalChain
from tests.unit.chain.made import ALICE, BOB, CHAIN, receipt_of, sign_and_send

read = RECEIPT_PROOFS[IntentKind.CANCEL].read


async def carried_out(chain: LocalChain, clients: ChainClients, order: CancelOrder) -> Receipt:
    """The receipt of the prepared transaction."""
    builder = TransactionBuilder(clients)
    tx = await builder.simulate(await builder.request(order))
    return read_receipt(await receipt_of(chain, await sign_and_send(chain, tx)))


@pytest.fixture
def seaport(registered_market: Market) -> Address:
    return Address(registered_market.seaport)


async def all_cancelled(clients: ChainClients, *orders: OrderComponents) -> bool:
    return await OrderInspector(clients).all_cancelled(CHAIN, ALICE, orders)


async def test_orders_are_cancelled_by_their_hash(chain: LocalChain, clients: ChainClients, seaport: Address) -> None:
    one, two, other = (an_order(salt) for salt in range(3))
    order = sample_order(orders=(one, two))
    assert not await all_cancelled(clients, one)
    receipt = await carried_out(chain, clients, order)
    assert read(order.terms.facts(seaport, ALICE), emitted_logs(receipt)) == {
        "orderHashes": sorted(map(hash_of, (one, two)))
    }
    assert await all_cancelled(clients, one, two)
    assert not await all_cancelled(clients, one, other)
    again = await carried_out(chain, clients, sample_order(orders=(one, other)))
    assert again.succeeded, "one that is cancelled does not keep the others from it"
    assert await all_cancelled(clients, one, two, other)


async def test_all_orders_are_cancelled_by_the_counter(
    chain: LocalChain, clients: ChainClients, seaport: Address
) -> None:
    order = sample_order(all_orders=True)
    receipt = await carried_out(chain, clients, order)
    effects = read(order.terms.facts(seaport, ALICE), emitted_logs(receipt))
    assert effects is not None
    assert await all_cancelled(clients, an_order(1))
    since = an_order(1).model_copy(update={"counter": int(effects["counter"])})
    assert not await all_cancelled(clients, an_order(1), since)


async def test_seaports_own_refusal_is_told_in_words(clients: ChainClients, seaport: Address) -> None:
    builder = TransactionBuilder(clients)
    bobs = await builder.request(sample_order(orders=(an_order(1, BOB),)))
    with pytest.raises(CallRevertedError, match="Only the maker of an order") as refused:
        await builder.simulate(bobs)
    assert refused.value.extra["reason"] == "CannotCancelOrder"


async def test_a_chain_without_a_market_has_no_orders_to_cancel(clients: ChainClients) -> None:
    with pytest.raises(NotFoundError):
        await all_cancelled(clients, an_order(1))
    with pytest.raises(NotFoundError):
        await TransactionBuilder(clients).request(sample_order())
