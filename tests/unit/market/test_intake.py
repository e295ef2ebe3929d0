"""Orders that are handed in: on a real chain, against real rules, into real rows."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from eth_typing import HexStr

from steadymint.domain.market.build import Price, Token, listing, offer
from steadymint.domain.market.components import OrderType
from steadymint.domain.market.criteria import CriteriaTree
from steadymint.domain.market.findings import Code
from steadymint.domain.market.intake import HandedOrder, Taking, TokenChoice
from steadymint.domain.market.prices import show_price
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address, Standard, TokenId, Wei
from tests.contracts.harness import calldata
from tests.contracts.order_stage import FEES, lower
from tests.contracts.seaport import ETHER, parameters
from tests.contracts.test_order_checks import sign_digest
from tests.support.trading import CHAIN, Trading, handed_in

SECP256K1_N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
SOME_TOKENS = tuple(TokenId(token) for token in (1, 2, 8))


def codes(taken: Any) -> list[str]:
    return [finding.code.value for finding in taken.findings]


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


async def test_a_contract_wallets_order_and_one_validated_on_chain_need_no_key(trading: Trading) -> None:
    stage, chain = trading.stage, trading.stage.chain
    wallet = chain.deploy("TestWallet1271", stage.seller)
    chain.send(stage.cats.functions.transferFrom(stage.seller, wallet.address, 2), stage.seller)
    approving = stage.cats.functions.setApprovalForAll(stage.conduit, True)
    chain.send(wallet.functions.execute(stage.cats.address, 0, calldata(approving)), stage.seller)
    made = listing(lower(wallet.address), stage.cat(2), Price.fixed(ETHER), FEES, stage.seaport.frame())
    walletss = SubmittedOrder.of(made)
    signed = replace(walletss, signature=sign_digest(stage.seller, stage.seaport.domain.digest(walletss.hash)))
    unsigned = replace(stage.listing(1), signature=b"")
    first = await trading.take(signed, unsigned)
    assert [codes(one) for one in first] == [[], ["unsigned"]]
    chain.send(stage.seaport.contract.functions.validate([(parameters(unsigned.components), b"")]), stage.seller)
    (validated,) = await trading.take(unsigned)
    assert (validated.outcome, validated.findings) == (Taking.KNOWN, ())
    assert {row["status"] for row in await trading.rows()} == {"active"}


async def test_a_better_signature_replaces_one_that_nobody_accepted_and_no_other(trading: Trading) -> None:
    order = trading.stage.listing()
    await trading.take(replace(order, signature=b""))
    (row,) = await trading.rows()
    assert (row["status"], row["reasons"]) == ("inactive", ["unsigned"])
    await trading.take(order)
    (row,) = await trading.rows()
    assert (row["status"], row["signature"]) == ("active", order.signature)
    await trading.take(replace(order, signature=b""), replace(order, signature=b"\x01" * 65))
    (row,) = await trading.rows()
    assert (row["status"], row["signature"]) == ("active", order.signature)


async def test_amounts_and_times_at_their_limits_become_rows_or_findings(trading: Trading) -> None:
    """A row holds what Seaport computes in 256 bits, whatever the numbers are."""
    stage = trading.stage
    maker, most = lower(stage.seller), 2**256 - 1
    frame = stage.seaport.frame(end_time=most)
    await trading.rule(feeBps=0, feeRecipient=None, royalty="ignore")
    huge = stage.sign(listing(maker, stage.cat(1), Price.fixed(most), (), frame))
    item = huge.components.consideration[0]
    twice = stage.sign(huge.components.model_copy(update={"consideration": (item, item)}))
    late = stage.sign(
        listing(maker, stage.cat(2), Price.fixed(1), (), stage.seaport.frame(start_time=2**255, end_time=most))
    )
    rising = stage.sign(listing(maker, stage.cat(3), Price(Wei(1), Wei(most), None), (), stage.seaport.frame()))
    taken = await trading.take(huge, twice, late, rising)
    assert [codes(one) for one in taken] == [[], ["amount_overflow"], ["not_yet_valid"], ["amount_overflow"]]
    assert [row["price_amount"] for row in await trading.rows() if row["status"] == "active"] == [most]


async def test_other_rules_of_the_operator_hold_for_the_next_order(trading: Trading) -> None:
    stage = trading.stage
    usdc = Address("0x" + "0d" * 20)
    made = offer(lower(stage.bidder), stage.cat(8), Price.fixed(5, usdc), (), stage.seaport.frame())
    (unknown,) = await trading.take(stage.sign(made))
    assert Code.UNKNOWN_CURRENCY in codes(unknown)
    await trading.rule(
        feeBps=0,
        feeRecipient=None,
        royalty="ignore",
        currencies=[{"address": usdc, "symbol": "USDC", "decimals": 6}],
    )
    (taken,) = await trading.take(stage.sign(made))
    assert taken.outcome is Taking.CREATED
    (row,) = await trading.rows()
    assert (row["currency_symbol"], row["price_native_text"], row["is_native"]) == ("USDC", "0.000005", False)
    assert row["status"] == "inactive"  # nobody has such a coin


@pytest.mark.parametrize("decimals", [0, 77])
async def test_a_price_is_exact_whatever_the_currencys_decimals(trading: Trading, decimals: int) -> None:
    stage = trading.stage
    coin = Address("0x" + "0d" * 20)
    await trading.rule(
        feeBps=0,
        feeRecipient=None,
        royalty="ignore",
        currencies=[{"address": coin, "symbol": "COIN", "decimals": decimals}],
    )
    amount = 2**256 - 1
    made = offer(lower(stage.bidder), stage.cat(8), Price.fixed(amount, coin), (), stage.seaport.frame())
    (taken,) = await trading.take(stage.sign(made))
    assert taken.outcome is Taking.CREATED
    (row,) = await trading.rows()
    assert row["price_amount"] == amount
    assert f"{Decimal(row['price_native']):f}" == row["price_native_text"] == show_price(amount, decimals)


def _high_s(signature: bytes) -> bytes:
    """The other signature of the same key: s is n - s, and v is flipped."""
    s = SECP256K1_N - int.from_bytes(signature[32:64])
    return signature[:32] + s.to_bytes(32) + bytes([55 - signature[64]])


def _compact(signature: bytes) -> bytes:
    """EIP-2098."""
    return signature[:32] + bytes([signature[32] | (signature[64] - 27) << 7]) + signature[33:64]


async def test_a_signature_in_another_form_makes_no_second_order(trading: Trading) -> None:
    order = trading.stage.listing()
    forms = [replace(order, signature=form(order.signature)) for form in (_compact, _high_s, bytes)]
    outcomes = [(await trading.take(one))[0].outcome for one in forms]
    assert outcomes == [Taking.CREATED, Taking.KNOWN, Taking.KNOWN]
    assert len(await trading.rows()) == 1


async def test_the_same_orders_from_two_sides_at_once_are_taken_once(trading: Trading) -> None:
    orders = [trading.stage.listing(token) for token in range(1, 6)]
    one, other = await asyncio.gather(trading.take(*orders), trading.take(*reversed(orders)))
    assert {taken.outcome for taken in (*one, *other)} <= {Taking.CREATED, Taking.KNOWN}
    assert sum(taken.outcome is Taking.CREATED for taken in (*one, *other)) == len(orders)
    assert len(await trading.rows()) == len(orders)


async def test_a_signature_of_another_chain_or_an_older_seaport_is_none_of_the_makers(trading: Trading) -> None:
    stage = trading.stage
    order = stage.listing()
    elsewhere = replace(stage.seaport.domain, chain=1), replace(stage.seaport.domain, seaport=Address("0x" + "15" * 20))
    for domain in elsewhere:
        forged = replace(order, signature=sign_digest(stage.seller, domain.digest(order.hash)))
        (taken,) = await trading.take(forged)
        assert (taken.outcome, codes(taken)) == (Taking.REFUSED, ["bad_signature"])
    assert await trading.rows() == []


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
