"""What the product does is heard outside, from the streams that it fills by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import TypeAdapter
from redis.asyncio import Redis

from api.market.bodies.webhook_events import MESSAGES
from steadymint.events.event import PositionedEvent
from steadymint.webhooks.message import body_of
from steadymint.webhooks.told import told_of
from tests.support.full_stack import FullStack, until


async def test_readers_of_the_streams_hear_of_a_sign_in_a_collection_and_its_mint(full_stack: FullStack) -> None:
    redis: Redis = Redis.from_url(full_stack.stack.settings().redis.url.get_secret_value())

    async def heard(stream: str, **about: Any) -> list[dict[str, Any]]:
        entries = [orjson.loads(fields[b"payload"]) for _, fields in await redis.xrange(stream)]
        return [payload for payload in entries if about.items() <= payload.items()]

    async with redis, full_stack.person() as alice:
        contract = (await full_stack.made(alice)).lower()
        prepared = await alice.prepare_mint(contract)
        tx_hash = await alice.send_and_track(prepared)
        async with full_stack.blocks.ticking():
            assert (await alice.until_final(prepared["intentId"]))["step"] == "ready"

        (minted,) = await until(lambda: heard("mints.events", txHash=tx_hash), "the mint in its stream")
        assert (minted["contract"], minted["to"]) == (contract, alice.wallet.address.lower())
        assert len(await heard("collections.events", contract=contract)) == 1
        assert len(await heard("auth.events", address=alice.wallet.address)) == 1
        assert len(await heard("wallets.events", address=alice.wallet.address)) == 1
        streams = ("auth", "wallets", "collections", "mints", "intents")
        entries = [one for name in streams for one in await redis.xrange(f"{name}.events")]
        entries += [one for name in ("collections", "mints") for one in await redis.xrange(f"{name}.domain")]
        assert {_shaped(fields) for _, fields in entries} >= set(MESSAGES) - {
            "wallet.unlinked",
            "wallet.primary_changed",
            "tokens.events launched",
            "transfers.events transferred",
            "orders.events changed",
            "sales.events sold",
            "webhook.paused",
            "webhook.test",
        }


def _shaped(fields: dict[bytes, bytes]) -> str:
    """The name of an entry as an event of webhooks, once its body has the documented shape."""
    said = {name.decode(): value.decode() for name, value in fields.items()}
    at, event_id = datetime.fromisoformat(said["occurred_at"]), UUID(said["event_id"])
    event = PositionedEvent(1, at, event_id, said["schema"], said["type"], at, orjson.loads(said["payload"]))
    told = told_of(event)
    assert told is not None, said
    body = orjson.dumps(body_of(event_id, told.name, 1, at, event.payload))
    TypeAdapter(MESSAGES[told.name].shape).validate_json(body)
    return told.name
