"""Who may have the market prepare a transaction, and how often an address may ask it for orders."""

from __future__ import annotations

from uuid import uuid4

import pytest

from steadymint.domain.intents.kinds import KINDS, IntentKind
from tests.security.test_order_bodies import PREPARES, ROUTES, WISH
from tests.support.intents import COLLECTION, tx_hash
from tests.support.intents_api import Front, User
from tests.support.preparing import is_taken, post
from tests.support.problems import is_refused
from tests.support.serving import plain_http

ENDS = {
    "revoked": "update auth_service.sessions set revoked_at = now() where user_id = $1",
    "expired": """update auth_service.sessions set created_at = now() - interval '2 hours',
        expires_at = now() - interval '1 hour', absolute_expires_at = now() - interval '1 hour' where user_id = $1""",
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
async def test_r03_a_session_that_has_ended_prepares_nothing(api: Front, alice: User, end: str) -> None:
    await api.pool.execute(end, alice.id)
    async with plain_http(api.url) as nobody:
        for path, body in PREPARES.items():
            is_refused(await post(alice, path, body), 401, "unauthorized")
            is_refused(await nobody.post(path, json=body), 401, "unauthorized")
    assert api.flows.prepared == []


async def test_c14_a_contract_wallet_trades_on_the_chain_of_its_session_only(api: Front, alice: User) -> None:
    """On another chain the same address may be somebody else's contract. A key is the same everywhere."""
    for path, body in PREPARES.items():
        await is_taken(api, alice, path, body | {"chainId": "eip155:1"})
    api.flows.prepared.clear()
    await api.pool.execute("update auth_service.sessions set account_type = 'contract' where user_id = $1", alice.id)
    for path, body in PREPARES.items():
        is_refused(await post(alice, path, body | {"chainId": "eip155:1"}))
    assert api.flows.prepared == []
    for path, body in PREPARES.items():
        await is_taken(api, alice, path, body)


@pytest.mark.parametrize("kind", [IntentKind.PURCHASE, IntentKind.SALE, IntentKind.CANCEL, IntentKind.APPROVE])
async def test_i19_another_users_trade_looks_like_none(api: Front, alice: User, kind: IntentKind) -> None:
    draft = alice.draft(kind=kind, facts=dict.fromkeys(KINDS[kind].natural_key, COLLECTION))
    await api.recorder.create(draft)
    async with api.user() as mallory:
        for method, route in (("GET", ""), ("GET", "/events"), ("POST", "/track")):
            foreign, unknown = [
                await mallory.http.request(method, f"/v1/intents/{intent_id}{route}", json={"txHash": tx_hash()})
                for intent_id in (draft.intent_id, uuid4())
            ]
            assert (foreign.status_code, foreign.content) == (404, unknown.content), (method, route)
    assert api.flows.tracked == []


async def test_a_purchase_belongs_to_its_key_and_its_user(api: Front, alice: User) -> None:
    """Nobody occupies the purchase of another user, nor the approval that is its first step."""
    path, body = "/v1/purchases/prepare", PREPARES["/v1/purchases/prepare"]
    async with api.user() as bob:
        for user in (alice, bob, alice):
            await user.http.post(path, json=body, headers={"Idempotency-Key": "cart-7"})
    first, bobs, again = [order.intent_id for order in api.flows.prepared]
    assert first == again != bobs


@pytest.mark.parametrize(("wishes", "limit", "most"), [(1, "orders", 20), (2, "orders-bulk", 2)])
async def test_one_address_asks_for_so_many_orders_a_minute(
    api: Front, alice: User, monkeypatch: pytest.MonkeyPatch, wishes: int, limit: str, most: int
) -> None:
    """A request with several orders costs a node that much more. The collections have no such name, so that nobody is
    asked about the requests that are let through."""
    monkeypatch.setattr(api.settings.api, "order_rate", 20)
    body = ROUTES["/v1/orders/build"] | {"orders": [WISH | {"contract": "no-such-cats"}] * wishes}
    through = 0
    while (answer := await post(alice, "/v1/orders/build", body)).status_code != 429:
        is_refused(answer, 422, "unknown_collection")
        through += 1
    assert is_refused(answer, 429, "rate_limited")["limit"] == limit
    assert int(answer.headers["retry-after"]) >= 1
    assert most <= through <= 2 * most
