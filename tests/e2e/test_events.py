"""What the product does is heard outside, from the streams that it fills by itself."""

from __future__ import annotations

from typing import Any

import orjson
from redis.asyncio import Redis

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
