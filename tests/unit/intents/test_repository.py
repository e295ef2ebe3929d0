"""The promises of the intent's row and log, on a real Postgres."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from steadymint.domain.errors import HashAlreadyTrackedError, IdempotencyMismatchError, IntentErrorCode, NotFoundError
from steadymint.domain.intents import collection as collections
from steadymint.domain.intents.identity import Facts, reference_of
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import IntentStatus, Step
from steadymint.domain.intents.mint import facts_of_erc721, facts_of_erc1155
from steadymint.domain.intents.view import IntentError, render
from steadymint.domain.types import IntentId, UserId
from steadymint.intents.repository import IntentRepository
from tests.support.intents import ALICE, BOB, COLLECTION, ONE_TOKEN, Draft, block_hash, tx_hash


async def take(intents: IntentRepository, draft: Draft, *steps: Step) -> None:
    """Walk a happy path without saying much about it."""
    for number, step in enumerate(steps):
        taken = await intents.transition(draft.intent_id, step, f"walk:{number}:{step}")
        assert taken is not None
        assert taken.step is step


async def log(intents: IntentRepository, draft: Draft) -> list[tuple[int, Step]]:
    return [(line.seq, line.step) for line in await intents.steps_after(draft.intent_id, 0)]


# -- create ----------------------------------------------------------------------------------------------------------


async def test_a_new_intent_starts_prepared_with_line_one_of_its_log_and_an_audit_row(
    intents: IntentRepository, intents_pool: asyncpg.Pool
) -> None:
    draft = Draft(idempotency_key="k")
    row, created = await intents.create(draft)
    assert created
    assert (row.step, row.status, row.seq) == (Step.PREPARED, IntentStatus.PENDING, 1)
    assert row.tx_request == draft.tx_request
    assert (row.match_key, row.facts) == (draft.match_key, draft.facts)
    (line,) = await intents.steps_after(draft.intent_id, 0)
    assert (line.seq, line.body()) == (1, render(row.view))
    audit = await intents_pool.fetch(
        "select session_id, user_id, intent_id from orchestrator_service.session_intent_audit where intent_id = $1",
        draft.intent_id,
    )
    assert [tuple(entry) for entry in audit] == [(str(draft.session_id), draft.user_id, draft.intent_id)]


async def test_the_same_request_fifty_times_at_once_makes_one_intent(
    intents: IntentRepository, intents_pool: asyncpg.Pool
) -> None:
    draft = Draft(idempotency_key="k")
    answers = await asyncio.gather(*(intents.create(draft) for _ in range(50)))
    assert sum(created for _, created in answers) == 1
    assert {row.view for row, _ in answers} == {answers[0][0].view}
    assert await log(intents, draft) == [(1, Step.PREPARED)]
    count = "select count(*) from orchestrator_service.session_intent_audit where intent_id = $1"
    assert await intents_pool.fetchval(count, draft.intent_id) == 1


async def test_the_same_key_with_another_body_is_refused_and_changes_nothing(intents: IntentRepository) -> None:
    draft = Draft()
    row, _ = await intents.create(draft)
    with pytest.raises(IdempotencyMismatchError):
        await intents.create(draft.but(request_hash="b" * 64))
    assert await intents.get(draft.intent_id) == row


async def test_an_id_taken_by_another_user_is_refused(intents: IntentRepository) -> None:
    draft = Draft()
    await intents.create(draft)
    with pytest.raises(IdempotencyMismatchError):
        await intents.create(draft.but(user_id=UUID(int=99)))


# -- reading ---------------------------------------------------------------------------------------------------------


async def test_what_is_not_yours_looks_like_what_is_not_there(intents: IntentRepository) -> None:
    draft = Draft()
    await intents.create(draft)
    assert (await intents.get_owned(draft.intent_id, UserId(draft.user_id))).view.intent_id == draft.intent_id
    with pytest.raises(NotFoundError) as foreign:
        await intents.get_owned(draft.intent_id, UserId(uuid4()))
    with pytest.raises(NotFoundError) as missing:
        await intents.get_owned(IntentId(uuid4()), UserId(draft.user_id))
    assert foreign.value.detail == missing.value.detail


async def test_a_list_pages_through_own_intents_only_newest_first_without_gap_or_repeat(
    intents: IntentRepository,
) -> None:
    user = UserId(uuid4())
    drafts = [Draft(user_id=user) for _ in range(7)]
    for draft in drafts:
        await intents.create(draft)
    await intents.create(Draft())
    seen, after = [], None
    while page := await intents.list_owned(user, after=after, limit=3):
        seen += page
        after = (page[-1].created_at, page[-1].intent_id)
    assert {row.intent_id for row in seen} == {draft.intent_id for draft in drafts}
    assert len(seen) == 7
    assert [row.created_at for row in seen] == sorted((row.created_at for row in seen), reverse=True)


async def test_a_list_filters_by_kind_and_status(intents: IntentRepository) -> None:
    user = UserId(uuid4())
    mint, failed = Draft(user_id=user), Draft(user_id=user)
    collection = Draft(user_id=user, kind=IntentKind.COLLECTION, facts=collections.facts(COLLECTION, ALICE))
    for draft in (mint, failed, collection):
        await intents.create(draft)
    await intents.transition(failed.intent_id, Step.FAILED, "f")

    async def listed(**filters: object) -> set[IntentId]:
        return {row.intent_id for row in await intents.list_owned(user, **filters)}  # type: ignore[arg-type]

    assert await listed(kind=IntentKind.COLLECTION) == {collection.intent_id}
    assert await listed(status=IntentStatus.FAILED) == {failed.intent_id}
    assert await listed(kind=IntentKind.MINT, status=IntentStatus.PENDING) == {mint.intent_id}


# -- one step --------------------------------------------------------------------------------------------------------


async def test_a_step_changes_row_and_log_together(intents: IntentRepository) -> None:
    draft, hash_ = Draft(), tx_hash()
    await intents.create(draft)
    await intents.transition(draft.intent_id, Step.TRACKED, "t", tx_hash=hash_, tx_nonce=4)
    taken = await intents.transition(
        draft.intent_id, Step.CONFIRMING, "c", block_number=10, block_hash=block_hash(10), confirmations=1
    )
    row = await intents.get(draft.intent_id)
    assert taken is not None
    assert (taken.seq, taken.fresh, taken.latest) == (3, True, True)
    assert taken.body() == render(row.view)
    assert (row.seq, row.step, row.tx_hash, row.tx_nonce, row.block_number) == (3, Step.CONFIRMING, hash_, 4, 10)
    assert taken.view.confirmations == 1
    assert (await intents.steps_after(draft.intent_id, 2))[0].body() == taken.body()


async def test_a_repeated_step_is_answered_with_the_line_first_written(intents: IntentRepository) -> None:
    draft, hash_ = Draft(), tx_hash()
    await intents.create(draft)
    first = await intents.transition(draft.intent_id, Step.TRACKED, "t", tx_hash=hash_)
    await intents.transition(draft.intent_id, Step.CONFIRMING, "c", block_number=1)
    again = await intents.transition(draft.intent_id, Step.TRACKED, "t", tx_hash=hash_)
    assert first is not None
    assert again is not None
    assert again.body() == first.body()
    assert (again.seq, again.fresh, again.latest) == (2, False, False)
    assert (await intents.get(draft.intent_id)).step is Step.CONFIRMING


@pytest.mark.parametrize("step", [Step.TRACKED, Step.FAILED])
async def test_the_same_step_from_many_callers_at_once_is_written_once(intents: IntentRepository, step: Step) -> None:
    draft = Draft()
    await intents.create(draft)
    answers = await asyncio.gather(*(intents.transition(draft.intent_id, step, "same") for _ in range(20)))
    assert {answer.seq for answer in answers if answer} == {2}
    assert len([answer for answer in answers if answer]) == 20
    assert sum(answer.fresh for answer in answers if answer) == 1
    assert await log(intents, draft) == [(1, Step.PREPARED), (2, step)]


async def test_a_step_without_an_edge_is_refused_and_leaves_no_trace(intents: IntentRepository) -> None:
    draft = Draft()
    await intents.create(draft)
    await take(intents, draft, Step.TRACKED, Step.FAILED)
    before = await intents.get(draft.intent_id)
    assert await intents.transition(draft.intent_id, Step.EXPIRED, "late") is None
    assert await intents.transition(IntentId(uuid4()), Step.EXPIRED, "nobody") is None
    assert await intents.get(draft.intent_id) == before
    assert len(await log(intents, draft)) == 3


async def test_one_hash_belongs_to_one_intent_of_a_kind(intents: IntentRepository) -> None:
    one, other, hash_ = Draft(), Draft(), tx_hash()
    await intents.create(one)
    await intents.create(other)
    await intents.transition(one.intent_id, Step.TRACKED, "t", tx_hash=hash_)
    with pytest.raises(HashAlreadyTrackedError):
        await intents.transition(other.intent_id, Step.TRACKED, "t", tx_hash=hash_)
    assert await log(intents, other) == [(1, Step.PREPARED)]


async def test_a_reorg_forgets_the_block_and_keeps_the_hash(intents: IntentRepository) -> None:
    draft, hash_ = Draft(), tx_hash()
    await intents.create(draft)
    await intents.transition(draft.intent_id, Step.TRACKED, "t", tx_hash=hash_)
    await intents.transition(draft.intent_id, Step.CONFIRMING, "c", block_number=10, block_hash=block_hash(10))
    taken = await intents.transition(draft.intent_id, Step.REORGED, "r")
    row = await intents.get(draft.intent_id)
    assert taken is not None
    assert (taken.view.tx_hash, taken.view.confirmations) == (hash_, None)
    assert (row.block_number, row.block_hash, row.tx_hash) == (None, None, hash_)


async def test_an_error_lasts_as_long_as_the_step_that_states_it(intents: IntentRepository) -> None:
    draft = Draft()
    await intents.create(draft)
    error = IntentError(code=IntentErrorCode.CALL_REVERTED, detail="no", reason="MintEnded", arguments={"endTime": "1"})
    failed = await intents.transition(draft.intent_id, Step.FAILED, "f", error=error)
    assert failed is not None
    assert failed.view.error == error
    landed = await intents.transition(draft.intent_id, Step.CONFIRMING, "c", block_number=3)
    assert landed is not None
    assert (landed.view.error, landed.status) == (None, IntentStatus.PENDING)


# -- settle and orphan -----------------------------------------------------------------------------------------------


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


# -- bulk reads ------------------------------------------------------------------------------------------------------


async def test_waiters_learn_of_ended_intents_only(intents: IntentRepository) -> None:
    pending, ready, expired = Draft(), Draft(), Draft()
    for draft in (pending, ready, expired):
        await intents.create(draft)
    await intents.settle([ready.sighting()])
    await intents.transition(expired.intent_id, Step.EXPIRED, "e")
    final = await intents.final_of([pending.intent_id, ready.intent_id, expired.intent_id, IntentId(uuid4())])
    assert {intent_id: view.step for intent_id, view in final.items()} == {
        ready.intent_id: Step.READY,
        expired.intent_id: Step.EXPIRED,
    }


async def test_many_logs_are_read_at_once_each_from_its_own_line(intents: IntentRepository) -> None:
    one, other, quiet = Draft(), Draft(), Draft()
    for draft in (one, other, quiet):
        await intents.create(draft)
    await intents.settle([one.sighting(), other.sighting()])
    logs = await intents.steps_after_many({one.intent_id: 0, other.intent_id: 2, quiet.intent_id: 1})
    assert {intent_id: [line.seq for line in lines] for intent_id, lines in logs.items()} == {
        one.intent_id: [1, 2, 3, 4, 5],
        other.intent_id: [3, 4, 5],
    }
