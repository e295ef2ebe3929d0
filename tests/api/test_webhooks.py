"""Webhooks of a user: what may be said, what is shown, whose they are, and what never shows a secret."""

from __future__ import annotations

import asyncio
import json
import runpy
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
from pydantic import TypeAdapter

from api.accounts.bodies.webhooks import DeliveryPage, EventPage, NewWebhookView, WebhookPage, WebhookView
from api.accounts.routes import webhooks
from api.market.bodies.webhook_events import MESSAGES
from steadymint.domain.webhooks import EventName
from tests.support.api_document import api_document
from tests.support.catalog_rows import collection_row, insert
from tests.support.profiles import Member, member
from tests.support.sign_in import Desk
from tests.support.webhooks import ALICE, CATS, CHAIN, given_out, happen, listening, stepped

URL: Final = "https://shop.example/hook"
ROOT: Final = Path(__file__).parents[2]


async def made(owner: Member, **body: Any) -> dict[str, Any]:
    answer = await _send(owner, "POST", "/v1/webhooks", json={"url": URL, **body})
    assert answer.status_code == 201, answer.text
    TypeAdapter(NewWebhookView).validate_json(answer.content)
    return answer.json()


async def _send(owner: Member | None, method: str, path: str, key: str | None = None, **more: Any) -> httpx.Response:
    assert owner is not None
    headers = {"authorization": f"Bearer {owner.tokens['accessToken']}"}
    if key is not None:
        headers["idempotency-key"] = key
    return await owner.client.request(method, path, headers=headers, **more)


async def test_a_webhook_is_made_changed_paused_and_ended_and_its_secret_shown_once(visitor: httpx.AsyncClient) -> None:
    owner = await member(visitor)
    filters = {"events": ["sales.events sold"], "collections": [{"chainId": CHAIN, "contract": CATS}]}
    hook = await made(owner, description="Shop", accounts=[ALICE.upper().replace("0X", "0x")], **filters)
    path, secret = f"/v1/webhooks/{hook['webhookId']}", hook.pop("secret")
    assert secret.startswith("whsec_")
    shown = await _send(owner, "GET", path)
    assert shown.json() == hook
    assert shown.headers["cache-control"] == "private, no-store"
    assert (hook["events"], hook["active"], hook["lastSequence"]) == (filters["events"], True, 0)
    assert hook["collections"][0]["contract"].lower() == CATS
    changed = await _send(owner, "PATCH", path, json={"active": False, "events": [], "description": None})
    TypeAdapter(WebhookView).validate_json(changed.content)
    assert changed.json() == hook | {"active": False, "pausedBecause": "owner", "events": [], "description": None}
    assert (await _send(owner, "PATCH", path, json={"active": True})).json()["pausedBecause"] is None
    assert (await _send(owner, "PATCH", path, json={"url": f"{URL}/2"})).status_code == 200
    rotated = (await _send(owner, "POST", f"{path}/rotate-secret", json={})).json()
    assert rotated.keys() == {"secret"}
    assert rotated["secret"] != secret
    listed = await _send(owner, "GET", "/v1/webhooks")
    TypeAdapter(WebhookPage).validate_json(listed.content)
    assert listed.json()["items"][0]["secretOverlapEnds"] is not None
    assert not [one for one in (secret, rotated["secret"]) if one in listed.text]
    assert (await _send(owner, "DELETE", path)).status_code == 204
    assert (await _send(owner, "GET", path)).status_code == 404
    assert (await _send(owner, "GET", "/v1/webhooks")).json()["items"] == []
    recorded = (await _send(owner, "GET", "/v1/me/security-events")).json()["items"]
    assert {one["type"] for one in recorded} == {"webhook.changed"}
    assert [one["description"].split()[-1] for one in recorded] == [
        "deleted", "replaced", "address", "changed", "changed", "made",
    ]  # fmt: skip
    assert all(one["ipAddress"] for one in recorded)


