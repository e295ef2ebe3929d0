"""Orders that are handed in: on a real chain, against real rules, into real rows."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from eth_typing import HexStr

from steadymint.domain.market.build import Price, Token, listing, offer
from steadymint.domain.market.components import OrderType
from steadymint.domain.market.criteria import CriteriaTree
from steadymint.domain.market.findings import Code
from steadymint.domain.market.intake import HandedOrder, Taking, TokenChoice
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Standard, TokenId
from steadymint.market.token_sets import TokenSets, TokenSetSweep
from tests.contracts.order_stage import FEES, lower
from tests.contracts.seaport import ETHER
from tests.support.trading import CHAIN, Trading, codes, handed_in

SOME_TOKENS = tuple(TokenId(token) for token in (1, 2, 8))


def trait_offer(trading: Trading) -> SubmittedOrder:
    stage = trading.stage
    root = CriteriaTree(SOME_TOKENS).root
    wanted = Token(lower(stage.cats.address), Standard.ERC721, root, has_criteria=True)
    price = Price.fixed(ETHER, stage.dollars)
    return stage.sign(offer(lower(stage.bidder), wanted, price, FEES, stage.seaport.frame()))


async def test_a_listing_becomes_a_row_that_says_what_was_signed(trading: Trading) -> None:
    order = trading.stage.listing()
    (taken,) = await trading.take(order)
    assert (taken.outcome, taken.findings) == (Taking.CREATED, ())
    (row,) = await trading.rows()
    assert row["order_hash"] == taken.order_hash == "0x" + order.hash.hex()
    assert (row["status"], row["side"], row["token_number"]) == ("active", "listing", 1)
    assert (row["price_amount"], row["price_native_text"], row["is_native"]) == (ETHER, "1", True)
    assert (row["fee_bps"], row["royalty_bps"]) == (250, 500)
    assert row["conduit"] == trading.market.conduit
    assert row["maker"] == row["components"]["offerer"] == lower(trading.stage.seller)
    kept = await trading.pool.fetchval(
        "select catalog_service.token_id($1, $2, 1)", CHAIN, lower(trading.stage.cats.address)
    )
    assert row["token_id"] == kept


async def test_the_same_order_twice_is_the_same_row(trading: Trading) -> None:
    order = trading.stage.listing()
    (first,), (again,) = await trading.take(order), await trading.take(order)
    assert (first.outcome, again.outcome) == (Taking.CREATED, Taking.KNOWN)
    (both,) = [await trading.rows()]
    assert len(both) == 1
    assert await trading.pool.fetchval("select count(*) from catalog_service.order_events") == 1


async def test_an_order_is_checked_again_behind_what_is_indexed(trading: Trading) -> None:
    await trading.pool.execute(
        "insert into indexer_service.indexer_checkpoints (chain_id, last_block, last_block_hash) values ($1, $2, $3)",
        CHAIN,
        10**6,
        "0x" + "11" * 32,
    )
    await trading.take(trading.stage.listing())
    (cause,) = await trading.pool.fetch("select * from catalog_service.order_causes")
    (row,) = await trading.rows()
    assert (cause["cause"], cause["order_id"]) == ("order", row["id"])
    assert cause["block"] == 10**6 + 1 > row["checked_block"]


async def test_an_order_that_cannot_be_filled_yet_is_kept_as_inactive_and_says_what_to_send(trading: Trading) -> None:
    stage = trading.stage
    stage.chain.send(stage.cats.functions.setApprovalForAll(stage.conduit, False), stage.seller)
    (taken,) = await trading.take(stage.listing())
    assert (taken.outcome, codes(taken)) == (Taking.CREATED, ["not_approved"])
    (row,) = await trading.rows()
    assert (row["status"], row["reasons"]) == ("inactive", ["not_approved"])
    approval = taken.findings[0].approval
    assert approval is not None
    request = approval.tx_request
    assert (request.from_, request.to) == (lower(stage.seller), lower(stage.cats.address))
    stage.chain.w3.eth.send_transaction({"from": stage.seller, "to": stage.cats.address, "data": HexStr(request.data)})
    assert stage.cats.functions.isApprovedForAll(stage.seller, stage.conduit).call()


async def test_a_refused_order_leaves_no_row(trading: Trading) -> None:
    stage = trading.stage
    order = stage.listing()
    free = listing(order.read.maker, stage.cat(1), Price.fixed(ETHER), (), stage.seaport.frame())
    wrong = [
        (replace(order, signature=stage.listing(2).signature), "bad_signature"),
        (stage.sign(order.components.model_copy(update={"zone": "0x" + "aa" * 20})), "unknown_zone"),
        (stage.sign(free), "missing_fee"),
        (stage.listing(counter=1), "wrong_counter"),
        (stage.listing(conduit_key="0x" + "99" * 32), "unknown_conduit"),
    ]
    taken = await trading.take(*(order for order, _ in wrong))
    for one, (_, code) in zip(taken, wrong, strict=True):
        assert one.outcome is Taking.REFUSED
        assert code in codes(one)
    assert await trading.rows() == []


async def test_an_order_that_the_market_does_not_understand_is_refused_without_asking_the_chain(
    trading: Trading,
) -> None:
    components = trading.stage.listing().components.model_copy(update={"order_type": OrderType.CONTRACT})
    await trading.pool.execute("update chain_registry_service.chain_endpoints set url = 'http://127.0.0.1:9'")
    (taken,) = await trading.take(HandedOrder(components=components))
    assert (taken.outcome, codes(taken)) == (Taking.REFUSED, ["unsupported"])


async def test_an_order_about_a_contract_that_the_catalog_does_not_have_is_refused(trading: Trading) -> None:
    stage = trading.stage
    await trading.pool.execute("delete from catalog_service.collections where standard = 'erc721'")
    (taken,) = await trading.take(stage.listing())
    assert (taken.outcome, codes(taken)) == (Taking.REFUSED, [Code.UNKNOWN_COLLECTION])
    assert await trading.rows() == []


async def test_the_hash_that_the_sender_states_must_be_the_orders(trading: Trading) -> None:
    order = trading.stage.listing()
    right, wrong = (handed_in(order, stated_hash=stated) for stated in ("0x" + order.hash.hex(), "0x" + "00" * 32))
    (refused,) = await trading.take(wrong)
    assert (refused.outcome, codes(refused)) == (Taking.REFUSED, ["wrong_hash"])
    (taken,) = await trading.take(right)
    assert taken.outcome is Taking.CREATED


async def test_a_trait_offer_is_taken_with_its_tokens_and_known_by_its_root_from_then_on(trading: Trading) -> None:
    order = trait_offer(trading)
    (unknown,) = await trading.take(order)
    (wrong,) = await trading.take(handed_in(order, choice=TokenChoice(tokens=(TokenId(1), TokenId(2)))))
    assert codes(unknown) == codes(wrong) == [Code.UNKNOWN_TOKENS]
    (taken,) = await trading.take(handed_in(order, choice=TokenChoice(tokens=SOME_TOKENS)))
    assert taken.outcome is Taking.CREATED
    members = await trading.pool.fetch(
        "select m.token_number from catalog_service.token_set_members m"
        " join catalog_service.orders o on o.token_set = m.set_no order by 1"
    )
    assert [row["token_number"] for row in members] == list(SOME_TOKENS)
    stage = trading.stage
    other = stage.sign(order.components.model_copy(update={"salt": 99}))
    (again,) = await trading.take(other)
    assert again.outcome is Taking.CREATED


async def test_a_refused_trait_offer_leaves_no_tokens(trading: Trading) -> None:
    order = replace(trait_offer(trading), signature=b"\x01" * 65)
    (taken,) = await trading.take(handed_in(order, choice=TokenChoice(tokens=SOME_TOKENS)))
    assert (taken.outcome, codes(taken)) == (Taking.REFUSED, ["bad_signature"])
    assert await trading.pool.fetchval("select count(*) from catalog_service.token_sets") == 0


async def test_tokens_that_no_order_has_named_are_deleted_after_a_day(trading: Trading) -> None:
    sets, sweep, contract = TokenSets(trading.pool), TokenSetSweep(trading.pool), lower(trading.stage.cats.address)
    await trading.take(handed_in(trait_offer(trading), choice=TokenChoice(tokens=SOME_TOKENS)))
    for root in (1, 2):
        await sets.keep(CHAIN, contract, root, SOME_TOKENS)
    assert await sweep.run() == 0, "their day is not over"
    await trading.pool.execute("update catalog_service.token_sets set wanted_at = now() - interval '25 h'")
    await sets.keep(CHAIN, contract, 2, SOME_TOKENS)
    assert [await sweep.run(), await sweep.run()] == [1, 0]
    assert await sets.find(CHAIN, contract, 1) is None
    for root in (2, CriteriaTree(SOME_TOKENS).root):
        assert await sets.tokens(CHAIN, contract, root) == list(SOME_TOKENS)


async def test_tokens_that_are_deleted_while_an_offer_is_checked_are_kept_anew(
    trading: Trading, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, find = trait_offer(trading), TokenSets.find
    root, contract = order.read.criteria, order.read.contract
    assert root is not None
    await TokenSets(trading.pool).keep(CHAIN, contract, root, SOME_TOKENS)

    async def found_and_swept(self: TokenSets, *place: Any) -> int | None:
        found = await find(self, *place)
        await trading.pool.execute("update catalog_service.token_sets set wanted_at = now() - interval '25 h'")
        await TokenSetSweep(trading.pool).run()
        return found

    monkeypatch.setattr(TokenSets, "find", found_and_swept)
    (taken,) = await trading.take(handed_in(order, choice=TokenChoice(tokens=SOME_TOKENS)))
    assert taken.outcome is Taking.CREATED
    assert await TokenSets(trading.pool).tokens(CHAIN, contract, root) == list(SOME_TOKENS)


async def test_the_same_orders_from_two_sides_at_once_are_taken_once(trading: Trading) -> None:
    orders = [trading.stage.listing(token) for token in range(1, 6)]
    one, other = await asyncio.gather(trading.take(*orders), trading.take(*reversed(orders)))
    assert {taken.outcome for taken in (*one, *other)} <= {Taking.CREATED, Taking.KNOWN}
    assert sum(taken.outcome is Taking.CREATED for taken in (*one, *other)) == len(orders)
    assert len(await trading.rows()) == len(orders)


@pytest.mark.parametrize("others", [0, 1], ids=["alone", "with another"])
async def test_an_order_that_was_partly_filled_before_has_the_fills_that_are_indexed(
    trading: Trading, others: int
) -> None:
    stage = trading.stage
    frame = stage.seaport.frame()
    order = stage.sign(listing(lower(stage.seller), stage.units(10), Price.fixed(ETHER), FEES, frame))
    call = stage.seaport.fulfill(order.components, order.signature, part=(3, 10))
    stage.chain.send(call, stage.dealer, 3 * ETHER)
    order_hash = "0x" + order.hash.hex()
    await trading.pool.execute(
        """insert into catalog_service.order_fills
            (id, chain_id, place, order_id, order_hash, maker, taker, quantity, tx_hash, filled_at)
        values (gen_random_uuid(), $1::text, 1, catalog_service.order_id($1::text, $2::text), $2::text, $3, $4, 5, $5,
            now())""",
        *(CHAIN, order_hash, lower(stage.seller), lower(stage.dealer), "0x" + "22" * 32),
    )
    await trading.take(order, *(stage.listing() for _ in range(others)))
    filled = {row["order_hash"]: row["quantity_filled"] for row in await trading.rows()}
    assert filled[order_hash] == 5, "the index has read a fill more than the node had told of"


async def test_a_collection_that_has_left_the_catalog_takes_no_more_orders(trading: Trading) -> None:
    stage = trading.stage
    await trading.take(stage.listing(1))
    await trading.pool.execute("delete from catalog_service.collections where standard = 'erc721'")
    (taken,) = await trading.take(stage.listing(2))
    assert (taken.outcome, codes(taken)) == (Taking.REFUSED, [Code.UNKNOWN_COLLECTION])
    assert len(await trading.rows()) == 1
    await trading.add_to_catalog(lower(stage.cats.address), 3)
    (taken,) = await trading.take(stage.listing(2))
    assert taken.outcome is Taking.CREATED
