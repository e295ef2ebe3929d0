"""What the real Seaport emits is indexed: each kind of fill is the sale that the chain's balances tell of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest
from web3.contract import Contract

from steadymint.chain.nodes.chain import FACTORY, SEAPORT, WRAPPED_NATIVE
from steadymint.domain.market.build import Price, Token, listing, offer
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.hashing import order_hash
from steadymint.domain.market.policy import Currency
from steadymint.domain.types import Address, ChainId, Standard, Wei
from tests.contracts.harness import NO_REF, Chain, CollectionInit, House
from tests.contracts.seaport import (
    ARTIST,
    ETHER,
    FEES,
    MARKETPLACE,
    Seaport,
    account,
    checksum,
    components,
    parameters,
)
from tests.contracts.test_fungible_tokens import TokenInit, launched
from tests.support.forged_trades import put_order
from tests.support.indexing import Driver, Index, catalog_of, fetch

EVERYTHING = 2**256 - 1
SALES = """
select contract, token_number::int, seller_address, buyer_address, quantity::int, price_amount::text, fees_amount::text,
    royalty_amount::text, bundle, marketplace_id = catalog_service.marketplace_id('steadymint') as is_ours
from catalog_service.sales order by place, token_number"""
STATS = """
select listed_count, trim_scale(floor_price_native)::text as floor, sales_count, trim_scale(volume_all)::text as volume
from catalog_service.collection_stats s join catalog_service.collections c on c.id = s.collection_id
where c.contract_address = $1"""
ACCOUNTS = """
select account, sales_count, purchases_count, trim_scale(volume_sold)::text as sold,
    trim_scale(volume_purchased)::text as purchased
