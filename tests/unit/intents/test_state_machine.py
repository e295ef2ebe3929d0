"""The state machine, checked against random histories on a real Postgres: no illegal edge, no gap, no doubled step."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from steadymint.domain.intents.machine import FINAL_STEPS, PREDECESSORS, STATUS_OF, Step, may_follow
from steadymint.domain.intents.view import LoggedStep, render
from steadymint.intents.repository import IntentRepository
from tests.support.intents import Draft, block_hash, tx_hash

REACHED_BY_FLOWS = [
    Step.TRACKED, Step.CONFIRMING, Step.REORGED, Step.REPLACED, Step.FAILED, Step.EXPIRED, Step.INDEXED, Step.READY,
]  # fmt: skip

Steps = st.tuples(st.just("step"), st.sampled_from(REACHED_BY_FLOWS), st.integers(0, 3))
Settle = st.tuples(st.just("settle"), st.integers(1, 3), st.just(0))
Orphan = st.tuples(st.just("orphan"), st.integers(1, 3), st.just(0))
Histories = st.lists(st.one_of(Steps, Settle, Orphan), max_size=14)

on_postgres = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)


async def act(intents: IntentRepository, draft: Draft, action: tuple[str, object, int]) -> LoggedStep | None:
    """Do one thing; the line it wrote or met, if it is known."""
    kind, what, variant = action
    if kind == "step":
        assert isinstance(what, Step)
        return await intents.transition(
            draft.intent_id, what, f"{what}:{variant}", block_number=variant, block_hash=block_hash(variant)
        )
    assert isinstance(what, int)
    seen = draft.sighting(block=what, tx_hash=tx_hash(draft.intent_id.int % 2**128))
    await (intents.settle if kind == "settle" else intents.orphan)([seen])
    return None


async def check_log(intents: IntentRepository, draft: Draft) -> list[LoggedStep]:
    """What must be true of any log at any time."""
    row, log = await intents.get(draft.intent_id), await intents.steps_after(draft.intent_id, 0)
    assert [line.seq for line in log] == list(range(1, row.seq + 1))
    assert log[0].step is Step.PREPARED
    for before, after in pairwise(log):
        assert may_follow(before.step, after.step)
        assert before.view.updated_at <= after.view.updated_at
    assert all(line.status is STATUS_OF[line.step] for line in log)
    assert (row.step, row.status) == (log[-1].step, log[-1].status)
    if row.step is not Step.CONFIRMING:  # whose confirmations the reader counts at the head
        assert render(row.view) == log[-1].body()
    return log


@on_postgres
@given(Histories)
@example([("settle", 1, 0), ("orphan", 1, 0), ("settle", 1, 0), ("orphan", 2, 0)])
@example([("step", Step.FAILED, 0), ("step", Step.CONFIRMING, 0), ("settle", 1, 0), ("step", Step.EXPIRED, 0)])
async def test_no_history_leaves_the_legal_edges_or_tears_the_log(
    intents: IntentRepository, history: list[tuple[str, object, int]]
) -> None:
    draft, written = Draft(), dict[str, bytes]()
    await intents.create(draft)
    for action in history:
        before = await intents.get(draft.intent_id)
        line = await act(intents, draft, action)
        if action[0] == "step":
            assert isinstance(action[1], Step)
            key, legal = f"{action[1]}:{action[2]}", may_follow(before.step, action[1])
            assert (line is not None) == (legal or key in written)
            if line is not None:
                assert written.setdefault(key, line.body()) == line.body()
        await check_log(intents, draft)


@on_postgres
@given(st.lists(st.one_of(Steps, Settle, Orphan), min_size=2, max_size=8))
async def test_whatever_runs_at_once_the_log_is_one_legal_history(
    intents: IntentRepository, actions: list[tuple[str, object, int]]
) -> None:
    draft = Draft()
    await intents.create(draft)
    await asyncio.gather(*(act(intents, draft, action) for action in actions))
    await check_log(intents, draft)


def test_every_step_has_a_way_in_and_an_ended_intent_moves_only_where_the_chain_says_so() -> None:
    assert set(PREDECESSORS) == set(Step)
    for ended in FINAL_STEPS:
        ways_out = {step for step, before in PREDECESSORS.items() if ended in before}
        assert ways_out <= {Step.TRACKED, Step.CONFIRMING, Step.INDEXED, Step.REORGED}
