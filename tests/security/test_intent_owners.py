"""An intent belongs to the user whose token asks: attack case I19."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.support.intents import tx_hash
from tests.support.intents_api import Front, User
from tests.support.preparing import A_COLLECTION, A_MINT, PREPARE_COLLECTION, PREPARE_MINT, post
from tests.support.problems import is_refused
from tests.support.serving import plain_http


async def test_a_key_belongs_to_its_user_and_kind(api: Front, alice: User) -> None:
    """The same key of another user, or for another kind, is another intent: nobody can occupy anybody's."""
    same = {"Idempotency-Key": "one"}
    async with api.user() as bob:
        for user in (alice, bob):
            await user.http.post(PREPARE_MINT, json=A_MINT, headers=same)
            await user.http.post(PREPARE_COLLECTION, json=A_COLLECTION, headers=same)
        await alice.http.post(PREPARE_MINT, json=A_MINT, headers=same)
    ids = [order.intent_id for order in api.flows.prepared]
    assert len(ids) == 5
    assert ids[4] == ids[0]
    assert len(set(ids)) == 4


async def test_nobody_prepares_without_a_session(api: Front, alice: User) -> None:
    async with plain_http(api.url) as nobody:
        for path, body in ((PREPARE_COLLECTION, A_COLLECTION), (PREPARE_MINT, A_MINT)):
            answer = await nobody.post(path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert api.flows.prepared == []


METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@pytest.mark.parametrize("route", ["", "/track", "/events", "/ws", "/cancel", "/"])
async def test_i19_another_users_intent_looks_like_none_by_every_method(api: Front, alice: User, route: str) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    body = {"txHash": tx_hash()}
    async with api.user() as mallory:
        for method in METHODS:
            foreign, unknown = [
                await mallory.http.request(method, f"/v1/intents/{intent_id}{route}", json=body)
                for intent_id in (draft.intent_id, uuid4())
            ]
            assert foreign.status_code in (404, 405), (method, foreign.text)
            assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    assert api.flows.tracked == []
    assert (await api.intents.get(draft.intent_id)).seq == 1


async def test_i19_no_header_or_parameter_makes_somebody_else_of_the_caller(api: Front, alice: User) -> None:
    """One source only says who is asking: the bearer token."""
    draft = alice.draft()
    await api.recorder.create(draft)
    claims = {"X-User-Id": str(alice.id), "X-Forwarded-User": str(alice.id), "Cookie": f"userId={alice.id}"}
    async with api.user() as mallory:
        path = f"/v1/intents/{draft.intent_id}"
        assert (await mallory.http.get(path, headers=claims, params={"userId": str(alice.id)})).status_code == 404
        listed = await mallory.http.get("/v1/intents", headers=claims)
        assert listed.json()["items"] == []
        is_refused(await mallory.http.get("/v1/intents", params={"userId": str(alice.id)}))
        is_refused(await post(mallory, PREPARE_MINT, A_MINT | {"userId": str(alice.id)}))
