"""Deleting the own account, taking that back, and exporting what is held of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from pydantic import TypeAdapter

from api.accounts.bodies.leaving import DeletionBody, ExportBody
from steadymint.domain.accounts import workflow_id_of_deletion
from tests.support.problems import problem_of
from tests.support.profiles import a_name, patch
from tests.support.sign_in import Desk, Wallet, allowed, bearer, nonce_for, sign_in, verify


async def _sign_in(visitor: httpx.AsyncClient, wallet: Wallet, **more: Any) -> httpx.Response:
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    body = {"accountId": wallet.address, "message": text, "signature": wallet.sign(text), **more}
    return await visitor.post("/v1/auth/verify", json=body)


async def test_a_deletion_hides_the_user_at_once_and_a_sign_in_can_take_it_back(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    wallet, name = Wallet(), a_name()
    tokens, elsewhere = await sign_in(visitor, wallet), await sign_in(visitor, wallet)
    assert (await patch(visitor, tokens, username=name)).status_code == 200
    answer = await visitor.delete("/v1/me", headers=bearer(tokens))
    assert answer.status_code == 202, answer.text
    TypeAdapter(DeletionBody).validate_json(answer.content, strict=True)
    deletes_at = datetime.fromisoformat(answer.json()["deletesAt"])
    assert timedelta(days=13) < deletes_at - datetime.now(UTC) < timedelta(days=15)
    assert [await allowed(visitor, one) for one in (tokens, elsewhere)] == [False, False]
    assert (await visitor.get(f"/v1/users/{name}")).status_code == 404

    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    refused = problem_of(await verify(visitor, wallet.address, text, wallet.sign(text)), 403)
    assert refused["code"] == "account_deleting"
    assert refused["deletesAt"] == f"{deletes_at:%Y-%m-%dT%H:%M:%SZ}"
    taken = {"accountId": wallet.address, "message": text, "signature": wallet.sign(text), "takeBackDeletion": True}
    again = await visitor.post("/v1/auth/verify", json=taken)
    assert again.status_code == 200, "the nonce of the refused sign-in is still good"
    assert again.json()["userId"] == tokens["userId"]
    assert (await visitor.get(f"/v1/users/{name}")).status_code == 200
    flow = desk.temporal.get_workflow_handle(workflow_id_of_deletion(tokens["userId"]))
    async with asyncio.timeout(30):
        assert (await flow.result())["outcome"] == "taken_back"
    recorded = (await visitor.get("/v1/me/security-events", headers=bearer(again.json()))).json()["items"]
    assert {"users.deletion_asked", "users.deletion_taken_back"} <= {one["type"] for one in recorded}


async def test_who_is_suspended_takes_nothing_back_and_who_deletes_nothing_is_signed_in_as_ever(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    wallet = Wallet()
    assert (await _sign_in(visitor, wallet, takeBackDeletion=True)).status_code == 200
    tokens = await sign_in(visitor, wallet)
    await desk.pool.execute(
        "UPDATE user_service.users SET status = 'suspended' WHERE user_id = $1::text::uuid", tokens["userId"]
    )
    closed = await _sign_in(visitor, wallet, takeBackDeletion=True)
    assert problem_of(closed, 403)["code"] == "account_closed"


async def test_an_export_is_one_a_day_and_its_owners_only(desk: Desk, visitor: httpx.AsyncClient) -> None:
    tokens, stranger = await sign_in(visitor, Wallet()), await sign_in(visitor, Wallet())
    assert (await visitor.get("/v1/me/export", headers=bearer(tokens))).status_code == 404
    both = await asyncio.gather(*(visitor.post("/v1/me/export", headers=bearer(tokens)) for _ in range(2)))
    assert [one.status_code for one in both] == [202, 202]
    TypeAdapter(ExportBody).validate_json(both[0].content, strict=True)
    assert both[0].json() == both[1].json()
    shown = await visitor.get("/v1/me/export", headers=bearer(tokens))
    assert shown.json()["status"] == "preparing"
    assert (await visitor.get("/v1/me/export/archive", headers=bearer(tokens))).status_code == 404
    assert (await visitor.get("/v1/me/export", headers=bearer(stranger))).status_code == 404
