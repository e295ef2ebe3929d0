"""Orders that are built: what a wallet signs is what the market takes and Seaport fills."""

from __future__ import annotations

import time
from typing import Any

import pytest
from eth_typing import HexStr

from steadymint.domain.errors import InvalidInputError, UnknownCollectionError
from steadymint.domain.market.bulk import BulkTree
from steadymint.domain.market.intake import (
    BuiltOrders,
    HandedOrder,
    OrderWish,
    OrderWishes,
    Taking,
    TokenChoice,
    WishKind,
)
from steadymint.domain.types import Address, TokenId
from steadymint.market import token_sets
from tests.contracts.order_stage import lower
from tests.contracts.seaport import ETHER, checksum, sign
from tests.support.trading import CHAIN, Trading
from tests.support.traits import Drop


def wish(trading: Trading, **given: Any) -> OrderWish:
    """A listing of the seller's first cat for one ether."""
    usual: dict[str, Any] = {
        "kind": WishKind.LIST,
        "maker": lower(trading.stage.seller),
        "contract": lower(trading.stage.cats.address),
        "token_id": 1,
        "quantity": 1,
        "price": "1",
    }
    return OrderWish(**usual | given)


def bid(trading: Trading, kind: WishKind = WishKind.OFFER, **given: Any) -> OrderWish:
    usual: dict[str, Any] = {"kind": kind, "maker": lower(trading.stage.bidder), "token_id": None}
    return wish(trading, **usual | ({"token_id": 8} if kind is WishKind.OFFER else {}) | given)


async def build(trading: Trading, *wishes: OrderWish) -> BuiltOrders:
    return await trading.building.build(OrderWishes(chain_id=CHAIN, wishes=wishes))


async def sign_and_take(trading: Trading, built: BuiltOrders, maker: str) -> list[Taking]:
    signature = sign(maker, built.typed_data)
    signatures = [signature]
    if len(built.orders) > 1:
        tree = BulkTree([bytes.fromhex(one.order_hash[2:]) for one in built.orders])
        signatures = [tree.signature(index, signature) for index in range(len(built.orders))]
    handed = [
        HandedOrder(components=one.components, signature="0x" + own.hex(), stated_hash=one.order_hash)
        for one, own in zip(built.orders, signatures, strict=True)
    ]
    return [one.outcome for one in await trading.take(*handed)]


