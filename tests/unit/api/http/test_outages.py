"""A 503 names the part that failed, where only a driver's error is known."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import aiohttp
import asyncpg
import orjson
import pytest
from pymongo import AsyncMongoClient
from redis.asyncio import Redis

from api.http.outages import OUTAGES, unavailable
from api.http.problems import problem_of
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.documents import Document
from steadymint.domain.errors import CallRevertedError, NotPinnedError, SteadymintError, UpstreamUnavailableError
from steadymint.domain.importing import ImportOrder, Inspection
from steadymint.domain.media import Asset, MediaId
from steadymint.domain.upstreams import Upstream
from steadymint.durable.client import connect
from steadymint.durable.failures import from_failure, to_failure
from steadymint.durable.intents import IntentFlows
from steadymint.durable.queues import Queues
from steadymint.indexing.importing.registration import Registrations
from steadymint.media.cid import file_cid
from steadymint.media.decoder import Decoder
from steadymint.media.pinning import KuboPinner, Pinnable
from steadymint.media.states import MediaStates
from steadymint.media.store import open_object_store
from steadymint.media.uploads import SpooledUpload
from steadymint.settings import MediaSettings, Settings, TemporalSettings
from tests.support.intents import ALICE, CHAIN, tx_hash
from tests.support.pictures import encoded, scene

NOBODY: Final = "127.0.0.1:1"
"""Where nothing listens."""


@pytest.fixture
async def silent() -> AsyncIterator[int]:
    """The port of a server that takes connections and never answers."""

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def ask_postgres(port: int) -> None:
    await asyncpg.connect(f"postgresql://u:p@127.0.0.1:{port}/x", timeout=0.2)


async def ask_redis(port: int) -> None:
    async with Redis.from_url(f"redis://127.0.0.1:{port}/0", socket_timeout=0.2, retry=None) as client:
        await client.get("x")


@pytest.mark.parametrize(("ask", "part"), [(ask_postgres, "postgres"), (ask_redis, "redis")])
async def test_a_store_that_is_gone_or_hangs_is_named(
    silent: int, ask: Callable[[int], Awaitable[None]], part: str
) -> None:
    for port in (1, silent):  # nothing listens on port 1
        with pytest.raises(OUTAGES) as outage:
            await ask(port)
        problem = problem_of(unavailable(outage.value))
        assert problem.status_code == 503
        assert f'"upstream":"{part}"'.encode() in problem.body


async def no_postgres(_: Path) -> None:
    await asyncpg.connect(f"postgresql://u:p@{NOBODY}/x")


async def no_redis(_: Path) -> None:
    async with Redis.from_url(f"redis://{NOBODY}/0", retry=None) as client:
        await client.get("x")


async def no_mongo(_: Path) -> None:
    client: AsyncMongoClient[Document] = AsyncMongoClient(f"mongodb://{NOBODY}", serverSelectionTimeoutMS=50)
    async with client:
        assets: Any = None
        await MediaStates(client, assets).of([MediaId("a" * 64)])


async def no_temporal(_: Path) -> None:
    settings = Settings(environment="test", temporal=TemporalSettings(address=NOBODY))
    await IntentFlows(await connect(settings, lazy=True), Queues()).begin_tracking("mint:1", tx_hash())


async def no_node(_: Path) -> None:
    async with RpcClient(CHAIN, [EndpointConfig(id=1, url=f"http://{NOBODY}")]) as rpc:
        await rpc.call("eth_blockNumber")


class Behind:
    """A fake of the database, whose only row is a checkpoint: whether the index is behind is a question of numbers."""

    async def fetchval(self, *_: Any) -> int:
        return 5


async def no_index(_: Path) -> None:
    pool: Any = Behind()
    order = ImportOrder(chain_id=CHAIN, contract=ALICE)
    found = Inspection(standard="erc721", name="", symbol="")
    await Registrations(pool).register(order, found, 6, datetime.now(UTC), chain_number=31337, exact=True)


async def no_store(_: Path) -> None:
    keys = {"s3_access_key": "a", "s3_secret_key": "b"}
    settings = MediaSettings(store="s3://bucket", s3_endpoint=f"http://{NOBODY}", **keys)  # type: ignore[arg-type]
    await open_object_store(settings).head("originals/a")


async def no_pinning(_: Path) -> None:
    async with aiohttp.ClientSession() as http:
        content = b"x"
        asset = Asset(MediaId("a" * 64), file_cid(content)[0], "image", "image/png", 1, datetime.now(UTC))

        async def pieces() -> AsyncIterator[bytes]:
            yield content

        await KuboPinner(http, f"http://{NOBODY}").pin(Pinnable(asset, {"": pieces}))


async def no_decoder(folder: Path) -> None:
    """It starts, and has no room for what it makes."""
    async with Decoder(MediaSettings(decoders=1)) as decoder:
        (folder / "picture").write_bytes(encoded(scene(), "PNG"))
        await decoder.clean(folder / "picture", Path("/dev/full"))


async def no_spool(_: Path) -> None:
    """The disk on which uploads wait is full."""
    descriptor = os.open("/dev/full", os.O_WRONLY)
    try:
        upload = SpooledUpload(Path("/dev/full"), descriptor)
        await upload.write(b"x")
        await upload.flush()
    finally:
        os.close(descriptor)


AWAY: dict[Upstream, tuple[Callable[[Path], Awaitable[None]], ...]] = {
    Upstream.POSTGRES: (no_postgres,),
    Upstream.REDIS: (no_redis,),
    Upstream.MONGO: (no_mongo,),
    Upstream.TEMPORAL: (no_temporal,),
    Upstream.NODE: (no_node,),
    Upstream.INDEX: (no_index,),
    Upstream.MEDIA_STORE: (no_store,),
    Upstream.PINNING: (no_pinning,),
    Upstream.DECODER: (no_decoder, no_spool),
}


@pytest.mark.parametrize(("part", "ask"), [(part, ask) for part, asked in AWAY.items() for ask in asked])
async def test_every_part_that_is_away_is_named_in_the_answer(
    tmp_path: Path, part: Upstream, ask: Callable[[Path], Awaitable[None]]
) -> None:
    with pytest.raises((SteadymintError, *OUTAGES)) as outage:
        await ask(tmp_path)
    error = outage.value if isinstance(outage.value, SteadymintError) else unavailable(outage.value)
    problem = problem_of(error)
    assert problem.status_code == 503
    assert orjson.loads(problem.body)["upstream"] == part


def test_no_part_is_left_out() -> None:
    """But the stream itself, which `tests/api/graphql/test_subscriptions.py` breaks."""
    assert set(AWAY) == set(Upstream) - {Upstream.STREAM}


def test_the_part_survives_the_way_through_a_flow() -> None:
    error = UpstreamUnavailableError("endpoint 1 did not answer in time", upstream="node")
    assert from_failure(to_failure(error)).extra == {"upstream": "node"}
    assert NotPinnedError().extra == {"upstream": "pinning"}
    assert CallRevertedError().extra == {}
