"""The promises of settling and reopening: what sightings and reorgs do to intents, on a real Postgres."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from steadymint.domain.errors import IntentErrorCode
from steadymint.domain.intents import collection as collections
from steadymint.domain.intents.identity import Facts, reference_of
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import IntentStatus, Step
from steadymint.domain.intents.mint import facts_of_erc721, facts_of_erc1155
from steadymint.domain.intents.view import IntentError, render
from steadymint.domain.types import IntentId
from steadymint.intents.repository import IntentRepository
from tests.support.intents import ALICE, BOB, COLLECTION, ONE_TOKEN, Draft, log, tx_hash


async def test_a_sighting_takes_an_intent_to_ready_over_every_step_between(intents: IntentRepository) -> None:
    draft = Draft()
    await intents.create(draft)
    seen = draft.sighting(effects={"tokenIds": [str(2**256 - 1)]})
    (settled,) = await intents.settle([seen])
    assert (settled.previous, settled.previous_hash, settled.fresh) == (Step.PREPARED, None, True)
    way = [(2, Step.TRACKED), (3, Step.CONFIRMING), (4, Step.INDEXED), (5, Step.READY)]
    assert [(line.seq, line.step) for line in settled.steps] == way
    assert await log(intents, draft) == [(1, Step.PREPARED), *way]
    row = await intents.get(draft.intent_id)
    assert (row.tx_hash, row.block_number, row.block_hash) == (seen.tx_hash, seen.block_number, seen.block_hash)
    assert row.view.token_ids == (2**256 - 1,)
    assert row.view.confirmations == 2
    lines = await intents.steps_after(draft.intent_id, 1)
    assert [line.body() for line in lines] == [line.body() for line in settled.steps]
    assert lines[-1].body() == render(row.view) == render(settled.view)


async def test_a_thousand_intents_of_one_block_are_settled_at_once_and_told_apart(intents: IntentRepository) -> None:
    drafts = [Draft() for _ in range(1000)]
    await asyncio.gather(*(intents.create(draft) for draft in drafts))
    for draft in drafts[:3]:
        await intents.transition(draft.intent_id, Step.TRACKED, "t", tx_hash=tx_hash())
    settled = await intents.settle([draft.sighting() for draft in drafts])
    assert {one.intent_id for one in settled} == {draft.intent_id for draft in drafts}
    assert {one.intent_id for one in settled if one.previous_hash is not None} == {
        draft.intent_id for draft in drafts[:3]
    }


async def test_a_repeated_settlement_writes_nothing_and_names_the_intents_again(intents: IntentRepository) -> None:
    draft = Draft()
    await intents.create(draft)
    seen = draft.sighting()
    (first,) = await intents.settle([seen])
    (again,) = await intents.settle([seen])
    assert (again.fresh, again.steps) == (False, ())
    assert (again.previous, again.previous_hash, again.view) == (first.previous, first.previous_hash, first.view)
    assert len(await log(intents, draft)) == 5


async def test_settling_from_many_callers_at_once_settles_once(intents: IntentRepository) -> None:
    drafts = [Draft() for _ in range(20)]
    for draft in drafts:
        await intents.create(draft)
    seen = [draft.sighting() for draft in drafts]
    answers = await asyncio.gather(*(intents.settle(order) for order in (seen, seen[::-1], seen, seen[::-1])))
    assert all(len(answer) == 20 for answer in answers)
    assert sum(one.fresh for answer in answers for one in answer) == 20
    for draft in drafts:
        assert len(await log(intents, draft)) == 5


@pytest.mark.parametrize(
    "lie",
    [
        {"facts": facts_of_erc721(BOB, ALICE, ALICE, 1)},
        {"facts": facts_of_erc721(COLLECTION, BOB, ALICE, 1)},
        {"facts": facts_of_erc721(COLLECTION, ALICE, BOB, 1)},
        {"facts": facts_of_erc721(COLLECTION, ALICE, ALICE, 2)},
        {"facts": facts_of_erc1155(COLLECTION, ALICE, ALICE, {1: 1})},
        {"facts": {**ONE_TOKEN, "more": "1"}},
        {"facts": {}},
        {"kind": IntentKind.COLLECTION},
        {"chain_id": "eip155:1"},
        {"match_key": "0x" + "00" * 32},
        {"match_key": reference_of(IntentId(UUID(int=12345)))},
    ],
    ids=str,
)
async def test_a_sighting_of_other_facts_or_under_another_key_changes_nothing(
    intents: IntentRepository, lie: dict[str, object]
) -> None:
    draft = Draft()
    await intents.create(draft)
    assert await intents.settle([draft.sighting(**lie)]) == []
    assert await log(intents, draft) == [(1, Step.PREPARED)]


async def test_an_erc1155_mint_is_settled_by_the_same_units_in_any_order_and_by_no_others(
    intents: IntentRepository,
) -> None:
    def units(quantities: dict[int, int]) -> Facts:
        return facts_of_erc1155(COLLECTION, ALICE, ALICE, quantities)

    draft = Draft(facts=units({12: 3, 4: 2**256 - 1}), foreseen={"tokenIds": ["4", "12"]})
    row, _ = await intents.create(draft)
    assert row.view.token_ids == (4, 12)
    for wrong in ({12: 3}, {12: 3, 4: 1}, {12: 3, 4: 2**256 - 1, 5: 1}, {}):
        assert await intents.settle([draft.sighting(facts=units(wrong))]) == []
    (settled,) = await intents.settle([draft.sighting(facts=units({4: 2**256 - 1, 12: 3}))])
    assert settled.view.step is Step.READY


async def test_a_collection_is_settled_by_its_creator_at_its_previewed_address(intents: IntentRepository) -> None:
    draft = Draft(kind=IntentKind.COLLECTION, facts=collections.facts(COLLECTION, ALICE))
    await intents.create(draft)
    assert await intents.settle([draft.sighting(facts=collections.facts(COLLECTION, BOB))]) == []
    (settled,) = await intents.settle([draft.sighting(effects={})])
    assert (settled.kind, settled.view.contract, settled.view.token_ids) == (IntentKind.COLLECTION, COLLECTION, None)


@pytest.mark.parametrize("ended", [Step.EXPIRED, Step.FAILED, Step.REPLACED])
async def test_the_chain_has_the_last_word_over_an_ended_intent(intents: IntentRepository, ended: Step) -> None:
    draft = Draft()
    await intents.create(draft)
    cancelled = IntentError(code=IntentErrorCode.CANCELLED, detail="y")
    await intents.transition(draft.intent_id, ended, "end", error=cancelled)
    (settled,) = await intents.settle([draft.sighting()])
    assert (settled.previous, settled.view.step, settled.view.error) == (ended, Step.READY, None)


async def test_one_transaction_that_fulfils_two_intents_settles_both_and_is_kept_by_one(
    intents: IntentRepository,
) -> None:
    one, other, hash_ = Draft(), Draft(), tx_hash()
    for draft in (one, other):
        await intents.create(draft)
    settled = await intents.settle([one.sighting(tx_hash=hash_), other.sighting(tx_hash=hash_)])
    assert len(settled) == 2
    rows = [await intents.get(draft.intent_id) for draft in (one, other)]
    assert {row.step for row in rows} == {Step.READY}
    assert sorted(row.tx_hash or "" for row in rows) == ["", hash_]


async def test_a_reorg_reopens_the_intents_of_the_orphaned_block_only(intents: IntentRepository) -> None:
    gone, kept = Draft(), Draft()
    for draft in (gone, kept):
        await intents.create(draft)
    orphaned, standing = gone.sighting(block=10), kept.sighting(block=9)
    await intents.settle([orphaned, standing])
    elsewhere = kept.sighting(block=10, tx_hash=standing.tx_hash)
    (reopened,) = await intents.orphan([orphaned, elsewhere])
    assert (reopened.intent_id, reopened.previous) == (gone.intent_id, Step.READY)
    assert reopened.previous_hash == orphaned.tx_hash
    row = await intents.get(gone.intent_id)
    assert (row.step, row.status, row.tx_hash, row.block_hash) == (
        Step.REORGED, IntentStatus.PENDING, orphaned.tx_hash, None,
    )  # fmt: skip
    assert row.view.token_ids is None
    assert (await intents.get(kept.intent_id)).step is Step.READY
    (again,) = await intents.orphan([orphaned])
    assert (again.fresh, again.previous) == (False, Step.READY)


async def test_an_intent_that_returns_to_its_old_block_after_a_reorg_is_settled_again(
    intents: IntentRepository,
) -> None:
    draft = Draft()
    await intents.create(draft)
    seen = draft.sighting()
    for _ in range(3):
        (settled,) = await intents.settle([seen])
        assert settled.fresh
        (reopened,) = await intents.orphan([seen])
        assert reopened.fresh
    assert [seq for seq, _ in await log(intents, draft)] == list(range(1, 15))
