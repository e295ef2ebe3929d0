"""Section C of the attack cases, as far as sign-in decides it: who is asked, how often, and what becomes of the answer.

What a contract's answer means is decided, and tested, in `steadymint.chain.calls.signatures`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from eth_utils.address import to_checksum_address

from api.accounts.routes.sign_in import CONTRACT_RATE
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.sign_in import SignInResult, workflow_id_of_nonce
from steadymint.identity import copies
from steadymint.identity.messages.verification import hash_of_nonce
from tests.support.sign_in import CHAIN, OTHER_CHAIN, Desk, Wallet, bearer, nonce_for, sign_in, verify

WORD = bytes.fromhex("ab" * 97)
"""A signature that no key has made."""


@pytest.fixture(autouse=True)
def _quiet(desk: Desk) -> Iterator[None]:
    yield
    desk.contracts.error = desk.contracts.settles = None
    desk.contracts.valid.clear()
    desk.contracts.gone.clear()


async def come(
    visitor: httpx.AsyncClient, wallet: Wallet, chain: str = CHAIN, signature: bytes = WORD
) -> tuple[httpx.Response, str]:
    """A sign-in by the contract at the wallet's address; its answer and nonce."""
    nonce = await nonce_for(visitor, wallet.address, chain)
    text = wallet.message(nonce, chain_number=int(chain.partition(":")[2])).text()
    return await verify(visitor, wallet.address, text, "0x" + signature.hex()), nonce


def accept(desk: Desk, wallet: Wallet, chain: str = CHAIN, signature: bytes = WORD) -> None:
    desk.contracts.valid.add((chain, wallet.address.lower(), signature))


@pytest.mark.parametrize("signature", [WORD, b"", b"\x01" * 65, b"\x02" * 8192], ids=len)
async def test_c17_a_contracts_word_signs_in_whatever_its_bytes(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, signature: bytes
) -> None:
    accept(desk, wallet, signature=signature)
    answer, nonce = await come(visitor, wallet, signature=signature)
    assert answer.status_code == 200, answer.text
    session = await desk.pool.fetchrow(
        "SELECT account_type, absolute_expires_at - created_at AS life FROM auth_service.sessions WHERE address = $1",
        wallet.address.lower(),
    )
    assert session["account_type"] == "contract"
    assert session["life"].days == 1
    history = await desk.temporal.get_workflow_handle(workflow_id_of_nonce(hash_of_nonce(nonce))).fetch_history()
    assert nonce not in history.to_json()
    if len(signature) > 65:
        assert signature.hex() not in history.to_json()


@pytest.mark.parametrize("gone", [True, False])
async def test_c19_a_session_ends_whose_wallet_was_in_a_block_that_has_left_the_chain(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, gone: bool
) -> None:
    accept(desk, wallet)
    desk.contracts.settles = 0.01
    if gone:
        desk.contracts.gone.add(wallet.address.lower())
    answer, nonce = await come(visitor, wallet)
    assert answer.status_code == 200
    workflow_id = workflow_id_of_nonce(hash_of_nonce(nonce))
    result = await desk.temporal.get_workflow_handle(workflow_id, result_type=SignInResult).result()
    assert result.wallet_gone == gone
    tokens = answer.json()
    own = await visitor.get("/v1/auth/sessions", headers=bearer(tokens))
    assert own.status_code == (401 if gone else 200)
    again = await visitor.post("/v1/auth/refresh", json={"refreshToken": tokens["refreshToken"]})
    assert again.status_code == (401 if gone else 200)


