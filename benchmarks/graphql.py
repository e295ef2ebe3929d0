"""What a page costs by GraphQL, beside the same page by REST: the time of the API itself.

Both are asked of the application in this process, without sockets, which would be the same for both and hide the
difference. They take turns, so that a slow moment of the machine hits both. A page is read from Postgres, or from the
read cache, or is a page of a storefront: one operation of GraphQL beside the four requests that REST needs.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, redirect_stderr
from pathlib import Path
from typing import Any, Final

import orjson
from fastapi import FastAPI
from pydantic import SecretStr

from api.main import create_app
from benchmarks import list_rows as rows
from benchmarks.list_database import loaded
from benchmarks.options import Options
from benchmarks.report import DidNotHappenError, Goal, Measure, of_samples
from steadymint.settings import ApiSettings, AuthSettings, PostgresSettings, RedisSettings, Settings
from steadymint.stack.valkey import Valkey

WITHIN: Final = Goal("ratio", "<=", 1.6)
NOWHERE: Final = "127.0.0.1:1"
PATH: Final = f"/v1/collections/{rows.CHAIN}/{rows.CONTRACT}"

TOKEN: Final = """chainId contract tokenId standard owner supply burned name imageUrl imageUri animationUrl animationUri
metadataUrl metadataStatus rank price currency flags mintedBlock mintedAt updatedAt"""
TOKENS: Final = f"""query($chain: ChainId!, $contract: String!, $first: Int) {{
  tokens(chainId: $chain, contract: $contract, first: $first) {{
    nodes {{ {TOKEN} }} pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
STOREFRONT: Final = f"""query($chain: ChainId!, $contract: String!, $first: Int) {{
  collection(chainId: $chain, contract: $contract) {{ name symbol slug owner royaltyBps mint {{ price endAt }} }}
  collectionStats(chainId: $chain, contract: $contract) {{ items owners listed floorPrice volumeDay volumeAll }}
  tokens(chainId: $chain, contract: $contract, first: $first) {{
    nodes {{ {TOKEN} }} pageInfo {{ hasNextPage endCursor }}
  }}
  collectionActivity(chainId: $chain, contract: $contract) {{
    nodes {{ id type tokenId from to price txHash timestamp }} pageInfo {{ hasNextPage endCursor }}
  }}
}}"""


class Asked:
    """The application, asked as a server would ask it."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def get(self, path: str, query: str = "") -> Any:
        return await self._ask("GET", path, query)

    async def graphql(self, query: str, first: int) -> Any:
        variables = {"chain": rows.CHAIN, "contract": rows.CONTRACT, "first": first}
        answer = await self._ask("POST", "/graphql", "", orjson.dumps({"query": query, "variables": variables}))
        if "errors" in answer:
            raise DidNotHappenError(str(answer["errors"]))
        return answer["data"]

    async def _ask(self, method: str, path: str, query: str, body: bytes = b"") -> Any:
        said: list[bytes] = []
        given = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            return given.pop() if given else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            said.append(message.get("body", b""))

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": method,
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(b"host", b"bench"), (b"content-type", b"application/json")],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
        }  # fmt: skip
        await self._app(scope, receive, send)
        return orjson.loads(b"".join(said))


async def measure(options: Options) -> list[Measure]:
    samples = options.of(1_000, 150)
    async with _serving(cached=False) as asked:
        plain = [await _compared(f"a page of {first} tokens", asked, first, samples) for first in (20, 100)]
        plain.append(await _storefront("a page of a storefront", asked, samples))
    async with _serving(cached=True) as asked:
        name = "a page of 100 tokens, from the read cache"
        cached = [await _compared("a page of 20 tokens, from the read cache", asked, 20, samples)]
        cached.append(await _compared(name, asked, 100, samples))
    return [*plain, *cached]


async def _compared(name: str, asked: Asked, first: int, samples: int) -> Measure:
    async def rest() -> None:
        if len((await asked.get(f"{PATH}/tokens", f"limit={first}"))["items"]) != first:
            raise DidNotHappenError("a short page")

    async def graphql() -> None:
        if len((await asked.graphql(TOKENS, first))["tokens"]["nodes"]) != first:
            raise DidNotHappenError("a short page")

    return await _in_turns(name, rest, graphql, "the same by REST", samples)


async def _storefront(name: str, asked: Asked, samples: int) -> Measure:
    async def rest() -> None:
        for path in (PATH, f"{PATH}/stats", f"{PATH}/tokens", f"{PATH}/activity"):
            await asked.get(path)

    async def graphql() -> None:
        await asked.graphql(STOREFRONT, 20)

    return await _in_turns(name, rest, graphql, "four requests of REST, one after the other", samples)


async def _in_turns(
    name: str, rest: Callable[[], Awaitable[None]], graphql: Callable[[], Awaitable[None]], against: str, samples: int
) -> Measure:
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(samples + samples // 10):
        for times, ask in zip(found, (rest, graphql), strict=True):
            started = time.perf_counter()
            await ask()
            times.append((time.perf_counter() - started) * 1000)
    base = of_samples("", found[0][-samples:], "ms")  # the first prepare their statements
    return of_samples(f"graphql: {name}", found[1][-samples:], "ms", baseline=base.median, against=against, goal=WITHIN)


@asynccontextmanager
async def _serving(*, cached: bool) -> AsyncGenerator[Asked]:
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        dsn = await stack.enter_async_context(loaded(rows.Size(20_000, 2_000, 50)))
        url = f"redis://{NOWHERE}/0"
        if cached:
            valkey = Valkey(directory / "valkey")
            await valkey.start()
            stack.push_async_callback(valkey.stop)
            url = valkey.url
        settings = Settings(
            environment="test",
            postgres=PostgresSettings(dsn=SecretStr(dsn)),
            redis=RedisSettings(url=SecretStr(url)),
            auth=AuthSettings(signing_keys={"bench": SecretStr("a signing key of the benchmark, 32+ bytes")}),
            api=ApiSettings(read_rate=100_000_000),
        )
        app = create_app(settings)
        stack.enter_context(_logging_to(directory / "log"))
        await stack.enter_async_context(app.router.lifespan_context(app))
        yield Asked(app)


@contextmanager
def _logging_to(file: Path) -> Generator[None]:
    """What the application logs is written, as in production, but to `file`: it is a line for each request."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    try:
        with file.open("w") as log, redirect_stderr(log):
            yield
    finally:
        root.handlers = handlers
        root.setLevel(level)
