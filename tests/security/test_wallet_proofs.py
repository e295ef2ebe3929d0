"""Proofs that link a wallet: what serves for one thing serves for nothing else, and nobody links in another's name."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.accounts.routes.wallets import WALLET_RATE
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.linking import LinkResult, workflow_id_of_link
from steadymint.identity.messages.verification import hash_of_nonce
from tests.support.problems import is_refused, problem_of
from tests.support.sign_in import CHAIN, OTHER_CHAIN, Desk, Wallet, allowed, bearer, nonce_for, sign_in, verify
from tests.support.wallets import deeds, hand_in, link, link_nonce, listed

LINES = ("activity", "verifications")
WORD = "0x" + "ab" * 97
"""A signature that no key has made."""


@pytest.fixture(autouse=True)
def _quiet(desk: Desk) -> Iterator[None]:
    yield
    desk.contracts.error = desk.contracts.settles = None
    desk.contracts.valid.clear()
    desk.contracts.gone.clear()


@pytest.fixture
async def tokens(visitor: httpx.AsyncClient) -> dict[str, Any]:
    return await sign_in(visitor, Wallet())


async def test_a_nonce_serves_for_a_sign_in_or_for_a_link_and_never_for_both(
    desk: Desk, visitor: httpx.AsyncClient, tokens: dict[str, Any], wallet: Wallet
) -> None:
    """With and without the copies in Redis."""
    for flush in (False, True):
        to_sign_in = wallet.message(await nonce_for(visitor, wallet.address)).text()
        to_link = wallet.message(await link_nonce(visitor, tokens, wallet)).text()
        if flush:
            await desk.redis.flushdb()
        linked = await hand_in(visitor, tokens, wallet, to_sign_in, wallet.sign(to_sign_in))
        is_refused(linked, 422, "invalid_nonce")
        is_refused(await verify(visitor, wallet.address, to_link, wallet.sign(to_link)), 401, "invalid_nonce")
    assert len(await listed(visitor, tokens)) == 1
    assert await desk.sessions(wallet.address) == 0
    assert (await hand_in(visitor, tokens, wallet, to_link, wallet.sign(to_link))).status_code == 201


async def test_a_proof_links_to_the_user_who_asked_for_its_nonce_and_once(
    desk: Desk, visitor: httpx.AsyncClient, tokens: dict[str, Any], wallet: Wallet
) -> None:
    """Whoever has seen the proof cannot use it in a session of their own, before or afterwards."""
    thief = await sign_in(visitor, Wallet())
    text = wallet.message(await link_nonce(visitor, tokens, wallet)).text()
    proof = wallet, text, wallet.sign(text)
    is_refused(await hand_in(visitor, thief, *proof), 422, "invalid_nonce")
    answers = await asyncio.gather(*(hand_in(visitor, tokens, *proof) for _ in range(5)))
    codes = Counter(answer.json().get("code") if answer.status_code != 201 else 201 for answer in answers)
    assert codes == {201: 1, "invalid_nonce": 4}
    for one in (tokens, thief):
        is_refused(await hand_in(visitor, one, *proof, move=True), 422, "invalid_nonce")
    assert await deeds(visitor, tokens, wallet) == [("linked", "proof")]


async def test_what_is_no_proof_is_a_422_and_ends_no_session(
    desk: Desk, visitor: httpx.AsyncClient, tokens: dict[str, Any], wallet: Wallet
) -> None:
    nonce = await link_nonce(visitor, tokens, wallet)
    message, other = wallet.message(nonce), Wallet()
    text = message.text()
    foreign = wallet.message(nonce, uri="https://evil.example/login", domain="evil.example").text()
    elsewhere = wallet.message(nonce, chain_number=1337).text()
    is_refused(await hand_in(visitor, tokens, wallet, foreign, wallet.sign(foreign)), 422, "invalid_message")
    is_refused(await hand_in(visitor, tokens, other, text, wallet.sign(text)), 422, "invalid_message")
    is_refused(await hand_in(visitor, tokens, wallet, elsewhere, wallet.sign(elsewhere)), 422, "invalid_nonce")
    is_refused(await hand_in(visitor, tokens, wallet, text, other.sign(text)), 422, "invalid_signature")
    is_refused(await hand_in(visitor, tokens, wallet, text, "0x" + "zz"), 422, "invalid_signature")
    is_refused(await hand_in(visitor, tokens, wallet, "a" * 20_000, wallet.sign(text)), 413, "invalid_message")
    unknown = ({"userId": tokens["userId"]}, {"isPrimary": True}, {"takeBackDeletion": True})
    for more in ({"move": "yes"}, {"move": 1}, *unknown):
        is_refused(await hand_in(visitor, tokens, wallet, text, wallet.sign(text), **more))
    await desk.pool.execute(
        "UPDATE auth_service.auth_nonces SET issued_at = now() - interval '6 minutes', expires_at = now()"
        " WHERE nonce = $1",
        nonce,
    )
    await desk.redis.flushdb()
    is_refused(await hand_in(visitor, tokens, wallet, text, wallet.sign(text)), 422, "expired_nonce")
    assert await allowed(visitor, tokens)
    assert len(await listed(visitor, tokens)) == 1
    recorded = await desk.pool.fetch(
        "SELECT metadata ->> 'code' AS code, wallet_address, row_to_json(e)::text AS row"
        " FROM audit_service.security_events e WHERE user_id = $1 ORDER BY created_at",
        uuid.UUID(tokens["userId"]),
    )
    codes = ["invalid_message", "invalid_nonce", "invalid_signature", "expired_nonce"]
    own = [row["code"] for row in recorded if row["wallet_address"] == wallet.address.lower()]
    assert list(dict.fromkeys(own)) == codes
    assert len(own) < 6, "of what is refused again within the hour there is one entry"
    assert [row["code"] for row in recorded if row["wallet_address"] == other.address.lower()] == ["invalid_message"]
    assert not any(nonce in row["row"] or wallet.sign(text)[2:] in row["row"] for row in recorded)


async def test_a_contract_links_by_its_own_word_on_its_own_chain(
    desk: Desk, visitor: httpx.AsyncClient, tokens: dict[str, Any], wallet: Wallet
) -> None:
    desk.contracts.valid.add((CHAIN, wallet.address.lower(), bytes.fromhex(WORD[2:])))
    text = wallet.message(await link_nonce(visitor, tokens, wallet)).text()
    desk.contracts.error = UpstreamUnavailableError("https://key@node.example is away", upstream="node")
    lost = problem_of(await hand_in(visitor, tokens, wallet, text, WORD), 503)
    assert "node.example" not in str(lost)
    desk.contracts.error = None
    answer = await hand_in(visitor, tokens, wallet, text, WORD)
    assert (answer.status_code, answer.json()["type"]) == (201, "contract")
    elsewhere = await link_nonce(visitor, tokens, wallet, OTHER_CHAIN)
    text = wallet.message(elsewhere, chain_number=1337).text()
    is_refused(await hand_in(visitor, tokens, wallet, text, WORD), 422, "invalid_signature")


async def test_a_contract_whose_block_has_left_the_chain_is_linked_no_longer(
    desk: Desk, visitor: httpx.AsyncClient, tokens: dict[str, Any], wallet: Wallet
) -> None:
    desk.contracts.valid.add((CHAIN, wallet.address.lower(), bytes.fromhex(WORD[2:])))
    desk.contracts.settles = 0.01
    desk.contracts.gone.add(wallet.address.lower())
    nonce = await link_nonce(visitor, tokens, wallet)
    text = wallet.message(nonce).text()
    assert (await hand_in(visitor, tokens, wallet, text, WORD)).status_code == 201
    workflow_id = workflow_id_of_link(uuid.UUID(tokens["userId"]), hash_of_nonce(nonce))
    handle = desk.temporal.get_workflow_handle(workflow_id, result_type=LinkResult)
    assert (await handle.result()).wallet_gone
    assert await deeds(visitor, tokens, wallet) == [("unlinked", "wallet_reorged_away"), ("linked", "proof")]


async def test_a01_lists_of_wallets_take_their_own_cursors_and_nothing_else(
    visitor: httpx.AsyncClient, tokens: dict[str, Any], wallet: Wallet
) -> None:
    await link(visitor, tokens, wallet)
    own = [f"/v1/me/wallets/{one}/{what}" for one in (wallet.address, tokens["address"]) for what in LINES]
    lists = ["/v1/me/wallets", *own]
    first = await visitor.get(lists[0], headers=bearer(tokens), params={"limit": 1})
    for path in lists:
        queries = ({"limit": "0"}, {"limit": "101"}, {"limit": "1e9"}, {"offset": "1"}, {"userId": tokens["userId"]})
        for query in queries:
            is_refused(await visitor.get(path, headers=bearer(tokens), params=query))
        cursors = ["x", *([first.json()["nextCursor"]] if path != lists[0] else [])]
        for cursor in cursors:
            answer = await visitor.get(path, headers=bearer(tokens), params={"cursor": cursor})
            is_refused(answer, 422, "invalid_cursor")


async def test_a_user_tries_so_often_and_no_more(visitor: httpx.AsyncClient, tokens: dict[str, Any]) -> None:
    other = await sign_in(visitor, Wallet())
    body = {"accountId": Wallet().address, "message": "x", "signature": "0x"}
    tries = [422]
    while tries[-1] == 422:
        tries.append((await visitor.post("/v1/me/wallets", headers=bearer(tokens), json=body)).status_code)
    assert tries[-1] == 429
    assert WALLET_RATE < len(tries) - 1 < 2 * WALLET_RATE  # a slow machine is given some tries back meanwhile
    assert (await link(visitor, other, Wallet()))["type"] == "eoa"
