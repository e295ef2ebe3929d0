"""What is recorded for the sake of security, as its subject and operators read it."""

from __future__ import annotations

import uuid
from typing import Any, Final

import asyncpg
import httpx
from pydantic import TypeAdapter

from api.accounts.bodies.security_events import SecurityEventPage
from steadymint.audit.entries import Entry, EventType, record
from steadymint.audit.keys import AUDIT_RETENTION
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.audit.reading import Filter, search
from steadymint.audit.sweeping import AuditSweep
from tests.support.sign_in import OTHER_CHAIN, Desk, Wallet, bearer, nonce_for, refresh, sign_in, verify

EVENTS: Final = "/v1/me/security-events"


async def test_a_user_reads_what_was_tried_on_their_account_page_by_page_and_nobody_else_does(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    wallet = Wallet()
    tokens, stranger = await sign_in(visitor, wallet), await sign_in(visitor, Wallet())
    async with desk.visitor("203.0.113.9") as thief:
        for _ in range(3):
            text = wallet.message(await nonce_for(thief, wallet.address)).text()
            assert (await verify(thief, wallet.address, text, Wallet().sign(text))).status_code == 401
        stolen = (await refresh(thief, tokens["refreshToken"])).json()
        assert (await refresh(thief, tokens["refreshToken"])).status_code == 401
    assert "refreshToken" in stolen
    again = await sign_in(visitor, wallet)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await visitor.get(EVENTS, headers=bearer(again), params={"limit": "1", **cursor})
        assert answer.status_code == 200, answer.text
        TypeAdapter(SecurityEventPage).validate_json(answer.content, strict=True)
        page = answer.json()
        seen += [f"{one['type']} {one['severity']} {one['ipAddress']}" for one in page["items"]]
        if page["nextCursor"] is None:
            break
        cursor = {"cursor": page["nextCursor"]}
    assert seen == ["auth.refresh_token_reused error 203.0.113.9", "auth.sign_in_refused warning 203.0.113.9"]
    assert (await visitor.get(EVENTS, headers=bearer(stranger))).json()["items"] == []


async def test_a_refused_sign_in_on_any_chain_reaches_the_owner_of_a_key_and_not_of_a_contract_elsewhere(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    key, contract = Wallet(), Wallet()
    of_key, of_contract = await sign_in(visitor, key), await sign_in(visitor, contract)
    await desk.pool.execute(
        "update wallet_service.wallet_links set type = 'contract' where address = $1", contract.address.lower()
    )
    async with desk.visitor("203.0.113.10") as thief:
        for victim in (key, contract):
            nonce = await nonce_for(thief, victim.address, OTHER_CHAIN)
            text = victim.message(nonce, chain_number=1337).text()
            assert (await verify(thief, victim.address, text, Wallet().sign(text))).status_code == 401

    async def told(tokens: dict[str, Any]) -> list[str]:
        return [one["type"] for one in (await visitor.get(EVENTS, headers=bearer(tokens))).json()["items"]]

    assert await told(of_key) == ["auth.sign_in_refused"]
    assert await told(of_contract) == []


async def test_an_event_of_a_type_that_this_process_does_not_know_is_listed(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    tokens = await sign_in(visitor, Wallet())
    await desk.pool.execute(
        "INSERT INTO audit_service.security_events (event_type, description, user_id)"
        " VALUES ('users.of_another_release', 'new', $1)",
        uuid.UUID(tokens["userId"]),
    )
    answer = await visitor.get(EVENTS, headers=bearer(tokens))
    assert answer.status_code == 200
    assert [one["type"] for one in answer.json()["items"]] == ["users.of_another_release"]


async def test_a_flood_that_a_limit_refuses_is_one_event(desk: Desk, visitor: httpx.AsyncClient) -> None:
    body = {"accountId": Wallet().address, "chainId": "eip155:31337", "domain": "market.example"}
    refused = 0
    async with desk.visitor("198.51.100.77") as flood:
        while refused < 10:
            refused += (await flood.post("/v1/auth/nonce", json=body)).status_code == 429
    found = await search(desk.pool, Filter(type="limits", ip="198.51.100.0/24"), limit=100)
    assert [(one.type, dict(one.details)) for one in found] == [("limits.exceeded", {"limit": "nonce"})]


async def test_operators_filter_events_and_old_ones_are_swept(desk: Desk) -> None:
    user = uuid.uuid4()
    pool: asyncpg.Pool = desk.pool
    for severity in ("info", "critical"):
        await record(pool, Entry(EventType.INTENT_OPERATED, "by hand", severity, user_id=user, details={"verb": "[x]"}))
    key = str(uuid.uuid4())
    once = [await record(pool, Entry(EventType.RATE_LIMITED, "once", key=key)) for _ in range(2)]
    assert once == [True, False]
    found = await search(pool, Filter(type="operators", user_id=user, at_least="error"), limit=9)
    assert [one.severity for one in found] == ["critical"]

    await pool.execute(
        "INSERT INTO audit_service.security_events (event_type, description, user_id, created_at)"
        " VALUES ('users.deleted', 'old', $1, now() - interval '400 days')",
        user,
    )
    settings = OperatorSettings(pool)
    assert await settings.get(AUDIT_RETENTION) == 365
    assert await AuditSweep(pool, settings).run() == 1
    assert len(await search(pool, Filter(user_id=user), limit=9)) == 2
