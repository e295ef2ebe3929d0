"""Which intent an event fulfils where its key is made of facts, so that several intents may have the same one."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from steadymint.domain.errors import IntentErrorCode
from steadymint.domain.intents.identity import key_of_facts
from steadymint.domain.intents.kinds import KINDS, IntentKind
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.view import IntentError
from steadymint.domain.types import ChainId, IntentId
from steadymint.intents.repository import IntentRepository
from tests.support.intents import ALICE, BOB, CHAIN, COLLECTION, Draft, tx_hash


def alike(count: int) -> list[Draft]:
    """Intents to do the very same thing, which the chain shows without naming any of them. Those of one millisecond
    come in the order of their ids, so these ascend."""
    facts = {"owner": ALICE, "operator": BOB, "contract": COLLECTION, "nonce": uuid4().hex}
    key = key_of_facts("approval", CHAIN, facts)
    ids = sorted(IntentId(uuid4()) for _ in range(count))
    return [Draft(intent_id=intent_id, match_key=key, facts=facts) for intent_id in ids]


async def ready(intents: IntentRepository, *drafts: Draft) -> list[bool]:
    return [(await intents.get(draft.intent_id)).step is Step.READY for draft in drafts]


async def test_one_event_fulfils_one_intent_the_oldest_that_waits(intents: IntentRepository) -> None:
    drafts = alike(3)
    for draft in drafts:
        await intents.create(draft)
    (settled,) = await intents.settle([drafts[2].sighting()])
    assert settled.intent_id == drafts[0].intent_id
    assert await ready(intents, *drafts) == [True, False, False]
    await intents.settle([drafts[2].sighting(block=11)])
    assert await ready(intents, *drafts) == [True, True, False]


async def test_the_intent_that_reported_the_transaction_comes_first(intents: IntentRepository) -> None:
    first, second = alike(2)
    hash_ = tx_hash()
    for draft in (first, second):
        await intents.create(draft)
    await intents.transition(second.intent_id, Step.TRACKED, "t", tx_hash=hash_)
    (settled,) = await intents.settle([first.sighting(tx_hash=hash_)])
    assert settled.intent_id == second.intent_id
    assert await ready(intents, first, second) == [False, True]


async def test_an_intent_that_follows_another_transaction_comes_last(intents: IntentRepository) -> None:
    tracked, waiting = alike(2)
    for draft in (tracked, waiting):
        await intents.create(draft)
    await intents.transition(tracked.intent_id, Step.TRACKED, "t", tx_hash=tx_hash())
    (settled,) = await intents.settle([tracked.sighting()])
    assert settled.intent_id == waiting.intent_id


async def test_an_intent_that_still_waits_comes_before_one_that_has_expired(intents: IntentRepository) -> None:
    expired, waiting = alike(2)
    for draft in (expired, waiting):
        await intents.create(draft)
    late = IntentError(code=IntentErrorCode.DEADLINE_PASSED, detail="y")
    await intents.transition(expired.intent_id, Step.EXPIRED, "e", error=late)
    (settled,) = await intents.settle([expired.sighting()])
    assert settled.intent_id == waiting.intent_id
    (late,) = await intents.settle([expired.sighting(block=11)])
    assert (late.intent_id, late.previous) == (expired.intent_id, Step.EXPIRED)


async def test_as_many_events_as_intents_fulfil_each_one_in_one_statement_and_again_change_nothing(
    intents: IntentRepository,
) -> None:
    drafts = alike(3)
    for draft in drafts:
        await intents.create(draft)
    seen = [replace(drafts[0].sighting(), log_index=nth) for nth in range(3)]
    settled = await intents.settle(seen)
    assert {one.intent_id for one in settled} == {draft.intent_id for draft in drafts}
    assert all(one.fresh for one in settled)
    again = await intents.settle(seen)
    assert {one.intent_id for one in again} == {draft.intent_id for draft in drafts}
    assert not any(one.fresh for one in again)


async def test_a_repeated_settlement_takes_no_further_intent(intents: IntentRepository) -> None:
    first, second = alike(2)
    await intents.create(first)
    seen = first.sighting()
    await intents.settle([seen])
    await intents.create(second)
    (again,) = await intents.settle([seen])
    assert (again.intent_id, again.fresh) == (first.intent_id, False)
    assert await ready(intents, first, second) == [True, False]


async def test_a_block_that_leaves_the_chain_takes_back_only_the_intent_that_it_had_fulfilled(
    intents: IntentRepository,
) -> None:
    first, second = alike(2)
    for draft in (first, second):
        await intents.create(draft)
    seen = first.sighting()
    await intents.settle([seen])
    (orphaned,) = await intents.orphan([seen])
    assert orphaned.intent_id == first.intent_id
    assert (await intents.get(second.intent_id)).step is Step.PREPARED


def test_the_key_is_of_kind_chain_and_facts() -> None:
    facts = {"order": "0xab", "taker": ALICE}
    keys = {
        key_of_facts("purchase", CHAIN, facts),
        key_of_facts("sale", CHAIN, facts),
        key_of_facts("purchase", ChainId("eip155:1"), facts),
        key_of_facts("purchase", CHAIN, facts | {"taker": BOB}),
    }
    assert len(keys) == 4
    assert key_of_facts("purchase", CHAIN, dict(reversed(facts.items()))) in keys


def test_a_kind_without_a_reference_is_known_by_the_facts_that_it_names_and_no_others() -> None:
    kind = replace(KINDS[IntentKind.MINT], natural_key=("owner", "operator"))
    draft, facts = Draft(), {"owner": ALICE, "operator": BOB, "price": "1"}
    key = kind.match_key(draft.intent_id, CHAIN, facts)
    assert key == kind.match_key(Draft().intent_id, CHAIN, facts | {"price": "2"})
    assert key != kind.match_key(draft.intent_id, CHAIN, facts | {"operator": ALICE})
    assert KINDS[IntentKind.MINT].match_key(draft.intent_id, CHAIN, facts) == draft.match_key
