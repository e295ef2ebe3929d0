"""The wallets of a user: link, sign in by any, primary, label, unlink; and what their owner reads about them."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from steadymint.events.event import WALLETS
from tests.support.problems import problem_of
from tests.support.profiles import me, member
from tests.support.sign_in import CHAIN, DOMAIN, OTHER_CHAIN, Desk, Wallet, allowed, bearer, refresh, sign_in
from tests.support.wallets import deeds, do, hand_in, link, link_nonce, listed, prove


@pytest.fixture(scope="module")
def desk(sandboxed_desk: Desk) -> Desk:
    return sandboxed_desk


async def told(desk: Desk, user_id: str) -> list[tuple[str, str | None]]:
    """The types of the events about a user's wallets, and their reasons, in their order."""
    rows = await desk.pool.fetch(
        "SELECT type, payload FROM event_service.outbox WHERE stream = $1 AND payload ->> 'userId' = $2 ORDER BY id",
        WALLETS,
        user_id,
    )
    return [(row["type"], row["payload"].get("reason")) for row in rows]


async def test_any_linked_wallet_signs_in_as_the_same_user(desk: Desk, visitor: httpx.AsyncClient) -> None:
    first, second = Wallet(), Wallet()
    tokens = await sign_in(visitor, first)
    linked = await link(visitor, tokens, second)
    assert (linked["address"], linked["chainId"], linked["type"]) == (second.address, CHAIN, "eoa")
    assert (linked["isPrimary"], linked["label"]) == (False, None)
    assert (await sign_in(visitor, second))["userId"] == tokens["userId"]
    again = await link(visitor, tokens, second)
    assert again["linkedAt"] == linked["linkedAt"], "a wallet of one's own is linked once"
    assert [one["address"] for one in await listed(visitor, tokens)] == [first.address, second.address]
    assert await listed(visitor, tokens, limit=1) == await listed(visitor, tokens)
    assert [one["address"] for one in (await me(visitor, tokens))["wallets"]] == [first.address, second.address]
    assert await deeds(visitor, tokens, second) == [("verified", "proof"), ("verified", "sign_in"), ("linked", "proof")]
    assert len(await listed(visitor, tokens, f"/{second.address}/activity", limit=2)) == 3
    proofs = await listed(visitor, tokens, f"/{second.address}/verifications", limit=1)
    assert [(one["type"], one["status"], one["standard"]) for one in proofs] == [
        ("signature", "verified", "eip191")
    ] * 3
    assert await told(desk, tokens["userId"]) == [("wallet.linked", None)] * 2


async def test_the_primary_wallet_is_the_address_that_others_see(desk: Desk, visitor: httpx.AsyncClient) -> None:
    zoe, second = await member(visitor), Wallet()
    await link(visitor, zoe.tokens, second)
    assert await do(visitor, zoe.tokens, "PUT", second, "/primary") == 204
    assert await do(visitor, zoe.tokens, "PUT", second, "/primary") == 204, "twice is once"
    assert (await zoe.sees(zoe))["address"] == second.address
    assert [one["isPrimary"] for one in await listed(visitor, zoe.tokens)] == [False, True]
    assert (await deeds(visitor, zoe.tokens, second))[0] == ("set_primary", "request")
    assert (await told(desk, zoe.tokens["userId"]))[2:] == [("wallet.primary_changed", None)]


async def test_a_label_is_on_all_chains_of_a_wallet(visitor: httpx.AsyncClient) -> None:
    wallet = Wallet()
    tokens = await sign_in(visitor, wallet)
    assert await do(visitor, tokens, "PATCH", wallet, json={"label": " Ledger "}) == 204
    text = wallet.message(await link_nonce(visitor, tokens, wallet, OTHER_CHAIN), chain_number=1337).text()
    assert (await hand_in(visitor, tokens, wallet, text, wallet.sign(text))).status_code == 201
    found = await listed(visitor, tokens)
    assert [(one["chainId"], one["label"]) for one in found] == [(CHAIN, "Ledger"), (OTHER_CHAIN, "Ledger")]
    assert await do(visitor, tokens, "PATCH", wallet, json={"label": None}) == 204
    assert {one["label"] for one in await listed(visitor, tokens)} == {None}
    bodies: list[dict[str, Any]] = [{}, {"label": ""}, {"label": "x" * 101}, {"label": "\u202e"}, {"isPrimary": True}]
    assert [await do(visitor, tokens, "PATCH", wallet, json=body) for body in bodies] == [422] * 5
    assert await do(visitor, tokens, "DELETE", wallet) == 409, "one wallet, whatever the number of its chains"


async def test_an_unlinked_wallet_has_no_session_and_is_somebody_new(desk: Desk, visitor: httpx.AsyncClient) -> None:
    first, second = Wallet(), Wallet()
    tokens = await sign_in(visitor, first)
    await link(visitor, tokens, second)
    of_second = [await sign_in(visitor, second) for _ in range(2)]
    assert await do(visitor, tokens, "DELETE", second) == 204
    assert await do(visitor, tokens, "DELETE", second) == 204, "twice is once"
    assert [await allowed(visitor, one) for one in (tokens, *of_second)] == [True, False, False]
    assert (await refresh(visitor, of_second[0]["refreshToken"])).status_code == 401
    assert [one["address"] for one in await listed(visitor, tokens)] == [first.address]
    assert (await deeds(visitor, tokens, second))[0] == ("unlinked", "request"), "history stays"
    assert (await told(desk, tokens["userId"]))[2:] == [("wallet.unlinked", "request")]
    assert await do(visitor, tokens, "PUT", second, "/primary") == 404
    assert await do(visitor, tokens, "PATCH", second, json={"label": "x"}) == 404
    assert await do(visitor, tokens, "DELETE", Wallet()) == 404
    somebody = await sign_in(visitor, second)
    assert somebody["userId"] != tokens["userId"]
    assert await deeds(visitor, somebody, second) == [("linked", "sign_in")], "nothing of the former user's"


