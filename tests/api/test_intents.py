"""Intents over HTTP: one truth in GET, list, event stream and WebSocket; what is not yours is not there."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from steadymint.domain.errors import (
    HashAlreadyTrackedError,
    IntentFinalError,
    NotOwnerError,
    TransactionMismatchError,
)
from steadymint.domain.intents import collection as collections
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import Step
from steadymint.domain.types import IntentId, TxHash
from tests.support.intents import ALICE, CHAIN, COLLECTION, Draft, block_hash, tx_hash
from tests.support.intents_api import Front, User, events
from tests.support.serving import plain_http


async def test_the_document_is_the_last_event_to_the_byte(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    await api.intents.settle([draft.sighting()])
    answer = await alice.http.get(f"/v1/intents/{draft.intent_id}")
    stream = await events(alice.http, f"/v1/intents/{draft.intent_id}/events")
    assert answer.status_code == 200
    assert answer.content == stream[-1].data
    assert [(event.id, event.step) for event in stream] == [
        (1, "prepared"), (2, "tracked"), (3, "confirming"), (4, "indexed"), (5, "ready"),
    ]  # fmt: skip
    assert answer.json() == {
        "intentId": str(draft.intent_id),
        "kind": "mint",
        "status": "ready",
        "step": "ready",
        "chainId": CHAIN,
        "txHash": answer.json()["txHash"],
        "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
        "tokenIds": ["7"],
        "confirmations": 2,
        "requiredConfirmations": 2,
        "deadlineAt": answer.json()["deadlineAt"],
        "createdAt": answer.json()["createdAt"],
        "updatedAt": answer.json()["updatedAt"],
        "workflowId": f"mint:{draft.intent_id}",
    }
    for name in ("deadlineAt", "createdAt", "updatedAt"):
        assert answer.json()[name][-5] == "."
        assert answer.json()[name].endswith("Z")


@pytest.mark.parametrize(("head", "shown"), [(9, 1), (10, 1), (12, 3), (500, 12)])
async def test_confirmations_are_counted_at_the_head_and_never_more_than_required(
    api: Front, alice: User, head: int, shown: int
) -> None:
    draft = alice.draft(required_confirmations=12)
    await api.recorder.create(draft)
    await api.recorder.step(draft.intent_id, Step.TRACKED, "t", tx_hash=tx_hash())
    await api.recorder.step(draft.intent_id, Step.CONFIRMING, "c", block_number=10, block_hash=block_hash(10))
    await api.pool.execute(
        "insert into indexer_service.indexer_checkpoints (chain_id, last_block, head_block) values ($1, 1, $2) "
        "on conflict (chain_id) do update set head_block = $2",
        CHAIN, head,
    )  # fmt: skip
    one = await alice.http.get(f"/v1/intents/{draft.intent_id}")
    assert one.json()["confirmations"] == shown
    assert (await alice.http.get("/v1/intents")).json()["items"] == [one.json()]


async def test_intents_are_read_while_redis_is_away(api: Front, alice: User, valkey_server: Any) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    await api.recorder.step(draft.intent_id, Step.TRACKED, "t")
    await valkey_server.stop()
    answer = await alice.http.get(f"/v1/intents/{draft.intent_id}")
    assert (answer.status_code, answer.json()["step"]) == (200, "tracked")
    stream = await events(alice.http, f"/v1/intents/{draft.intent_id}/events", count=2)
    assert [event.step for event in stream] == ["prepared", "tracked"]


async def test_what_is_not_yours_is_not_there(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    async with api.user() as stranger:
        for intent_id in (draft.intent_id, uuid4()):
            track = await stranger.http.post(f"/v1/intents/{intent_id}/track", json={"txHash": tx_hash()})
            answers = [
                await stranger.http.get(f"/v1/intents/{intent_id}"),
                await stranger.http.get(f"/v1/intents/{intent_id}/events", headers={"Last-Event-ID": "1"}),
                track,
            ]
            assert {answer.status_code for answer in answers} == {404}
            assert {answer.json()["code"] for answer in answers} == {"not_found"}
        assert (await stranger.http.get("/v1/intents")).json()["items"] == []
    assert api.flows.tracked == []
    assert (await api.intents.get(draft.intent_id)).seq == 1


@pytest.mark.parametrize("path", ["", "/events", "?access_token={token}", "/events?access_token={token}&token={token}"])
async def test_without_a_token_in_the_header_nothing_is_shown(api: Front, alice: User, path: str) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    async with plain_http(api.url) as nobody:
        answer = await nobody.get(f"/v1/intents/{draft.intent_id}{path.format(token=await api.token(alice.id))}")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


# -- list ------------------------------------------------------------------------------------------------------------


async def test_the_list_pages_through_own_intents_by_signed_cursors(api: Front, alice: User) -> None:
    drafts = [alice.draft() for _ in range(5)]
    for draft in (*drafts, Draft(user_id=uuid4())):
        await api.recorder.create(draft)
        await asyncio.sleep(0.002)  # an intent's moment is a millisecond; within one the id decides
    seen, cursor, pages = [], None, 0
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await alice.http.get("/v1/intents", params=query)).raise_for_status().json()
        seen += [item["intentId"] for item in page["items"]]
        cursor, pages = page["nextCursor"], pages + 1
        if cursor is None:
            break
    assert pages == 3
    assert seen == [str(draft.intent_id) for draft in reversed(drafts)]
    assert (await alice.http.get("/v1/intents", params={"cursor": "AAAA"})).status_code == 422


async def test_the_list_is_filtered_by_kind_and_status_and_refuses_anything_else(api: Front, alice: User) -> None:
    mint = alice.draft()
    collection = alice.draft(kind=IntentKind.COLLECTION, facts=collections.facts(COLLECTION, ALICE))
    await api.recorder.create(mint)
    await api.recorder.create(collection)
    await api.recorder.step(mint.intent_id, Step.FAILED, "f")

    async def listed(query: str) -> list[str]:
        return [
            item["kind"] for item in (await alice.http.get(f"/v1/intents?{query}")).raise_for_status().json()["items"]
        ]

    assert await listed("kind=collection") == ["collection"]
    assert await listed("status=failed") == ["mint"]
    assert await listed("status=ready") == []
    for bad in ("kind=x", "status=done", "sort=created_by", "limit=0", "limit=1000000000", "kind=mint&kind=mint"):
        refused = await alice.http.get(f"/v1/intents?{bad}")
        assert refused.status_code == 422
        assert [wrong["field"] for wrong in refused.json()["fields"]] == [f"query.{bad.partition('=')[0]}"]


# -- track -----------------------------------------------------------------------------------------------------------


async def test_a_tracked_hash_is_answered_with_the_intent_as_soon_as_its_flow_has_it(api: Front, alice: User) -> None:
    draft, hash_ = alice.draft(), tx_hash()
    await api.recorder.create(draft)

    async def take(intent_id: IntentId, tracked: TxHash) -> None:
        await api.recorder.step(intent_id, Step.TRACKED, f"tracked:{tracked}", tx_hash=tracked)

    api.flows.on_track = take
    answer = await alice.http.post(f"/v1/intents/{draft.intent_id}/track", json={"txHash": hash_})
    assert (answer.status_code, answer.json()["step"], answer.json()["txHash"]) == (202, "tracked", hash_)
    again = await alice.http.post(f"/v1/intents/{draft.intent_id}/track", json={"txHash": hash_})
    assert (again.status_code, again.content) == (202, answer.content)
    assert api.flows.tracked == [hash_]


@pytest.mark.parametrize("refusal", [NotOwnerError, TransactionMismatchError, HashAlreadyTrackedError])
async def test_a_refused_hash_is_answered_with_the_reason_and_leaves_the_intent_as_it_was(
    api: Front, alice: User, refusal: type[NotOwnerError]
) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)

    async def refuse(*_: object) -> None:
        await asyncio.sleep(0.05)
        raise refusal

    api.flows.on_track = refuse
    answer = await alice.http.post(f"/v1/intents/{draft.intent_id}/track", json={"txHash": tx_hash()})
    assert (answer.status_code, answer.json()["code"]) == (refusal.status, refusal.code)
    assert (await api.intents.get(draft.intent_id)).seq == 1


@pytest.mark.parametrize(("own", "status"), [(True, 202), (False, 409)])
async def test_a_report_that_the_indexer_overtakes_is_answered_with_the_end_if_it_is_of_that_hash(
    api: Front, alice: User, own: bool, status: int
) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    sighting = draft.sighting()

    async def overtaken(*_: object) -> None:
        await api.intents.settle([sighting])
        await asyncio.sleep(0.1)  # the end of the log is here before the refusal
        raise IntentFinalError

    api.flows.on_track = overtaken
    hash_ = sighting.tx_hash if own else tx_hash()
    answer = await alice.http.post(f"/v1/intents/{draft.intent_id}/track", json={"txHash": hash_})
    assert answer.status_code == status
    assert answer.json()["step" if own else "code"] == ("ready" if own else "intent_final")


@pytest.mark.parametrize(
    "body",
    [
        {"txHash": "0x" + "a" * 63},
        {"txHash": "0x" + "a" * 65},
        {"txHash": "0x" + "A" * 64},
        {"txHash": "0X" + "a" * 64},
        {"txHash": "a" * 64},
        {"txHash": "0x" + "a" * 63 + "\0"},
        {"txHash": "0x" + "a" * 64 + "\n"},
        {"txHash": "0x" + "a" * 100_000},
        {"txHash": None},
        {"txHash": 1},
        {"txHash": ["0x" + "a" * 64]},
        {},
        {"txHash": "0x" + "a" * 64, "status": "ready"},
        {"tx_hash": "0x" + "a" * 64},
    ],
    ids=lambda body: str(body)[:40],
)
async def test_only_the_one_canonical_form_of_a_hash_is_taken(api: Front, alice: User, body: dict[str, object]) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    answer = await alice.http.post(f"/v1/intents/{draft.intent_id}/track", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert api.flows.tracked == []


async def test_a_megabyte_of_hash_is_too_large(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    body = {"txHash": "0x" + "a" * 1_000_000}
    assert (await alice.http.post(f"/v1/intents/{draft.intent_id}/track", json=body)).status_code == 413