async def test_a_listing_has_fee_royalty_and_price_filled_in_and_is_taken_as_signed(trading: Trading) -> None:
    built = await build(trading, wish(trading, price="1.5"))
    (one,) = built.orders
    assert one.findings == ()
    paid = [item.start_amount for item in one.components.consideration]
    assert sum(paid) == 3 * ETHER // 2
    assert paid[1:] == [sum(paid) * 250 // 10_000, sum(paid) * 500 // 10_000]
    assert await sign_and_take(trading, built, trading.stage.seller) == [Taking.CREATED]
    assert [row["status"] for row in await trading.rows()] == ["active"]


async def test_offers_of_each_kind_are_made_in_the_wrapped_currency(trading: Trading) -> None:
    choice = TokenChoice(tokens=(TokenId(7), TokenId(8)))
    built = await build(
        trading,
        bid(trading),
        bid(trading, WishKind.COLLECTION_OFFER),
        bid(trading, WishKind.TRAIT_OFFER, choice=choice),
        bid(trading, WishKind.COLLECTION_OFFER, contract=lower(trading.stage.prints.address), quantity=5),
    )
    assert {one.components.offer[0].token for one in built.orders} == {trading.market.wrapped_native}
    assert [one.findings for one in built.orders] == [()] * 4
    signature = sign(trading.stage.bidder, built.typed_data)
    tree = BulkTree([bytes.fromhex(one.order_hash[2:]) for one in built.orders])
    handed = [
        HandedOrder(components=one.components, signature="0x" + tree.signature(index, signature).hex(), choice=chosen)
        for index, (one, chosen) in enumerate(
            zip(built.orders, [TokenChoice(), TokenChoice(), choice, TokenChoice()], strict=True)
        )
    ]
    assert {one.outcome for one in await trading.take(*handed)} == {Taking.CREATED}
    rows = {row["side"]: row for row in await trading.rows() if row["quantity"] == 1}
    assert set(rows) == {"item_offer", "collection_offer", "trait_offer"}
    assert {row["status"] for row in await trading.rows()} == {"active"}


async def test_several_orders_are_signed_at_once(trading: Trading) -> None:
    built = await build(trading, *(wish(trading, token_id=token) for token in (1, 2, 3)))
    assert built.typed_data["primaryType"] == "BulkOrder"
    assert await sign_and_take(trading, built, trading.stage.seller) == [Taking.CREATED] * 3
    assert [row["status"] for row in await trading.rows()] == ["active"] * 3


async def test_an_order_says_which_approval_is_missing(trading: Trading) -> None:
    stage = trading.stage
    stage.chain.send(stage.cats.functions.setApprovalForAll(stage.conduit, False), stage.seller)
    stage.chain.send(stage.seaport.currency.functions.approve(stage.conduit, 5), stage.bidder)
    (listed,) = (await build(trading, wish(trading))).orders
    (offered,) = (await build(trading, bid(trading))).orders
    found = [finding for one in (listed, offered) for finding in one.findings]
    assert [finding.code for finding in found] == ["not_approved", "insufficient_allowance"]
    for finding, sender in zip(found, (stage.seller, stage.bidder), strict=True):
        assert finding.approval is not None
        tx = finding.approval.tx_request
        stage.chain.w3.eth.send_transaction({"from": checksum(sender), "to": checksum(tx.to), "data": HexStr(tx.data)})
    assert [one.findings for one in (await build(trading, wish(trading))).orders] == [()]
    assert [one.findings for one in (await build(trading, bid(trading))).orders] == [()]


async def test_the_counter_of_the_maker_is_the_one_that_is_signed(trading: Trading) -> None:
    stage = trading.stage
    stage.chain.send(stage.seaport.contract.functions.incrementCounter(), stage.seller)
    built = await build(trading, wish(trading))
    assert built.orders[0].components.counter == stage.seaport.contract.functions.getCounter(stage.seller).call()
    assert await sign_and_take(trading, built, stage.seller) == [Taking.CREATED]


async def test_a_trait_offer_takes_the_tokens_that_have_the_traits_now(trading: Trading) -> None:
    drop = await Drop.of(trading.pool, 5, number=3)
    blue_cats = {0: {"Fur": "Blue", "Eyes": "Red"}, 1: {"Fur": "blue"}, 2: {"Fur": "Teal", "Eyes": "Red"}}
    await drop.write(blue_cats | {3: {"Fur": "Gold", "Eyes": "Red"}})
    contract = Address(drop.row["contract_address"])

    async def wanted(**traits: tuple[str, ...]) -> list[int]:
        asked = bid(trading, WishKind.TRAIT_OFFER, contract=contract, choice=TokenChoice(traits=traits))
        (built,) = (await build(trading, asked)).orders
        root = f"0x{built.components.consideration[0].identifier_or_criteria:064x}"
        rows = await trading.pool.fetch(
            "select m.token_number from catalog_service.token_set_members m"
            " join catalog_service.token_sets s on s.no = m.set_no where s.root = $1 order by 1",
            root,
        )
        return [int(row["token_number"]) for row in rows]

    assert await wanted(Fur=("Blue",)) == [0, 1]
    assert await wanted(FUR=("blue", "teal")) == [0, 1, 2]
    assert await wanted(Fur=("Blue", "Teal"), Eyes=("red",)) == [0, 2]
    for unknown in ({"Fur": ("Green",)}, {"Tail": ("Blue",)}, {"Fur": ("Blue",), "Tail": ("Blue",)}):
        with pytest.raises(InvalidInputError, match="No token"):
            await wanted(**unknown)


@pytest.mark.parametrize("several", [False, True], ids=["one trait", "two traits"])
async def test_a_trait_that_too_many_tokens_have_makes_no_offer(
    trading: Trading, monkeypatch: pytest.MonkeyPatch, several: bool
) -> None:
    drop = await Drop.of(trading.pool, 4, number=3)
    await drop.write({token: {"Fur": "Blue", "Eyes": "Red"} for token in range(4)})
    monkeypatch.setattr(token_sets, "MAX_TOKENS", 3)
    traits = {"Fur": ("Blue",)} | ({"Eyes": ("Red",)} if several else {})
    asked = bid(trading, WishKind.TRAIT_OFFER, contract=Address(drop.row["contract_address"]))
    with pytest.raises(InvalidInputError, match="More than 3 tokens"):
        await build(trading, asked.model_copy(update={"choice": TokenChoice(traits=traits)}))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"price": "0"}, "above zero"),
        ({"price": "0.0000000000000000001"}, "18 decimals"),
        ({"currency": Address("0x" + "0d" * 20)}, "currency"),
        ({"end_time": 1}, "must end after"),
        ({"start_time": 2**60, "end_time": 2**60 - 1}, "must end after"),
        ({"token_id": None}, "tokenId"),
        ({"quantity": 2}, "quantity"),
        ({"kind": WishKind.TRAIT_OFFER}, "tokens, or traits"),
    ],
)
async def test_a_wish_that_makes_no_order_says_why(trading: Trading, given: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        await build(trading, wish(trading, **given))


async def test_nothing_is_built_for_a_collection_that_the_catalog_does_not_have(trading: Trading) -> None:
    with pytest.raises(UnknownCollectionError):
        await build(trading, wish(trading, contract=Address("0x" + "0d" * 20)))


async def test_an_order_lasts_for_thirty_days_unless_its_maker_says_otherwise(trading: Trading) -> None:
    now = int(time.time())
    usual, short = (await build(trading, wish(trading), wish(trading, start_time=now, end_time=now + 60))).orders
    assert usual.components.end_time - usual.components.start_time == 30 * 86_400
    assert (short.components.start_time, short.components.end_time) == (now, now + 60)
    assert usual.components.salt != short.components.salt
