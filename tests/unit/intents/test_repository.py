"""The promises of the intent's row and log, on a real Postgres."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from steadymint.domain.errors import HashAlreadyTrackedError, IdempotencyMismatchError, IntentErrorCode, NotFoundError
from steadymint.domain.intents import collection as collections
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import IntentStatus, Step
from steadymint.domain.intents.view import IntentError, render
from steadymint.domain.types import IntentId, UserId
from steadymint.intents.repository import IntentRepository
from tests.support.intents import ALICE, COLLECTION, Draft, block_hash, log, tx_hash


async def take(intents: IntentRepository, draft: Draft, *steps: Step) -> None:
    """Walk a happy path without saying much about it."""
    for number, step in enumerate(steps):
        taken = await intents.transition(draft.intent_id, step, f"walk:{number}:{step}")
        assert taken is not None
        assert taken.step is step


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
