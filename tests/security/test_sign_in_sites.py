"""A sign-in message counts for one site and one account: attack cases S10 to S19."""

from __future__ import annotations

import httpx
import pytest

from steadymint.identity.messages.message import SignInMessage
from tests.support.sign_in import CHAIN, Desk, Wallet, nonce_for, verify
from tests.support.sign_in_messages import Change, fields, refused


def lower_case(message: SignInMessage) -> str:
    return message.text().replace(message.address, message.address.lower())


def one_wrong_letter(message: SignInMessage) -> str:
    index = next(index for index, char in enumerate(message.address[2:], 2) if char.isalpha())
    wrong = message.address[:index] + message.address[index].swapcase() + message.address[index + 1 :]
    return message.text().replace(message.address, wrong)


ELSEWHERE = {
    "S10 one wrong letter": one_wrong_letter,
    "no checksum at all": lower_case,
    "S13 user before": fields(domain="market.example@evil.example"),
    "S13 user after": fields(domain="evil.example@market.example"),
    "S13 user in the uri": fields(uri="https://market.example@evil.example/"),
    "S13 user before our uri": fields(uri="https://evil.example@market.example/"),
    "S14 trailing dot": fields(domain="market.example."),
    "S14 upper case": fields(domain="MARKET.example"),
    "S14 default port": fields(domain="market.example:443"),
    "S14 percent-encoded": fields(domain="market%2eexample"),
    "S14 empty port": fields(domain="market.example:"),
    "S14 default port in the uri": fields(uri="https://market.example:443/"),
    "another host": fields(domain="evil.example", uri="https://evil.example/"),
    "sub-domain": fields(domain="a.market.example"),
    "IPv6 host": fields(domain="[::1]", uri="https://[::1]/"),
    "S19 uri elsewhere": fields(uri="https://evil.example/login"),
    "uri of another allowed site": fields(uri="http://localhost:3000/"),
    "uri with another scheme": fields(uri="http://market.example/"),
    "uri with scheme in capitals": fields(uri="HTTPS://market.example/"),
    "uri with our name as a prefix": fields(uri="https://market.example.evil.example/"),
    "scheme of the line differs": fields(scheme="http"),
}


@pytest.mark.parametrize("change", ELSEWHERE.values(), ids=ELSEWHERE)
async def test_a_message_for_another_site_or_address_is_refused(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, change: Change
) -> None:
    await refused(desk, visitor, wallet, change)


async def test_s11_a_message_of_another_account_than_the_request_is_refused(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    victim = Wallet()
    nonce = await nonce_for(visitor, victim.address)
    text = wallet.message(nonce).text()
    answer = await verify(visitor, victim.address, text, wallet.sign(text))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_message")
    assert await desk.sessions(victim.address) == await desk.sessions(wallet.address) == 0
    text = victim.message(nonce).text()
    assert (await verify(visitor, victim.address, text, victim.sign(text))).status_code == 200


async def test_s16_a_foreign_site_gets_no_nonce(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    body = {"accountId": wallet.address, "chainId": CHAIN, "domain": "evil.example"}
    answer = await visitor.post("/v1/auth/nonce", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "domain_not_allowed")
    assert "STEADYMINT_AUTH__ALLOWED_ORIGINS" in answer.json()["detail"]
    count = "SELECT count(*) FROM auth_service.auth_nonces WHERE account_id = $1"
    assert await desk.pool.fetchval(count, wallet.address.lower()) == 0


@pytest.mark.parametrize("header", ["host", "x-forwarded-host", "forwarded", "origin", "referer"])
async def test_s17_no_header_says_who_we_are(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, header: str
) -> None:
    visitor.headers[header] = "host=evil.example" if header == "forwarded" else "evil.example"
    await refused(desk, visitor, wallet, fields(domain="evil.example", uri="https://evil.example/"))
