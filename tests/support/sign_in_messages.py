"""Changes to a sign-in message, and what becomes of a message that was changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx

from steadymint.identity.messages.message import SignInMessage
from tests.support.sign_in import Desk, Wallet, nonce_for, verify

Change = Callable[[SignInMessage], str]


def later(make: Callable[[], Change]) -> Change:
    """A change that names times: those of the moment when the test runs, which may be long after it was collected."""
    return lambda message: make()(message)


def fields(**changes: Any) -> Change:
    """The message with other fields."""
    return lambda message: replace(message, **changes).text()


def edit(old: str, new: str) -> Change:
    """The message with one text put in place of another, which must be there."""

    def change(message: SignInMessage) -> str:
        text = message.text()
        assert old in text
        return text.replace(old, new, 1)

    return change


def line(start: str, new: str) -> Change:
    """The message with one whole line replaced."""

    def change(message: SignInMessage) -> str:
        lines = message.text().split("\n")
        at_line = next(index for index, each in enumerate(lines) if each.startswith(start))
        lines[at_line : at_line + 1] = [new] if new else []
        return "\n".join(lines)

    return change


def append(tail: str) -> Change:
    """The message with more behind it."""
    return lambda message: message.text() + tail


async def refused(
    desk: Desk,
    visitor: httpx.AsyncClient,
    wallet: Wallet,
    change: Change,
    statuses: tuple[int, ...] = (401,),
    code: str = "invalid_message",
) -> None:
    """The message, signed as it stands, gets nobody in: stated status and code, one line on file, the nonce unused."""
    nonce = await nonce_for(visitor, wallet.address)
    text = change(wallet.message(nonce))
    answer = await verify(visitor, wallet.address, text, wallet.sign(text))
    assert answer.status_code in statuses, answer.text
    assert answer.json()["code"] == code
    assert answer.headers["content-type"] == "application/problem+json"
    assert wallet.sign(text)[2:] not in answer.text
    assert await desk.events(wallet.address) == [code]
    assert await desk.sessions(wallet.address) == 0
    assert not await desk.pool.fetchval("SELECT used FROM auth_service.auth_nonces WHERE nonce = $1", nonce)
    users = "SELECT count(*) FROM wallet_service.wallet_links WHERE address = $1"
    assert await desk.pool.fetchval(users, wallet.address.lower()) == 0


async def accepted(visitor: httpx.AsyncClient, wallet: Wallet, change: Change) -> None:
    """The message, signed as it stands, gets somebody in."""
    text = change(wallet.message(await nonce_for(visitor, wallet.address)))
    answer = await verify(visitor, wallet.address, text, wallet.sign(text))
    assert answer.status_code == 200, answer.text