from catalog_service.account_stats where sales_count + purchases_count > 0 order by account"""


class Stage:
    """Alice has ten cats and ten units, bob has wrapped ether, and the indexer follows Seaport."""

    def __init__(self, seaport: Seaport, index: Index, cats: Contract, prints: Contract, alice: str, bob: str) -> None:
        self.seaport, self.evm, self.index = seaport, seaport.chain, index
        self.cats, self.prints = cats, prints
        self.alice, self.bob = alice, bob
        market, contracts = seaport.market, index.driver.contracts
        wrapped = market.wrapped_native.lower()
        roles = {contracts.factory: FACTORY, market.seaport.lower(): SEAPORT, wrapped: WRAPPED_NATIVE}
        index.chain = {"roles": roles, "currencies": {wrapped: Currency("WETH", 18, is_native=True)}}

    @property
    def wrapped(self) -> Address:
        return Address(self.seaport.market.wrapped_native)

    def cat(self, number: int) -> Token:
        return Token(account(self.cats.address), Standard.ERC721, number)

    def listed(self, token: Token, price: int = ETHER) -> OrderComponents:
        return listing(account(self.alice), token, Price.fixed(price), FEES, self.seaport.frame())

    def offered(self, number: int) -> OrderComponents:
        return offer(account(self.bob), self.cat(number), Price.fixed(ETHER, self.wrapped), (), self.seaport.frame())

    def fill(self, order: OrderComponents, value: int = 0, *, by: str | None = None, **given: Any) -> None:
        self.evm.send(self.seaport.fulfill(order, self.seaport.sign(order), **given), by or self.bob, value)

    async def keep(self, dsn: str, order: OrderComponents, number: int, **given: Any) -> None:
        """Put the order into the catalog."""
        connection = await asyncpg.connect(dsn)
        chain = ChainId(self.index.driver.anvil.caip2)
        named = {"contract": account(self.cats.address), "standard": "erc721"} | given
        try:
            await put_order(
                connection, chain, int.from_bytes(order_hash(order)), order.offerer, number, checked=0, **named
            )
        finally:
            await connection.close()

    async def indexed(self) -> None:
        await self.index.driver.anvil.mine(3)
        await self.index.catch_up()

    async def rows(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        found: list[Mapping[str, Any]] = await fetch(self.index.dsn, query, *arguments)
        return [tuple(row.values()) for row in found]


@pytest.fixture
def stage(house: House, seaport: Seaport, index: Index, evm: Chain, owner: str, alice: str, bob: str) -> Stage:
    conduit = checksum(seaport.market.conduit)
    init = CollectionInit(owner=owner, royalty_receiver=checksum(ARTIST))
    cats, prints = house.create(0, init), house.create(1, init)
    evm.send(cats.functions.airdrop(alice, 10, NO_REF), owner)
    evm.send(prints.functions.airdrop(alice, [4], [10], NO_REF), owner)
    for collection in (cats, prints):
        evm.send(collection.functions.setApprovalForAll(conduit, True), alice)
    evm.send(seaport.currency.functions.deposit(), bob, 10 * ETHER)
    for trader in (alice, bob):
        evm.send(seaport.currency.functions.approve(conduit, EVERYTHING), trader)
    return Stage(seaport, index, cats, prints, alice, bob)


async def test_every_kind_of_fill_is_the_sale_that_it_is(stage: Stage, driver: Driver, fresh_index: str) -> None:
    evm, seaport, functions = stage.evm, stage.seaport, stage.seaport.contract.functions
    bought, wanted = stage.listed(stage.cat(1)), stage.offered(2)
    asked = listing(account(stage.alice), stage.cat(3), Price.fixed(ETHER, stage.wrapped), (), seaport.frame())
    both = (asked, stage.offered(3))
    units = stage.listed(Token(account(stage.prints.address), Standard.ERC1155, 4, quantity=10))
    two = stage.listed(stage.cat(4))
    second = two.offer[0].model_copy(update={"identifier_or_criteria": 5})
    bundle = two.model_copy(update={"offer": (*two.offer, second)})
    withdrawn, outdated, validated = (stage.listed(stage.cat(number)) for number in (6, 7, 8))
    # An honest coin: whoever pays themselves first still has all of it for the seller.
    born = TokenInit(stage.bob, stage.bob, supply=EVERYTHING)
    coin = launched(evm, evm.at("TokenFactory", driver.contracts.token_factory), born, stage.bob)
    evm.send(coin.functions.approve(checksum(seaport.market.conduit), EVERYTHING), stage.bob)
    dear = listing(
        account(stage.alice), stage.cat(9), Price.fixed(Wei(EVERYTHING), account(coin.address)), (), seaport.frame()
    )
    (paid_to_alice,) = dear.consideration
    paid_to_bob = paid_to_alice.model_copy(update={"recipient": account(stage.bob)})
    dear = dear.model_copy(update={"consideration": (paid_to_bob, paid_to_alice)})
    prints = {"contract": account(stage.prints.address), "standard": "erc1155", "quantity": 10}
    for dsn in (stage.index.dsn, fresh_index):
        await stage.keep(dsn, bought, 1)
        await stage.keep(dsn, units, 4, **prints)
        await stage.keep(dsn, withdrawn, 6)
        await stage.keep(dsn, outdated, 7)

    stage.fill(bought, ETHER)
    stage.fill(wanted, by=stage.alice)
    matching = seaport.match(*((order, seaport.sign(order)) for order in both))
    evm.send(matching, evm.accounts[7])
    for part, value in (((3, 10), 3 * ETHER), ((1, 2), 5 * ETHER)):
        stage.fill(units, value, part=part)
    stage.fill(bundle, ETHER)
    stage.fill(dear)
    evm.send(functions.validate([(parameters(validated), b"")]), stage.alice)
    evm.send(functions.cancel([components(withdrawn)]), stage.alice)
    await stage.indexed()
    known = "select status, quantity_filled::int from catalog_service.orders where order_hash = $1"
    standing = {
        name: await stage.rows(known, "0x" + order_hash(order).hex())
        for name, order in (("bought", bought), ("units", units), ("withdrawn", withdrawn), ("outdated", outdated))
    }
    assert standing == {
        "bought": [("filled", 1)],
        "units": [("active", 8)],
        "withdrawn": [("cancelled", 0)],
        "outdated": [("active", 0)],
    }
    evm.send(functions.incrementCounter(), stage.alice)
    await stage.indexed()
    assert await stage.rows(known, "0x" + order_hash(outdated).hex()) == [("cancelled", 0)]

    cats, prints_at = account(stage.cats.address), account(stage.prints.address)
    alice, bob = account(stage.alice), account(stage.bob)
    fee, royalty, half = str(ETHER // 40), str(ETHER // 20), str(ETHER // 2)
    one = (alice, bob, 1, str(ETHER))
    assert await stage.rows(SALES) == [
        (cats, 1, *one, fee, royalty, 1, True),
        (cats, 2, *one, "0", "0", 1, False),
        (cats, 3, *one, "0", "0", 1, False),
        (prints_at, 4, alice, bob, 3, str(3 * ETHER), str(3 * ETHER // 40), str(3 * ETHER // 20), 1, True),
        (prints_at, 4, alice, bob, 5, str(5 * ETHER), str(5 * ETHER // 40), str(5 * ETHER // 20), 1, True),
        (cats, 4, alice, bob, 1, half, str(ETHER // 80), str(ETHER // 40), 2, False),
        (cats, 5, alice, bob, 1, half, str(ETHER // 80), str(ETHER // 40), 2, False),
        (cats, 9, alice, bob, 1, str(2 * EVERYTHING), str(EVERYTHING), "0", 1, False),
    ]
    paid = (
        evm.w3.eth.get_balance(checksum(MARKETPLACE))
        + seaport.currency.functions.balanceOf(checksum(MARKETPLACE)).call()
    )
    fees = "select sum(fees_amount)::text from catalog_service.sales where is_native"
    assert await stage.rows(fees) == [(str(paid),)]
    ((said,),) = await stage.rows("select components->>'offerer' from catalog_service.order_validations")
    assert said == alice
    await stage.index.catch_up(dsn=fresh_index)
    lived, replayed = await catalog_of(stage.index.dsn), await catalog_of(fresh_index)
    assert lived == replayed


async def test_a_reorg_over_a_sale_takes_sale_fill_owner_floor_volume_and_statistics_back(stage: Stage) -> None:
    cheap, dear = stage.listed(stage.cat(1)), stage.listed(stage.cat(2), 3 * ETHER)
    cats = account(stage.cats.address)
    await stage.indexed()
    await stage.keep(stage.index.dsn, cheap, 1)
    await stage.keep(stage.index.dsn, dear, 2, price=3 * ETHER)
    before = await catalog_of(stage.index.dsn)
    anvil = stage.index.driver.anvil
    snapshot = await anvil.rpc("evm_snapshot")
    stage.fill(cheap, ETHER)
    await stage.indexed()
    assert await stage.rows(STATS, cats) == [(1, "3", 1, "1")]
    traded = [(account(stage.alice), 1, 0, "1", "0"), (account(stage.bob), 0, 1, "0", "1")]
    assert await stage.rows(ACCOUNTS) == sorted(traded)

    await anvil.rpc("evm_revert", snapshot)
    await anvil.rpc("evm_increaseTime", hex(1000))
    await anvil.mine(8)
    assert (await stage.index.catch_up()).reorgs == 1
    assert await stage.rows(STATS, cats) == [(2, "1", 0, "0")]
    assert await stage.rows(ACCOUNTS) == []
    after = await catalog_of(stage.index.dsn)
    for table in ("sales", "order_fills", "orders", "account_stats", "collection_volume_hours", "tokens"):
        assert after[table] == before[table], table
