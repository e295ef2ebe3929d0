"""Every code by which the market says what is wrong is one that somebody can get: from the real checks, of an order on
a real chain. A new code needs a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from steadymint.domain.market.build import Price, Token, listing, offer
from steadymint.domain.market.components import OrderType
from steadymint.domain.market.fees import Fee
from steadymint.domain.market.findings import Code, severity_of
from steadymint.domain.market.fulfilment.outcomes import Absence
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.market.intake import HandedOrder
from steadymint.domain.market.sides import Fault
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address, Standard, Wei
from steadymint.stack.dev_accounts import DEPLOYER
from tests.contracts.order_stage import FEES, Stage, lower
from tests.contracts.seaport import ETHER, checksum, components
from tests.contracts.taking import Taking, listed
from tests.support.trading import Trading, codes, handed_in
from tests.unit.domain.market.test_sides import NOT_TAKEN
from tests.unit.market.test_intake import trait_offer

ZONE: Final = Address("0x" + "20" * 20)
"""Trusted by this market, and no contract."""
STRANGER: Final = Address("0x" + "99" * 20)
NOWHERE: Final = "0x" + "99" * 32


def sold(stage: Stage, *fees: Fee, price: Price | None = None) -> SubmittedOrder:
    """The seller's first cat, with these fees."""
    made = listing(lower(stage.seller), stage.cat(1), price or Price.fixed(ETHER), fees, stage.seaport.frame())
    return stage.sign(made)


def wanted(stage: Stage, amount: int, currency: Address | None = None) -> SubmittedOrder:
    """An offer of the bidder, who has 30 in wrapped ether."""
    price = Price.fixed(amount, currency or stage.dollars)
    return stage.sign(offer(lower(stage.bidder), stage.cat(8), price, FEES, stage.seaport.frame()))


def changed(stage: Stage, **changes: object) -> SubmittedOrder:
    return stage.sign(stage.listing().components.model_copy(update=changes))


def of_a_strange_contract(stage: Stage) -> SubmittedOrder:
    token = Token(stage.dollars, Standard.ERC721, 1)
    return stage.sign(listing(lower(stage.seller), token, Price.fixed(ETHER), FEES, stage.seaport.frame()))


def of_a_wallet_that_takes_no_signature(stage: Stage) -> SubmittedOrder:
    wallet = stage.chain.deploy("TestWallet1271", stage.seller)
    made = listing(lower(wallet.address), stage.cat(1), Price.fixed(ETHER), FEES, stage.seaport.frame())
    return SubmittedOrder.of(made, b"\x01" * 65)


def cancelled(stage: Stage) -> SubmittedOrder:
    order = stage.listing()
    stage.chain.send(stage.seaport.contract.functions.cancel([components(order.components)]), stage.seller)
    return order


def filled(stage: Stage) -> SubmittedOrder:
    order = stage.listing()
    stage.fill(order)
    return order


def expired(stage: Stage) -> SubmittedOrder:
    now = stage.chain.now()
    return stage.listing(start_time=now - 100, end_time=now - 1)


def of_a_closed_conduit(stage: Stage) -> SubmittedOrder:
    market = stage.seaport.market
    controller = stage.chain.at("ConduitController", market.conduit_controller).functions
    closing = controller.updateChannel(checksum(market.conduit), checksum(market.seaport), False)
    stage.chain.send(closing, DEPLOYER.address)
    return stage.listing()


def not_approved(stage: Stage) -> SubmittedOrder:
    stage.chain.send(stage.cats.functions.setApprovalForAll(stage.conduit, False), stage.seller)
    return stage.listing()


def without_allowance(stage: Stage) -> SubmittedOrder:
    stage.chain.send(stage.seaport.currency.functions.approve(stage.conduit, ETHER - 1), stage.bidder)
    return wanted(stage, ETHER)


def of_more_units_than_the_seller_has(stage: Stage) -> SubmittedOrder:
    return stage.sign(listing(lower(stage.seller), stage.units(20), Price.fixed(ETHER), FEES, stage.seaport.frame()))


