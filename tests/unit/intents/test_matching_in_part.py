"""Which purchases a transaction fulfils, and with which of its orders: one may show a part, another more than one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

import pytest

from steadymint.domain.intents import purchase, sale
from steadymint.domain.intents.fills import FilledOrder, effects_of
from steadymint.domain.intents.kinds import KINDS, IntentKind
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.rows import Settled, Sighting
from steadymint.domain.types import Address, Bytes32, IntentId, Quantity, TokenId, TxHash, Wei
from steadymint.intents.repository import IntentRepository
from tests.support.intents import ALICE, BOB, CHAIN, COLLECTION, Draft, log, tx_hash

SEAPORT = COLLECTION
A, B, C, D = (Bytes32("0x" + letter * 64) for letter in "abcd")


@pytest.fixture
def buyer() -> Address:
    """Somebody whose intents no other test has: they share one key."""
    return Address("0x" + uuid4().hex + "00" * 4)


def bought(orders: Sequence[Bytes32]) -> dict[str, object]:
    return effects_of(
        FilledOrder(
            order_hash=order,
            contract=COLLECTION,
            token_id=TokenId(7),
            quantity=Quantity(1),
            price="1",
            price_amount=Wei(10**18),
            proceeds_amount=Wei(9 * 10**17),
            currency_symbol="ETH",
        )
        for order in orders
    )


def intents_of(buyer: Address, *several: Sequence[Bytes32], account: Address | None = None) -> list[Draft]:
    """Purchases of these orders. Those of one millisecond come in the order of their ids, so these ascend."""
    ids = sorted(IntentId(uuid4()) for _ in several)
    return [
        Draft(
            intent_id=intent_id,
            kind=IntentKind.PURCHASE,
            account=account or buyer,
            facts=purchase.facts(SEAPORT, buyer, orders),
            foreseen={"orderHashes": sorted(orders)},
        )
        for intent_id, orders in zip(ids, several, strict=True)
    ]


def seen(draft: Draft, orders: Sequence[Bytes32], block: int = 10, tx: TxHash | None = None) -> Sighting:
    """What the chain shows of the buyer in one transaction."""
    facts = purchase.facts(SEAPORT, draft.facts["buyer"], orders)
    return draft.sighting(block, facts=facts, effects=bought(sorted(orders)), tx_hash=tx or tx_hash())


async def make(intents: IntentRepository, *drafts: Draft) -> None:
    for draft in drafts:
        await intents.create(draft)


async def bind(intents: IntentRepository, draft: Draft, tx: TxHash) -> TxHash:
    await intents.transition(draft.intent_id, Step.TRACKED, f"t{tx}", tx_hash=tx)
    return tx


def told(settled: Sequence[Settled]) -> dict[IntentId, tuple[tuple[str, ...] | None, tuple[str, ...] | None]]:
    """What each intent got, and what it missed."""
    return {one.intent_id: (one.view.order_hashes, one.view.missed_order_hashes) for one in settled}


async def test_a_part_of_the_orders_is_enough_and_the_rest_is_said_to_be_missed(
    intents: IntentRepository, buyer: Address
) -> None:
    (draft,) = intents_of(buyer, [A, B, C])
    row, _ = await intents.create(draft)
    assert (row.view.order_hashes, row.view.missed_order_hashes, row.view.fills) == ((A, B, C), None, None)
    (settled,) = await intents.settle([seen(draft, [C, A])])
    assert (settled.view.step, settled.view.order_hashes, settled.view.missed_order_hashes) == (
        Step.READY,
        (A, C),
        (B,),
    )
    assert settled.view.fills is not None
    assert [(one.order_hash, one.price) for one in settled.view.fills] == [(A, "1"), (C, "1")]
    assert (await intents.get(draft.intent_id)).view == settled.view


async def test_what_was_gone_when_it_was_prepared_is_missed_from_the_start(
    intents: IntentRepository, buyer: Address
) -> None:
    (draft,) = intents_of(buyer, [A, B])
    draft = draft.but(foreseen={"orderHashes": [A, B], "missedOrderHashes": [D]})
    row, _ = await intents.create(draft)
    assert row.view.missed_order_hashes == (D,)
    (settled,) = await intents.settle([seen(draft, [B])])
    assert (settled.view.order_hashes, settled.view.missed_order_hashes) == ((B,), (D, A))


@pytest.mark.parametrize(
    "lie",
    [
        {"facts": purchase.facts(SEAPORT, ALICE, [C])},
        {"facts": purchase.facts(BOB, ALICE, [A])},
        {"facts": purchase.facts(SEAPORT, BOB, [A])},
        {"facts": purchase.facts(SEAPORT, ALICE, [])},
        {"facts": {**purchase.facts(SEAPORT, ALICE, [A]), "more": "1"}},
        {"facts": sale.facts(SEAPORT, ALICE, [A])},
        {"kind": IntentKind.SALE},
        {"chain_id": "eip155:1"},
        {"match_key": "0x" + "00" * 32},
    ],
    ids=str,
)
async def test_foreign_orders_other_facts_and_other_keys_change_nothing(
    intents: IntentRepository, lie: dict[str, object]
) -> None:
    (draft,) = intents_of(ALICE, [A, B])
    await intents.create(draft)
    assert await intents.settle([draft.sighting(**({"effects": bought([A])} | lie))]) == []
    assert await log(intents, draft) == [(1, Step.PREPARED)]
    await intents.transition(draft.intent_id, Step.EXPIRED, "done")
    await intents.settle([seen(draft, [A])])  # so that the next case finds no other intent of Alice's


async def test_more_orders_than_were_asked_for_fulfil_it_and_are_not_told_as_its_own(
    intents: IntentRepository, buyer: Address
) -> None:
    (draft,) = intents_of(buyer, [A, B])
    await intents.create(draft)
    (settled,) = await intents.settle([seen(draft, [A, B, D])])
    assert (settled.view.order_hashes, settled.view.missed_order_hashes) == ((A, B), None)
    assert [one.order_hash for one in settled.view.fills or ()] == [A, B]


async def test_an_order_in_common_is_not_enough_if_each_has_others(intents: IntentRepository, buyer: Address) -> None:
    """The buyer changed the cart: what they sent is another purchase."""
    before, after = intents_of(buyer, [A, B], [A, C])
    await make(intents, before, after)
    (settled,) = await intents.settle([seen(before, [A, C])])
    assert settled.intent_id == after.intent_id


async def test_the_intent_that_reported_the_transaction_gets_it_else_the_oldest_that_waits(
    intents: IntentRepository, buyer: Address
) -> None:
    first, second, third = intents_of(buyer, [A, B], [A, B], [A, B])
    await make(intents, first, second, third)
    tx = await bind(intents, second, tx_hash())
    assert set(told(await intents.settle([seen(first, [A], tx=tx)]))) == {second.intent_id}
    assert set(told(await intents.settle([seen(first, [B], block=11)]))) == {first.intent_id}


async def test_one_that_follows_another_transaction_or_has_expired_comes_last(
    intents: IntentRepository, buyer: Address
) -> None:
    expired, bound, waits = intents_of(buyer, [A], [A], [A])
    await make(intents, expired, bound, waits)
    await intents.transition(expired.intent_id, Step.EXPIRED, "e")
    await bind(intents, bound, tx_hash())
    order = [next(iter(told(await intents.settle([seen(waits, [A], block=10 + nth)])))) for nth in range(3)]
    assert order == [waits.intent_id, bound.intent_id, expired.intent_id]


async def test_two_transactions_of_one_block_go_to_two_intents_of_the_same_orders(
    intents: IntentRepository, buyer: Address
) -> None:
    """Units of one order, bought twice."""
    one, other = intents_of(buyer, [A, B], [A, B])
    await make(intents, one, other)
    both = [seen(one, [A]), seen(one, [B])]
    settled = await intents.settle(both)
    assert told(settled) == {one.intent_id: ((A,), (B,)), other.intent_id: ((B,), (A,))}
    again = await intents.settle(both)
    assert (told(again), [one.fresh for one in again]) == (told(settled), [False, False])


async def test_a_bundle_of_two_purchases_fulfils_both_though_only_one_could_be_reported(
    intents: IntentRepository, buyer: Address
) -> None:
    reported, silent, other = intents_of(buyer, [A, B], [C], [D])
    await make(intents, reported, silent, other)
    tx = await bind(intents, reported, tx_hash())
    settled = await intents.settle([seen(reported, [B, C], tx=tx)])
    assert told(settled) == {reported.intent_id: ((B,), (A,)), silent.intent_id: ((C,), None)}
    rows = [await intents.get(draft.intent_id) for draft in (reported, silent)]
    assert [row.tx_hash for row in rows] == [tx, None], "a transaction belongs to one intent of each kind"


async def test_a_bundle_that_nobody_reported_fulfils_each_purchase_that_it_holds_whole(
    intents: IntentRepository, buyer: Address
) -> None:
    drafts = intents_of(buyer, [A, B], [C], [D])
    await make(intents, *drafts)
    bundle = seen(drafts[0], [A, B, C])
    settled = await intents.settle([bundle])
    assert told(settled) == {drafts[0].intent_id: ((A, B), None), drafts[1].intent_id: ((C,), None)}
    again = await intents.settle([bundle])
    assert told(again) == told(settled)
    orphaned = await intents.orphan([bundle])
    assert {one.intent_id for one in orphaned} == set(told(settled))


async def test_a_relayed_purchase_is_the_buyers_whoever_sent_it(intents: IntentRepository, buyer: Address) -> None:
    """The key holds whom the tokens go to, and no event says who paid for the gas."""
    mine, theirs = *intents_of(buyer, [A]), *intents_of(Address("0x" + uuid4().hex + "11" * 4), [A])
    await make(intents, mine, theirs)
    (settled,) = await intents.settle([seen(mine, [A])])
    assert settled.intent_id == mine.intent_id


async def test_a_repeated_settlement_takes_no_further_intent(intents: IntentRepository, buyer: Address) -> None:
    first, second = intents_of(buyer, [A, B], [A, B])
    await intents.create(first)
    sighting = seen(first, [A])
    await intents.settle([sighting])
    await intents.create(second)
    (again,) = await intents.settle([sighting])
    assert (again.intent_id, again.fresh) == (first.intent_id, False)


async def test_a_block_that_leaves_the_chain_takes_the_purchase_back_and_the_next_one_tells_what_it_shows(
    intents: IntentRepository, buyer: Address
) -> None:
    draft, other = intents_of(buyer, [A, B], [A, B])
    await make(intents, draft, other)
    tx = await bind(intents, draft, tx_hash())
    await intents.settle([seen(draft, [A, B], tx=tx)])
    (back,) = await intents.orphan([seen(draft, [A, B], tx=tx)])
    assert (back.intent_id, back.view.step, back.view.fills) == (draft.intent_id, Step.REORGED, None)
    assert back.view.order_hashes == (A, B)
    (settled,) = await intents.settle([seen(draft, [B], block=12, tx=tx)])
    assert told([settled]) == {draft.intent_id: ((B,), (A,))}
    assert await intents.orphan([seen(draft, [A], block=13, tx=tx_hash())]) == [], "what settled nothing"


async def test_a_sale_is_settled_by_the_offer_that_its_seller_filled(intents: IntentRepository, buyer: Address) -> None:
    facts = sale.facts(SEAPORT, buyer, [A])
    draft = Draft(kind=IntentKind.SALE, facts=facts, account=buyer, foreseen={"orderHashes": [A]})
    await intents.create(draft)
    bought_it = purchase.facts(SEAPORT, buyer, [A])
    key = KINDS[IntentKind.PURCHASE].key_of(CHAIN, bought_it)
    assert await intents.settle([draft.sighting(kind=IntentKind.PURCHASE, match_key=key, facts=bought_it)]) == []
    (settled,) = await intents.settle([draft.sighting(effects=bought([A]))])
    assert (settled.view.step, settled.view.order_hashes) == (Step.READY, (A,))
