"""Contract wallets that tell us one thing and Seaport another, and one signature of several orders used for others."""

from __future__ import annotations

from dataclasses import replace

from steadymint.domain.market.build import Price, listing
from steadymint.domain.market.bulk import BulkTree
from steadymint.domain.market.fulfilment.outcomes import Absence
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.market.hashing import order_hash
from steadymint.domain.market.intake import Taking as Outcome
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.market.typed_data import bulk_typed_data
from tests.contracts.order_stage import FEES, lower
from tests.contracts.seaport import ETHER, sign
from tests.contracts.taking import Taking, listed
from tests.support.trading import Trading, codes

REFUSALS = ("reverts", "never ends", "another word", "a huge answer")


def two_faced(seaport: str, how: str) -> str:
    """Code of a wallet that accepts every signature, unless Seaport asks."""
    asked_by_seaport = "3373" + seaport[2:].lower() + "14"  # CALLER, PUSH20, EQ
    accepts = "631626ba7e60e01b5f5260205ff3"  # returns the magic word of EIP-1271
    at = f"60{len(asked_by_seaport) // 2 + 3 + len(accepts) // 2:02x}"  # PUSH1: where the refusal begins
    refusals = {
        "reverts": "5f5ffd",
        "never ends": at + "56",
        "another word": "60015f5260205ff3",
        "a huge answer": "621000005ff3",
    }
    return "0x" + asked_by_seaport + at + "57" + accepts + "5b" + refusals[how]


async def test_c04_a_wallet_that_refuses_seaport_what_it_told_us_spoils_no_purchase(trading: Trading) -> None:
    stage, rpc = trading.stage, trading.stage.chain.rpc
    bidder = Taking(trading, stage.bidder)
    for how in REFUSALS:
        snapshot = rpc("evm_snapshot")
        hostile = replace(listed(stage, stage.cat(7), stage.dealer), signature=b"\x01" * 100)
        rpc("anvil_setCode", stage.dealer, two_faced(stage.seaport.market.seaport, how))
        (taken,) = await trading.take(hostile)
        assert (taken.outcome, taken.findings) == (Outcome.CREATED, ()), how
        prepared = await bidder.prepare(Part(hostile), Part(listed(stage, stage.cat(1))))
        assert [(one.part.order, one.code) for one in prepared.missing] == [(hostile, Absence.WOULD_REVERT)], how
        assert bidder.pays(prepared.tx) == prepared.fulfilment.total == ETHER + 1
        await trading.pool.execute("delete from catalog_service.orders")
        rpc("evm_revert", snapshot)


async def test_o02_a_place_in_a_tree_of_orders_signs_for_no_other_order(trading: Trading) -> None:
    stage = trading.stage
    made = [
        listing(lower(stage.seller), stage.cat(number), Price.fixed(ETHER), FEES, stage.seaport.frame())
        for number in (1, 2, 3, 4)
    ]
    *signed, outside = made
    tree = BulkTree([order_hash(order) for order in signed])
    one = sign(stage.seller, bulk_typed_data(signed, stage.seaport.domain))
    places = [tree.signature(index, one) for index in range(len(signed))]
    replayed = [
        SubmittedOrder.of(order, place)
        for index, order in enumerate(made)
        for number, place in enumerate(places)
        if index != number
    ]
    moved = SubmittedOrder.of(signed[0], one + (1).to_bytes(3) + b"".join(tree.proof(0)))
    shortened = SubmittedOrder.of(signed[0], places[0][:-32])
    alone = SubmittedOrder.of(outside, one)
    for taken in await trading.take(*replayed, moved, shortened, alone):
        assert (taken.outcome, codes(taken)) == (Outcome.REFUSED, ["bad_signature"])
    assert await trading.rows() == []