async def test_a_repeated_request_with_its_key_is_the_same_webhook_until_that_is_deleted(
    visitor: httpx.AsyncClient,
) -> None:
    owner, other = await member(visitor), await member(visitor)

    async def create(who: Member, **changed: Any) -> httpx.Response:
        return await _send(who, "POST", "/v1/webhooks", "one", json={"url": URL, **changed})

    answers = [await create(owner) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    mismatch = await create(owner, url=f"{URL}/2")
    assert (mismatch.status_code, mismatch.json()["code"]) == (422, "idempotency_mismatch")
    assert (await create(other)).json()["webhookId"] != answers[0].json()["webhookId"]
    assert len((await _send(owner, "GET", "/v1/webhooks")).json()["items"]) == 1
    await _send(owner, "DELETE", f"/v1/webhooks/{answers[0].json()['webhookId']}")
    ended = await create(owner)
    assert (ended.status_code, ended.json()["code"]) == (409, "conflict")


async def test_a_key_is_told_its_webhook_for_a_day_and_makes_another_one_once_that_is_swept(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    owner = await member(visitor)
    body = {"url": URL, "events": ["sales.events sold", "mints.events minted"]}

    async def create(**changed: Any) -> httpx.Response:
        return await _send(owner, "POST", "/v1/webhooks", "one", json=body | changed)

    answers = await asyncio.gather(*(create() for _ in range(2)))
    assert sorted(one.status_code for one in answers) == [200, 201]
    (webhook_id,) = {one.json()["webhookId"] for one in answers}
    assert (await create(events=body["events"][::-1])).status_code == 200, "the order of the events says nothing"
    for change, said in (("secret = '\\x0378787878'", "Replace"), ("created_at = now() - interval '25 h'", "a day")):
        await desk.pool.execute(f"update event_service.webhooks set {change} where webhook_id = $1", UUID(webhook_id))
        refused = await create()
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
        assert said in refused.json()["detail"]
    await desk.pool.execute("delete from event_service.webhooks where webhook_id = $1", UUID(webhook_id))
    another = await create()
    assert another.status_code == 201
    assert another.json()["webhookId"] != webhook_id


async def test_a_receiver_asks_for_what_it_has_missed_and_has_it_sent_again(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    owner = await member(visitor)
    await listening(desk.pool)
    await given_out(desk.pool)  # that the owner has signed in
    hook = await made(owner)
    path, user_id = f"/v1/webhooks/{hook['webhookId']}", UUID(owner.tokens["userId"])
    await happen(desk.pool, *(stepped(user_id, ALICE) for _ in range(5)))
    await given_out(desk.pool)
    sent = await _send(owner, "POST", f"{path}/test")
    assert (sent.status_code, sent.json()) == (202, {"sequence": 6})
    query = {"webhookId": hook["webhookId"], "after": 2, "limit": 3}
    missed = await _send(owner, "GET", "/v1/events", params=query)
    TypeAdapter(EventPage).validate_json(missed.content)
    assert [body["sequence"] for body in missed.json()["items"]] == [3, 4, 5]
    assert missed.json()["lastSequence"] == 6
    await desk.pool.execute(
        "update event_service.webhook_deliveries set status = 'dead' where seq in (2, 4) and webhook_id = $1",
        UUID(hook["webhookId"]),
    )
    dead = await _send(owner, "GET", f"{path}/deliveries", params={"status": "dead", "limit": 1})
    TypeAdapter(DeliveryPage).validate_json(dead.content)
    assert [one["sequence"] for one in dead.json()["items"]] == [4]
    rest = {"status": "dead", "limit": 1, "cursor": dead.json()["nextCursor"]}
    (other,) = (await _send(owner, "GET", f"{path}/deliveries", params=rest)).json()["items"]
    assert (other["sequence"], other["type"]) == (2, "intents.events stepped")
    again = await _send(owner, "POST", f"{path}/replay", json={"first": 3, "deadOnly": True})
    assert (again.status_code, again.json()) == (202, {"events": 1, "first": 4, "last": 4})
    assert (await _send(owner, "POST", f"{path}/replay", json={"first": 3, "last": 2})).status_code == 422


REFUSED: Final = (
    "http://shop.example/",
    "https://shop.example:8443/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost/",
    "https://2130706433/",
    "https://user:word@shop.example/",
    "https://shop.example/\r\nx: y",
    "ftp://shop.example/",
    "https://shop.example/" + "x" * 3000,
)


async def test_addresses_that_are_not_the_public_internet_and_unknown_members_are_refused(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    owner = await member(visitor)
    bodies: list[dict[str, Any]] = [{"url": url} for url in REFUSED]
    bodies += [{"url": URL, "events": ["mints.events burned"]}, {"url": URL, "userId": str(UUID(int=1))}]
    bodies += [{"url": URL, "secret": "whsec_AAAA"}, {"url": URL, "accounts": [ALICE] * 101}, {}]
    hook = await made(owner)
    for body in bodies:
        answer = await _send(owner, "POST", "/v1/webhooks", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), body
        if body and "accounts" not in body:
            answer = await _send(owner, "PATCH", f"/v1/webhooks/{hook['webhookId']}", json=body)
            assert answer.status_code == 422, body
    assert len((await _send(owner, "GET", "/v1/webhooks")).json()["items"]) == 1
    for _ in range(9):
        await made(owner)
    assert (await _send(owner, "POST", "/v1/webhooks", json={"url": URL})).status_code == 409


async def test_every_route_is_its_owners_alone(desk: Desk, visitor: httpx.AsyncClient) -> None:
    owner, stranger = await member(visitor), await member(visitor)
    hook = await made(owner)
    bodies: dict[str, dict[str, Any]] = {"PATCH": {"active": False}, "rotate-secret": {}, "replay": {"first": 1}}
    found: dict[str, tuple[int, int]] = {}
    for route in webhooks.router.routes:
        path: str = route.path
        for method in route.methods:
            asked = path.replace("{webhookId}", hook["webhookId"])
            if path == "/v1/webhooks":
                continue
            body = bodies.get(method, bodies.get(path.rpartition("/")[2]))
            params = {"webhookId": hook["webhookId"]} if path == "/v1/events" else {}
            answer = await _send(stranger, method, asked, json=body, params=params)
            nobody = await visitor.request(method, asked, json=body, params=params)
            found[f"{method} {path}"] = (answer.status_code, nobody.status_code)
    assert len(found) == 8
    assert set(found.values()) == {(404, 401)}, found
    row = await desk.pool.fetchrow(
        "select status, last_seq, previous_secret from event_service.webhooks where webhook_id = $1",
        UUID(hook["webhookId"]),
    )
    assert tuple(row) == ("active", 0, None)


def test_each_event_has_a_shape_in_the_document_and_in_the_docs() -> None:
    document = api_document()
    assert set(document["webhooks"]) == set(MESSAGES) == set(EventName)
    for name, message in MESSAGES.items():
        content = document["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]
        TypeAdapter(message.shape).validate_json(json.dumps(content["example"]))
        assert content["schema"]["$ref"].rpartition("/")[2] in document["components"]["schemas"]
        assert f"`{name}`" in (ROOT / "docs" / "webhooks.md").read_text()
    written = runpy.run_path(str(ROOT / "scripts" / "webhook_schemas.py"))
    assert written["FILE"].read_text() == written["text"](), "run python scripts/webhook_schemas.py"


async def test_a_filter_names_a_collection_by_its_slug(desk: Desk, visitor: httpx.AsyncClient) -> None:
    row = collection_row(978) | {"chain_id": CHAIN}
    await insert(desk.pool, "catalog_service.collections", [row])
    owner = await member(visitor)
    by_slug, unknown = ([{"chainId": CHAIN, "contract": slug}] for slug in (row["slug"], "no-such-slug"))
    for hook in (await made(owner, collections=by_slug), await made(owner)):
        path = f"/v1/webhooks/{hook['webhookId']}"
        changed = await _send(owner, "PATCH", path, json={"collections": by_slug})
        assert changed.json()["collections"][0]["contract"].lower() == row["contract_address"]
        assert (await _send(owner, "PATCH", path, json={"collections": unknown})).status_code == 422
    refused = await _send(owner, "POST", "/v1/webhooks", json={"url": URL, "collections": unknown})
    assert refused.json()["code"] == "unknown_collection"