async def test_c16_an_owner_who_was_removed_is_signed_out_by_the_end_of_the_window(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    """Until then the session is refreshed: only a new signature could be asked about."""
    accept(desk, wallet)
    tokens = (await come(visitor, wallet))[0].json()
    desk.contracts.valid.clear()  # the owner is removed
    window = desk.settings.auth.contract_session_max_age
    answer = await visitor.post("/v1/auth/refresh", json={"refreshToken": tokens["refreshToken"]})
    assert answer.status_code == 200
    await desk.pool.execute(
        """
        WITH s AS (
            UPDATE auth_service.sessions SET created_at = created_at - $2::interval,
                absolute_expires_at = absolute_expires_at - $2, expires_at = expires_at - $2
            WHERE address = $1 RETURNING session_id
        )
        UPDATE auth_service.refresh_tokens t SET issued_at = issued_at - $2, expires_at = t.expires_at - $2
        FROM s WHERE t.session_id = s.session_id
        """,
        wallet.address.lower(),
        timedelta(seconds=window),
    )
    answer = await visitor.post("/v1/auth/refresh", json={"refreshToken": answer.json()["refreshToken"]})
    assert answer.status_code == 401
    answer, _ = await come(visitor, wallet)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_signature")


async def test_the_chain_is_asked_once_and_about_the_chain_that_was_signed(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    accept(desk, wallet, OTHER_CHAIN)
    answer, _ = await come(visitor, wallet, CHAIN)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_signature")
    answer, _ = await come(visitor, wallet, OTHER_CHAIN)
    assert answer.status_code == 200
    own = [chain for chain, address in desk.contracts.asked if address == wallet.address.lower()]
    assert own == [CHAIN, OTHER_CHAIN]


async def test_c05_a_node_that_cannot_say_is_no_refusal(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    desk.contracts.error = UpstreamUnavailableError(
        "No node of eip155:31337 answered: https://key@node.example", upstream="node"
    )
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    answer = await verify(visitor, wallet.address, text, "0x" + WORD.hex())
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable")
    assert answer.json().items() >= {"upstream": "node", "retryAfter": 2, "contractBudget": 9.0}.items()
    assert answer.headers["Retry-After"] == "2"
    assert "node.example" not in answer.text
    assert "key" not in answer.text
    assert await desk.events(wallet.address) == ["failed"]
    assert await desk.sessions(wallet.address) == 0
    desk.contracts.error = None
    accept(desk, wallet)
    assert (await verify(visitor, wallet.address, text, "0x" + WORD.hex())).status_code == 200
    assert await desk.events(wallet.address) == ["failed", "success"]


async def test_c07_junk_is_refused_and_then_stopped_before_the_chain_is_asked(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    codes: Counter[int] = Counter()
    while not codes[429] and codes.total() < 10 * CONTRACT_RATE:
        answer, _ = await come(visitor, wallet, signature=b"\x07" * 65)
        codes[answer.status_code] += 1
    assert codes == {401: codes[401], 429: codes[429]}
    assert codes[401] >= CONTRACT_RATE
    asked = [address for _, address in desk.contracts.asked if address == wallet.address.lower()]
    assert len(asked) == codes[401]
    assert Counter(await desk.events(wallet.address)) == {
        "invalid_signature": codes[401],
        "rate_limited": codes[429],
    }
    async with desk.visitor() as other:
        await sign_in(other, wallet)


async def test_c14_a_contract_on_another_chain_is_somebody_else(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    accept(desk, wallet, CHAIN)
    accept(desk, wallet, OTHER_CHAIN)
    victim, _ = await come(visitor, wallet, CHAIN)
    attacker, _ = await come(visitor, wallet, OTHER_CHAIN)
    assert victim.json()["userId"] != attacker.json()["userId"]
    again, _ = await come(visitor, wallet, CHAIN)
    assert again.json()["userId"] == victim.json()["userId"]


async def test_a_key_is_the_same_user_on_every_chain(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    here = await sign_in(visitor, wallet)
    text = wallet.message(await nonce_for(visitor, wallet.address, OTHER_CHAIN), chain_number=1337).text()
    there = (await verify(visitor, wallet.address, text, wallet.sign(text))).json()
    assert there["userId"] == here["userId"]
    assert there["chainId"] == OTHER_CHAIN


async def test_c14_a_contract_elsewhere_does_not_become_the_owner_of_a_key(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    owner = await sign_in(visitor, wallet)
    accept(desk, wallet, OTHER_CHAIN)
    other, _ = await come(visitor, wallet, OTHER_CHAIN)
    assert other.status_code == 200
    assert other.json()["userId"] != owner["userId"]


@pytest.mark.parametrize("number", [0, 1, 4, 0x11, 0x100, 0xDEAD], ids=hex)
async def test_c02_c20_nobody_is_asked_about_an_address_that_holds_no_wallet(
    desk: Desk, visitor: httpx.AsyncClient, number: int
) -> None:
    address = to_checksum_address("0x" + f"{number:040x}")
    desk.contracts.valid.add((CHAIN, address.lower(), WORD))
    nonce = await nonce_for(visitor, address)
    text = Wallet().message(nonce, address=address).text()
    answer = await verify(visitor, address, text, "0x" + WORD.hex())
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_signature")
    assert address.lower() not in [asked for _, asked in desk.contracts.asked]
    assert await desk.sessions(address) == 0


async def test_a_burnt_address_holds_no_wallet(desk: Desk, visitor: httpx.AsyncClient) -> None:
    address = to_checksum_address("0x" + "dead".rjust(40, "0"))
    text = Wallet().message(await nonce_for(visitor, address), address=address).text()
    assert (await verify(visitor, address, text, "0x" + WORD.hex())).status_code == 401


async def test_with_redis_down_contracts_are_told_to_come_back(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()

    async def away(*_: Any, **__: Any) -> None:
        raise ConnectionError("away")

    accept(desk, wallet)
    monkeypatch.setattr(copies, "REST", 0.0)
    with monkeypatch.context() as broken:
        broken.setattr(desk.app.state.services.redis, "execute_command", away)
        broken.setattr(desk.app.state.services.redis, "evalsha", away)
        answer = await verify(visitor, wallet.address, text, "0x" + WORD.hex())
        assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable")
    assert await desk.sessions(wallet.address) == 0
    desk.app.state.services.limiter._rest_until = 0.0
    assert (await verify(visitor, wallet.address, text, "0x" + WORD.hex())).status_code == 200
