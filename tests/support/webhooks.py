"""Webhooks for tests: users with wallets, subscriptions, events in the outbox, and receivers that remember."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from aiohttp import web
from standardwebhooks import Webhook

from steadymint.domain.types import UserId
from steadymint.events.event import INTENTS, MINTS, SALES, TRANSFERS, DomainEvent
from steadymint.events.outbox import append
from steadymint.events.relay import Relay
from steadymint.settings import CodecSettings
from steadymint.webhooks.fanout import WebhookFanout
from steadymint.webhooks.sealing import Seal
from steadymint.webhooks.subscriptions import Subscription, Subscriptions
from steadymint.webhooks.wanted import Wanted

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CHAIN = "eip155:31337"
CATS, DOGS = "0x" + "ca" * 20, "0x" + "d0" * 20
ALICE, BOB = "0x" + "a1" * 20, "0x" + "b0" * 20
KEY = "c3RlYWR5bWludC1zdGVhZHltaW50LXN0ZWFkeW1pbnQ="  # 32 bytes, of tests only
SEAL = Seal(CodecSettings.model_validate({"keys": {"test": KEY}}))

_numbers = itertools.count(1)


async def a_user(pool: asyncpg.Pool, *wallets: str, chain_ids: Sequence[str] = (CHAIN,), kind: str = "eoa") -> UserId:
    """A user who has linked these wallets, each on each of the chains."""
    user_id = uuid4()
    await pool.execute("insert into user_service.users (user_id) values ($1)", user_id)
    for wallet, chain_id in itertools.product(wallets, chain_ids):
        await pool.execute(
            "insert into wallet_service.wallet_links (user_id, address, chain_id, type) values ($1, $2, $3, $4)",
            user_id,
            wallet,
            chain_id,
            kind,
        )
    return UserId(user_id)


async def subscribed(
    pool: asyncpg.Pool, user_id: UserId | None, url: str = "https://a.web.example/hook", **wanted: Sequence[str]
) -> tuple[Subscription, str]:
    made = await Subscriptions(pool, SEAL).create(user_id, url, None, Wanted(**wanted))
    return made.subscription, made.secret


def minted(to: str, contract: str = CATS, chain_id: str = CHAIN) -> DomainEvent:
    number = next(_numbers)
    payload = {"chainId": chain_id, "contract": contract, "txHash": f"0x{number:064x}", "blockNumber": number, "to": to}
    payload |= {"standard": "ERC721", "tokenIds": [str(number)], "quantities": ["1"]}
    return DomainEvent(MINTS, f"minted.{chain_id.replace(':', '-')}", str(number), AT, payload)


def transferred(sender: str, to: str | None) -> DomainEvent:
    number = next(_numbers)
    payload = {"chainId": CHAIN, "contract": CATS, "txHash": f"0x{number:064x}", "blockNumber": number, "from": sender}
    payload |= {"to": to, "standard": "erc721", "tokenIds": [str(number)], "quantities": ["1"]}
    return DomainEvent(TRANSFERS, "transferred.eip155-31337", str(number), AT, payload)


def sold(seller: str, buyer: str) -> DomainEvent:
    number = next(_numbers)
    payload = {"chainId": CHAIN, "contract": CATS, "tokenId": str(number), "seller": seller, "buyer": buyer}
    return DomainEvent(SALES, "sold.eip155-31337", str(number), AT, payload)


def stepped(user_id: UUID, account: str, intent_id: UUID | None = None) -> DomainEvent:
    number = next(_numbers)
    intent = {"intentId": str(intent_id or uuid4()), "chainId": CHAIN, "step": "tracked", "contract": DOGS}
    payload = {"userId": str(user_id), "account": account, "seq": number, "intent": intent}
    return DomainEvent(INTENTS, "stepped.eip155-31337", str(number), AT, payload)


async def happen(pool: asyncpg.Pool, *events: DomainEvent) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await append(connection, events)


async def given_out(pool: asyncpg.Pool) -> None:
    """Give all events of the outbox to subscriptions."""
    fanout = WebhookFanout()
    relay = Relay(pool, [fanout])
    while await relay.deliver(fanout):
        pass


async def listening(pool: asyncpg.Pool) -> None:
    """Register the consumer, which begins with what happens next."""
    await Relay(pool, [WebhookFanout()]).register()


class Receiver:
    """A receiver as Standard Webhooks wants one: it checks each signature, and knows what it has had."""

    def __init__(self, secret: str = "") -> None:
        self.secret = secret
        self.down = 0
        """The status with which it refuses everything; 0 while it is well."""
        self.refuses: set[str] = set()
        """Contracts whose events it refuses."""
        self.taken: list[dict[str, Any]] = []
        self.tries = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.tries += 1
        sent = await request.read()
        await self.gate.wait()
        body = Webhook(self.secret).verify(sent, dict(request.headers))
        assert request.headers["webhook-id"] == body["id"]
        if self.down:
            return web.Response(status=self.down)
        if body["data"].get("contract") in self.refuses:
            return web.Response(status=500)
        self.taken.append(body)
        return web.Response(status=204)

    @property
    def sequence(self) -> list[int]:
        return [body["sequence"] for body in self.taken]

    def twice(self) -> list[str]:
        """What it has taken more than once."""
        return [one for one, times in Counter(body["id"] for body in self.taken).items() if times > 1]
