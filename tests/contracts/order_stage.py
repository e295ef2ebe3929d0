"""Those who make and fill orders, and what the checks and the real Seaport say of one."""

from __future__ import annotations

from dataclasses import dataclass

from web3.contract import Contract

from steadymint.chain.calls.seaport import MarketContracts
from steadymint.chain.nodes.client import EvmClient
from steadymint.chain.orders import facts_of
from steadymint.domain.market.build import Price, Token, listing, offer
from steadymint.domain.market.checks import Verdict, check
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.fees import Fee
from steadymint.domain.market.findings import Code, OrderStatus
from steadymint.domain.market.policy import Currency, MarketPolicy, RoyaltyRule
from steadymint.domain.market.sides import Side
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address, Standard
from tests.contracts.harness import NO_REF, Chain, CollectionInit, House
from tests.contracts.seaport import ETHER, Seaport, checksum

MARKETPLACE, ARTIST = Address("0x" + "fe" * 20), Address("0x" + "11" * 20)
FEES = (Fee(MARKETPLACE, 250), Fee(ARTIST, 500))
EVERYTHING = 2**256 - 1
GIVEN = 8
"""The token with which offers are accepted."""


@dataclass
class Stage:
    """A seller with tokens, a bidder with wrapped ether, and a dealer who has all that it takes to fill either."""

    client: EvmClient
    seaport: Seaport
    chain: Chain
    cats: Contract
    prints: Contract
    seller: str
    bidder: str
    dealer: str

    @property
    def conduit(self) -> str:
        return checksum(self.seaport.market.conduit)

    @property
    def dollars(self) -> Address:
        """The currency of offers."""
        return Address(self.seaport.market.wrapped_native)

    @property
    def market(self) -> MarketContracts:
        market = self.seaport.market
        return MarketContracts(self.seaport.domain, Address(market.conduit_controller), (Address(market.conduit),))

    @property
    def policy(self) -> MarketPolicy:
        currencies = {
            None: Currency("ETH", 18, is_native=True),
            self.dollars: Currency("USDC", 6, is_native=False),
        }
        return MarketPolicy(self.seaport.domain, currencies, fee=FEES[0], royalty=RoyaltyRule.REQUIRE)

    def sign(self, order: OrderComponents) -> SubmittedOrder:
        return SubmittedOrder.of(order, self.seaport.sign(order))

    def cat(self, token_id: int) -> Token:
        return Token(lower(self.cats.address), Standard.ERC721, token_id)

    def units(self, quantity: int) -> Token:
        return Token(lower(self.prints.address), Standard.ERC1155, 4, quantity=quantity)

    def listing(self, token_id: int = 1, **frame: object) -> SubmittedOrder:
        frame_ = self.seaport.frame(**frame)
        return self.sign(listing(lower(self.seller), self.cat(token_id), Price.fixed(ETHER), FEES, frame_))

    def offer(self) -> SubmittedOrder:
        price = Price.fixed(ETHER, self.dollars)
        return self.sign(offer(lower(self.bidder), self.cat(GIVEN), price, FEES, self.seaport.frame()))

    async def judge(self, *orders: SubmittedOrder, now: int | None = None) -> list[Verdict]:
        now = self.chain.now() if now is None else now
        found = await facts_of(self.client, self.market, orders)
        return [check(order, facts, self.policy, now) for order, facts in zip(orders, found, strict=True)]

    async def codes(self, order: SubmittedOrder, now: int | None = None) -> set[Code]:
        (verdict,) = await self.judge(order, now=now)
        assert (verdict.status is OrderStatus.ACTIVE) == self.fills(order, verdict.fillable, now)
        return {finding.code for finding in verdict.findings}

    def fills(self, order: SubmittedOrder, units: int, at: int | None = None) -> bool:
        """Whether Seaport lets the dealer fill so many units, or a single one if it is none."""
        read = order.read
        part = (units or 1, read.quantity) if read.in_parts else (1, 1)
        criteria = [] if read.criteria is None else [(GIVEN, ())]
        call = self.seaport.fulfill(order.components, order.signature, part=part, criteria=criteria)
        value = 100 * ETHER if read.side is Side.LISTING and read.currency is None else 0
        return self.chain.refusal(call, self.dealer, value, at) is None

    def fill(self, order: SubmittedOrder) -> None:
        call = self.seaport.fulfill(order.components, order.signature)
        self.chain.send(call, self.dealer, 0 if order.read.offered else ETHER)


def set_stage(client: EvmClient, seaport: Seaport, house: House, init: CollectionInit, owner: str) -> Stage:
    """Give the people on the stage what they have. `owner` owns both collections."""
    chain, market = seaport.chain, seaport.market
    seller, bidder, dealer = chain.accounts[2:5]
    cats, prints = house.create(0, init), house.create(1, init)
    functions = seaport.currency.functions
    calls = [
        (cats.functions.airdrop(seller, 6, NO_REF), owner, 0),
        (cats.functions.airdrop(dealer, 6, NO_REF), owner, 0),
        (prints.functions.airdrop(seller, [4], [10], NO_REF), owner, 0),
        (prints.functions.airdrop(dealer, [4], [50], NO_REF), owner, 0),
    ]
    for account in (seller, bidder, dealer):
        calls.append((functions.deposit(), account, (1000 if account == dealer else 30) * ETHER))
        for spender in (checksum(market.conduit), checksum(market.seaport)):
            calls.append((functions.approve(spender, EVERYTHING), account, 0))
            calls += [(one.functions.setApprovalForAll(spender, True), account, 0) for one in (cats, prints)]
    chain.send_all(calls)
    return Stage(client, seaport, chain, cats, prints, seller, bidder, dealer)


def lower(address: str) -> Address:
    return Address(address.lower())