async def test_the_primary_wallet_leaves_its_place_to_the_oldest_other(desk: Desk, visitor: httpx.AsyncClient) -> None:
    first, second, third = Wallet(), Wallet(), Wallet()
    tokens = await sign_in(visitor, first)
    await link(visitor, tokens, second)
    await link(visitor, tokens, third)
    assert await do(visitor, tokens, "DELETE", first) == 204
    assert not await allowed(visitor, tokens), "its own session has ended too"
    tokens = await sign_in(visitor, third)
    assert [(one["address"], one["isPrimary"]) for one in await listed(visitor, tokens)] == [
        (second.address, True),
        (third.address, False),
    ]
    assert (await deeds(visitor, tokens, second))[0] == ("set_primary", "other_unlinked")
    assert (await told(desk, tokens["userId"]))[3:] == [
        ("wallet.unlinked", "request"),
        ("wallet.primary_changed", None),
    ]


async def test_a_wallet_moves_by_proof_only_and_both_users_read_it(desk: Desk, visitor: httpx.AsyncClient) -> None:
    """R18: without `move` a wallet of another user stays where it is, and the proof stays good."""
    shared = Wallet()
    old, new = await sign_in(visitor, Wallet()), await sign_in(visitor, Wallet())
    await link(visitor, old, shared)
    of_old = await sign_in(visitor, shared)
    text = shared.message(await link_nonce(visitor, new, shared)).text()
    refused = await hand_in(visitor, new, shared, text, shared.sign(text))
    assert problem_of(refused, 409)["code"] == "wallet_linked_elsewhere"
    assert await allowed(visitor, of_old)
    assert len(await listed(visitor, new)) == 1
    async with desk.visitor("10.9.8.7") as elsewhere:
        moved = await hand_in(elsewhere, new, shared, text, shared.sign(text), move=True)
    assert moved.status_code == 201, moved.text
    assert not await allowed(visitor, of_old), "the sessions that it has opened for its former user have ended"
    assert (await sign_in(visitor, shared))["userId"] == new["userId"]
    assert (await deeds(visitor, old, shared))[0] == ("unlinked", "moved")
    assert (await deeds(visitor, new, shared))[-1] == ("linked", "moved")
    line = (await listed(visitor, old, f"/{shared.address}/activity"))[0]
    assert (line["ipAddress"], line["userAgent"]) == (None, None), "who has moved it is not told"
    assert (await listed(visitor, new, f"/{shared.address}/activity"))[-1]["ipAddress"] == "10.9.8.7"
    assert (await told(desk, old["userId"]))[-1] == ("wallet.unlinked", "moved")
    assert (await told(desk, new["userId"]))[-1] == ("wallet.linked", None)


async def test_nobodys_primary_wallet_can_be_taken(visitor: httpx.AsyncClient) -> None:
    wallet = Wallet()
    owner, other = await sign_in(visitor, wallet), await sign_in(visitor, Wallet())
    for more in ({}, {"move": True}):
        refused = await prove(visitor, other, wallet, **more)
        assert problem_of(refused, 409)["code"] == "wallet_is_primary"
    assert (await sign_in(visitor, wallet))["userId"] == owner["userId"]
    assert await do(visitor, other, "GET", wallet, "/activity") == 404


async def test_a_user_has_so_many_wallets(desk: Desk, visitor: httpx.AsyncClient) -> None:
    tokens = await sign_in(visitor, Wallet())
    await desk.pool.execute(
        "INSERT INTO wallet_service.wallet_links (user_id, address, chain_id)"
        " SELECT $1, '0x' || $2 || lpad(to_hex(n), 8, '0'), 'eip155:31337' FROM generate_series(1, 99) n",
        uuid.UUID(tokens["userId"]),
        uuid.uuid4().hex,
    )
    assert problem_of(await prove(visitor, tokens, Wallet()), 409)["code"] == "conflict"
    assert len(await listed(visitor, tokens, limit=40)) == 100


async def test_a_session_that_was_opened_long_ago_links_nothing_and_a_new_sign_in_does(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    """Whoever steals a session must not make themselves a way in that stays. Refreshing it proves nothing."""
    wallet, second = Wallet(), Wallet()
    tokens = await sign_in(visitor, wallet)
    text = second.message(await link_nonce(visitor, tokens, second)).text()
    await desk.pool.execute(
        "UPDATE auth_service.sessions SET created_at = now() - interval '16 minutes' WHERE user_id = $1",
        uuid.UUID(tokens["userId"]),
    )
    tokens |= (await refresh(visitor, tokens["refreshToken"])).json()
    body = {"accountId": second.address, "chainId": CHAIN, "domain": DOMAIN}
    asked = await visitor.post("/v1/me/wallets/nonce", headers=bearer(tokens), json=body)
    handed = await hand_in(visitor, tokens, second, text, second.sign(text))
    for answer in (asked, handed):
        assert problem_of(answer, 403)["code"] == "recent_sign_in_needed"
    tokens = await sign_in(visitor, wallet)
    assert (await hand_in(visitor, tokens, second, text, second.sign(text))).status_code == 201
