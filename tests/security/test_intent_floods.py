"""A flood of requests, or a Temporal that is away, stops what costs a flow and nothing else: attack case T11."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from steadymint.domain.errors import TransactionMismatchError
from steadymint.domain.intents.machine import Step
from steadymint.durable.client import connect
from steadymint.durable.intents import IntentFlows
from steadymint.durable.queues import Queues
from steadymint.intents import unknown_hashes
from tests.support.intents import tx_hash
from tests.support.intents_api import Front, User
from tests.support.preparing import A_COLLECTION, A_MINT, PREPARE_COLLECTION, PREPARE_MINT, is_taken, post
from tests.support.problems import is_refused


async def _until_stopped(user: User, path: str, body: Callable[[], Any]) -> int:
    """How many requests were let through before one was stopped."""
    for through in range(5000):
        answer = await post(user, path, body())
        if answer.status_code == 429:
            is_refused(answer, 429, "rate_limited")
            assert int(answer.headers["retry-after"]) >= 1
            return through
    raise AssertionError("nothing stops them")


async def test_a_flood_of_one_user_is_stopped_before_it_costs_a_flow_and_stops_nobody_else(
    api: Front, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.settings.api, "flow_rate", rate := 20)
    through = await _until_stopped(alice, PREPARE_MINT, lambda: A_MINT)
    assert len(api.flows.prepared) == through >= rate
    is_refused(await post(alice, PREPARE_COLLECTION, A_COLLECTION), 429, "rate_limited")

    draft = alice.draft()
    await api.recorder.create(draft)

    async def refuse(*_: object) -> None:
        raise TransactionMismatchError

    api.flows.on_track = refuse
    path = f"/v1/intents/{draft.intent_id}/track"
    through = await _until_stopped(alice, path, lambda: {"txHash": tx_hash()})
    assert len(api.flows.tracked) == through >= rate
    assert (await alice.http.get(f"/v1/intents/{draft.intent_id}")).status_code == 200  # reading costs little

    async with api.user() as bob:
        await is_taken(api, bob, PREPARE_MINT, A_MINT)


async def test_who_has_reported_many_hashes_that_no_node_knows_waits_for_them(
    api: Front, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes a place of a worker until its deadline."""
    monkeypatch.setattr(unknown_hashes, "MAX_UNKNOWN", 1)
    first, second = alice.draft(), alice.draft()
    for draft in (first, second):
        await api.recorder.create(draft)
    await api.recorder.step(first.intent_id, Step.TRACKED, "t", tx_hash=(hash_ := tx_hash()))
    answer = await post(alice, f"/v1/intents/{second.intent_id}/track", {"txHash": tx_hash()})
    is_refused(answer, 409, "conflict")
    assert not api.flows.tracked
    assert (await post(alice, f"/v1/intents/{first.intent_id}/track", {"txHash": hash_})).status_code == 202


async def test_t11_without_temporal_a_prepare_is_a_503_and_reads_go_on(
    api: Front, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    flows = IntentFlows(await connect(api.settings, lazy=True), Queues())  # these settings name a port without a server
    monkeypatch.setattr(api.flows, "prepare", flows.prepare)
    monkeypatch.setattr(api.flows, "begin_tracking", flows.begin_tracking)
    for path, body in (
        (PREPARE_MINT, A_MINT),
        (PREPARE_COLLECTION, A_COLLECTION),
        (f"/v1/intents/{draft.intent_id}/track", {"txHash": tx_hash()}),
    ):
        answer = await post(alice, path, body)
        is_refused(answer, 503, "upstream_unavailable")
        assert int(answer.headers["retry-after"]) >= 1
    for path in (f"/v1/intents/{draft.intent_id}", f"/v1/intents/{draft.intent_id}/events", "/v1/intents"):
        async with alice.http.stream("GET", path) as read:
            assert read.status_code == 200