ORDERS: Final[dict[Code, Callable[[Trading], SubmittedOrder | HandedOrder]]] = {
    Code.UNSUPPORTED: lambda trading: HandedOrder(
        components=trading.stage.listing().components.model_copy(update={"order_type": OrderType.CONTRACT})
    ),
    Code.UNKNOWN_COLLECTION: lambda trading: of_a_strange_contract(trading.stage),
    Code.UNKNOWN_TOKENS: trait_offer,
    Code.WRONG_HASH: lambda trading: handed_in(trading.stage.listing(), stated_hash="0x" + "00" * 32),
    Code.BAD_SIGNATURE: lambda trading: replace(trading.stage.listing(1), signature=trading.stage.listing(2).signature),
    Code.UNSIGNED: lambda trading: replace(trading.stage.listing(), signature=b""),
    Code.SIGNATURE_NOT_ACCEPTED: lambda trading: of_a_wallet_that_takes_no_signature(trading.stage),
    Code.WRONG_COUNTER: lambda trading: trading.stage.listing(counter=1),
    Code.CANCELLED: lambda trading: cancelled(trading.stage),
    Code.FILLED: lambda trading: filled(trading.stage),
    Code.EXPIRED: lambda trading: expired(trading.stage),
    Code.NOT_YET_VALID: lambda trading: trading.stage.listing(start_time=trading.stage.chain.now() + 10_000),
    Code.AMOUNT_OVERFLOW: lambda trading: sold(trading.stage, price=Price(Wei(1), Wei(2**256 - 1), None)),
    Code.UNKNOWN_ZONE: lambda trading: changed(trading.stage, zone=STRANGER),
    Code.ZONE_WITHOUT_CODE: lambda trading: changed(trading.stage, zone=ZONE, order_type=OrderType.FULL_RESTRICTED),
    Code.UNKNOWN_CONDUIT: lambda trading: trading.stage.listing(conduit_key=NOWHERE),
    Code.CONDUIT_CLOSED: lambda trading: of_a_closed_conduit(trading.stage),
    Code.NOT_OWNER: lambda trading: trading.stage.listing(7),
    Code.NOT_APPROVED: lambda trading: not_approved(trading.stage),
    Code.INSUFFICIENT_BALANCE: lambda trading: wanted(trading.stage, 31 * ETHER),
    Code.INSUFFICIENT_ALLOWANCE: lambda trading: without_allowance(trading.stage),
    Code.PARTLY_COVERED: lambda trading: of_more_units_than_the_seller_has(trading.stage),
    Code.UNKNOWN_CURRENCY: lambda trading: wanted(trading.stage, 5, STRANGER),
    Code.MISSING_FEE: lambda trading: sold(trading.stage),
    Code.MISSING_ROYALTY: lambda trading: sold(trading.stage, FEES[0]),
    Code.UNKNOWN_FEE: lambda trading: sold(trading.stage, *FEES, Fee(STRANGER, 100)),
}
"""Of each code an order that has it. The chain may be changed for it."""


def test_every_code_has_an_order() -> None:
    assert set(ORDERS) == set(Code)


async def test_whoever_hands_in_an_order_can_get_every_code(trading: Trading) -> None:
    await trading.rule(zones=[ZONE])
    rpc = trading.stage.chain.rpc
    for code, order in ORDERS.items():
        snapshot = rpc("evm_snapshot")
        (taken,) = await trading.take(order(trading))
        assert code.value in codes(taken), (code, taken)
        (finding,) = [one for one in taken.findings if one.code is code]
        assert finding.severity is severity_of(code)
        rpc("evm_revert", snapshot)


async def test_whoever_hands_in_what_is_no_order_of_the_market_can_get_every_fault(trading: Trading) -> None:
    orders = [HandedOrder(components=order.model_copy(update=changes)) for order, changes, _ in NOT_TAKEN]
    found = [[finding.fault for finding in taken.findings] for taken in await trading.take(*orders)]
    assert found == [[fault] for _, _, fault in NOT_TAKEN]
    assert {fault for faults in found for fault in faults} == set(Fault)


async def test_whoever_buys_can_get_every_absence(trading: Trading) -> None:
    stage = trading.stage
    refuser = Fee(lower(stage.chain.deploy("RevertingReceiver").address), 100)
    asked = {
        Absence.SAME_TOKEN: listed(stage, stage.cat(1), salt=8),
        Absence.WOULD_REVERT: sold_to(stage, refuser),
    }
    assert set(asked) == set(Absence)
    buyer = Taking(trading, stage.bidder)
    prepared = await buyer.prepare(Part(listed(stage, stage.cat(1))), *map(Part, asked.values()))
    assert {one.code: one.part.order for one in prepared.missing} == {code.value: one for code, one in asked.items()}


def sold_to(stage: Stage, fee: Fee) -> SubmittedOrder:
    """A listing that pays somebody else as well."""
    made = listing(lower(stage.seller), stage.cat(2), Price.fixed(ETHER), (*FEES, fee), stage.seaport.frame())
    return stage.sign(made)
