"""What the checks say of an order is what the real Seaport does with it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from coincurve import PrivateKey

from steadymint.chain.orders import facts_of
from steadymint.domain.market.build import Frame, Price, Token, listing, offer
from steadymint.domain.market.components import ZERO_BYTES32
from steadymint.domain.market.drafts import Wish, complete, preliminary
from steadymint.domain.market.findings import Code, OrderStatus
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Standard, Wei
from steadymint.stack.dev_accounts import DEPLOYER
from tests.contracts.harness import calldata
from tests.contracts.order_stage import ARTIST, EVERYTHING, FEES, GIVEN, MARKETPLACE, Stage, lower
from tests.contracts.seaport import CONDUIT, ETHER, FOR_GOOD, KEYS, checksum, components, parameters


async def test_a_listing_follows_its_token(stage: Stage) -> None:
    order, cats = stage.listing(), stage.cats.functions
    assert await stage.codes(order) == set()
    stage.chain.send(cats.transferFrom(stage.seller, stage.bidder, 1), stage.seller)
    assert await stage.codes(order) == {Code.NOT_OWNER}
    stage.chain.send(cats.transferFrom(stage.bidder, stage.seller, 1), stage.bidder)
    assert await stage.codes(order) == set()
    stage.chain.send(cats.setApprovalForAll(stage.conduit, False), stage.seller)
    assert await stage.codes(order) == {Code.NOT_APPROVED}
    stage.chain.send(cats.approve(stage.conduit, 1), stage.seller)
    assert await stage.codes(order) == set()


async def test_a_listing_ends_by_its_maker_its_buyer_or_its_time(stage: Stage) -> None:
    now, functions = stage.chain.now(), stage.seaport.contract.functions
    bought, cancelled, timed, late, raised = (
        stage.listing(1),
        stage.listing(2),
        stage.listing(3, end_time=now + 900),
        stage.listing(4, start_time=now + 600),
        stage.listing(5),
    )
    stage.fill(bought)
    assert await stage.codes(bought) == {Code.FILLED}
    stage.chain.send(functions.cancel([components(cancelled.components)]), stage.seller)
    assert await stage.codes(cancelled) == {Code.CANCELLED}
    assert [await stage.codes(timed, at) for at in (now + 899, now + 900)] == [set(), {Code.EXPIRED}]
    assert [await stage.codes(late, at) for at in (now + 599, now + 600)] == [{Code.NOT_YET_VALID}, set()]
    stage.chain.send(functions.incrementCounter(), stage.seller)
    assert await stage.codes(raised) == {Code.WRONG_COUNTER}
    statuses = [verdict.status for verdict in await stage.judge(bought, cancelled, raised)]
    assert statuses == [OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.CANCELLED]


async def test_an_offer_follows_its_makers_means(stage: Stage) -> None:
    order, currency = stage.offer(), stage.seaport.currency.functions
    assert await stage.codes(order) == set()
    stage.chain.send(currency.withdraw(29 * ETHER + 1), stage.bidder)
    assert await stage.codes(order) == {Code.INSUFFICIENT_BALANCE}
    stage.chain.send(currency.deposit(), stage.bidder, 1)
    assert await stage.codes(order) == set()
    stage.chain.send(currency.approve(stage.conduit, ETHER - 1), stage.bidder)
    assert await stage.codes(order) == {Code.INSUFFICIENT_ALLOWANCE}
    stage.chain.send(currency.approve(stage.conduit, ETHER), stage.bidder)
    assert await stage.codes(order) == set()


async def test_a_signature_counts_as_seaport_counts_it(stage: Stage) -> None:
    order = stage.listing()
    unsigned, forged = replace(order, signature=b""), replace(order, signature=stage.listing(2).signature)
    assert await stage.codes(unsigned) == {Code.UNSIGNED}
    assert await stage.codes(forged) == {Code.BAD_SIGNATURE}
    stage.chain.send(stage.seaport.contract.functions.validate([(parameters(order.components), b"")]), stage.seller)
    assert await stage.codes(unsigned) == set()
    assert await stage.codes(forged) == set()


async def test_a_contract_wallet_sells_while_it_takes_the_signature(stage: Stage) -> None:
    chain = stage.chain
    wallet = chain.deploy("TestWallet1271", stage.seller)
    chain.send(stage.cats.functions.transferFrom(stage.seller, wallet.address, 1), stage.seller)
    approving = stage.cats.functions.setApprovalForAll(stage.conduit, True)
    chain.send(wallet.functions.execute(stage.cats.address, 0, calldata(approving)), stage.seller)
    made = listing(lower(wallet.address), stage.cat(1), Price.fixed(ETHER), FEES, stage.seaport.frame())
    order = SubmittedOrder.of(made)
    order = replace(order, signature=sign_digest(stage.seller, stage.seaport.domain.digest(order.hash)))
    assert await stage.codes(order) == set()
    chain.send(wallet.functions.setOwner(stage.bidder), stage.seller)
    assert await stage.codes(order) == {Code.SIGNATURE_NOT_ACCEPTED}


def sign_digest(account: str, digest: bytes) -> bytes:
    made = PrivateKey.from_hex(KEYS[account][2:]).sign_recoverable(digest, hasher=None)
    return made[:64] + bytes([made[64] + 27])


async def test_a_key_without_a_conduit_and_a_closed_conduit_are_found(stage: Stage) -> None:
    nobodys = stage.listing(conduit_key="0x" + "99" * 32)
    assert await stage.codes(nobodys) == {Code.UNKNOWN_CONDUIT}
    order, market = stage.listing(), stage.seaport.market
    controller = stage.chain.at("ConduitController", market.conduit_controller).functions
    closing = controller.updateChannel(checksum(market.conduit), checksum(market.seaport), False)
    stage.chain.send(closing, DEPLOYER.address)
    assert await stage.codes(order) == {Code.CONDUIT_CLOSED}


@pytest.mark.parametrize("is_listing", [True, False], ids=["list", "offer"])
async def test_what_we_build_is_filled_as_the_wallet_signs_it(stage: Stage, is_listing: bool) -> None:
    maker = lower(stage.seller if is_listing else stage.bidder)
    stage.chain.send(stage.seaport.contract.functions.incrementCounter(), checksum(maker))
    now = stage.chain.now()
    wish = Wish(
        maker=maker,
        token=stage.cat(1 if is_listing else GIVEN),
        price=Price.fixed(ETHER, None if is_listing else stage.dollars),
        is_listing=is_listing,
        start_time=now,
        end_time=now + 3600,
        salt=5,
        conduit_key=CONDUIT,
    )
    (facts,) = await facts_of(stage.client, stage.market, [preliminary(wish, stage.policy)])
    draft = complete(wish, stage.policy, facts, now)
    order = stage.sign(draft.order.components)
    assert await stage.codes(order) == set()
    stage.fill(order)
    for recipient, basis_points in ((MARKETPLACE, 250), (ARTIST, 500)):
        account = checksum(recipient)
        paid = (
            stage.chain.w3.eth.get_balance(account)
            if is_listing
            else stage.seaport.currency.functions.balanceOf(account).call()
        )
        assert paid == ETHER * basis_points // 10_000


def _orders(stage: Stage) -> list[SubmittedOrder]:
    """One of each kind, some of which end soon or begin late."""
    now = stage.chain.now()
    seller, bidder = lower(stage.seller), lower(stage.bidder)
    fixed, dollars = Price.fixed(ETHER), Price.fixed(ETHER, stage.dollars)
    falling = Price(Wei(4 * ETHER), Wei(ETHER), stage.dollars)
    any_cat = Token(lower(stage.cats.address), Standard.ERC721, 0, has_criteria=True, quantity=1)
    timed = stage.seaport.frame(start_time=now, end_time=now + 5000)
    direct = Frame(now, FOR_GOOD, 1, 0, ZERO_BYTES32)
    late = stage.seaport.frame(start_time=now + 1500)
    made = [
        listing(seller, stage.cat(1), fixed, FEES, stage.seaport.frame()),
        listing(seller, stage.cat(2), falling, FEES, timed),
        listing(seller, stage.cat(3), fixed, FEES, direct),
        listing(seller, stage.units(10), fixed, FEES, stage.seaport.frame()),
        listing(seller, stage.units(4), dollars, FEES, late),
        offer(bidder, stage.cat(GIVEN), dollars, FEES, direct),
        offer(bidder, any_cat, falling, FEES, timed),
        offer(bidder, stage.units(6), falling, FEES, timed),
    ]
    return [stage.sign(order) for order in made]


def _moves(stage: Stage, orders: list[SubmittedOrder], chance: random.Random) -> list[Callable[[], object]]:
    """What may happen next. A move that the chain refuses changes nothing."""
    cats, prints, currency = stage.cats.functions, stage.prints.functions, stage.seaport.currency.functions
    seaport, mine = stage.seaport.contract.functions, stage.chain.mine
    seller, bidder, dealer, yes = stage.seller, stage.bidder, stage.dealer, chance.random() < 0.6
    spender = checksum(chance.choice([stage.conduit, stage.seaport.market.seaport]))
    token, amount, order = chance.randint(1, 3), chance.randint(0, 8 * ETHER), chance.choice(orders)
    holder = stage.cats.functions.ownerOf(token).call()
    maker = checksum(order.read.maker)
    part = (chance.randint(1, order.read.quantity), order.read.quantity) if order.read.in_parts else (1, 1)
    criteria = [] if order.read.criteria is None else [(GIVEN, ())]
    filling = stage.seaport.fulfill(order.components, order.signature, part=part, criteria=criteria)
    value = 10 * ETHER if order.read.currency is None else 0
    return [
        lambda: mine(cats.transferFrom(holder, bidder if holder == seller else seller, token), holder),
        lambda: mine(prints.safeTransferFrom(seller, dealer, 4, chance.randint(1, 5), b""), seller),
        lambda: mine(prints.safeTransferFrom(dealer, seller, 4, chance.randint(1, 5), b""), dealer),
        lambda: mine(cats.setApprovalForAll(spender, yes), seller),
        lambda: mine(prints.setApprovalForAll(spender, yes), seller),
        lambda: mine(cats.approve(spender, token), holder),
        lambda: mine(currency.approve(spender, EVERYTHING if yes else amount), bidder),
        lambda: mine(currency.transfer(dealer, amount), bidder),
        lambda: mine(currency.transfer(bidder, amount), dealer),
        lambda: mine(seaport.cancel([components(order.components)]), maker) if chance.random() < 0.4 else None,
        lambda: mine(seaport.incrementCounter(), maker) if chance.random() < 0.1 else None,
        lambda: mine(seaport.validate([(parameters(order.components), order.signature)]), dealer),
        lambda: (mine(filling, dealer, value), _give_back(stage)),
        lambda: (mine(filling, dealer, value), _give_back(stage)),
    ]


def _give_back(stage: Stage) -> None:
    """The dealer has the token that fills offers, whatever was sold."""
    if stage.cats.functions.ownerOf(GIVEN).call() == stage.bidder:
        stage.chain.send(stage.cats.functions.transferFrom(stage.bidder, stage.dealer, GIVEN), stage.bidder)


@pytest.mark.parametrize("seed", range(4))
async def test_an_order_is_active_if_and_only_if_it_can_be_filled(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    orders = _orders(stage)
    orders.append(replace(orders[0], signature=orders[1].signature))
    seen: set[OrderStatus] = set()
    for _ in range(12):
        for _ in range(chance.randint(1, 2)):
            chance.choice(_moves(stage, orders, chance))()
        now = stage.chain.now() + chance.choice([1, 1, 1, 1600, 4999, 5200])
        for order, verdict in zip(orders, await stage.judge(*orders, now=now), strict=True):
            said = (seed, order.read.side, verdict, now)
            assert (verdict.status is OrderStatus.ACTIVE) == stage.fills(order, verdict.fillable, now), said
            if any(finding.code is Code.PARTLY_COVERED for finding in verdict.findings):
                assert not stage.fills(order, verdict.fillable + 1, now), said
            seen.add(verdict.status)
    assert {OrderStatus.ACTIVE, OrderStatus.INACTIVE} <= seen
