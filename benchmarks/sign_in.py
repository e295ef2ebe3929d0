"""Sign-ins, 16 at once, against a bare update-with-start with one local activity that does nothing.

    python -m benchmarks.sign_in [--sign-ins 320]

Real parts: PostgreSQL, Valkey, Temporal with its database on disk; API side and worker in this process. A sign-in is
everything between the parsed request and the tokens: parse, recovery, limits of the chain and the nonce, the flow with
its four local activities, the tokens. Both kinds run in turns of one round each, and the medians of the rounds count.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import asyncpg
import uvloop
from eth_account import Account
from eth_account.messages import encode_defunct
from pydantic import SecretStr
from redis.asyncio import Redis
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.worker import Worker

from activities.sign_in import Granting
from benchmarks.bare_flow import Bare, nothing
from migrations.runner import migrate_postgres
from migrations.search_attributes import register_search_attributes
from steadymint.database import create_pool
from steadymint.domain.types import Address, ChainId
from steadymint.durable.client import connect
from steadymint.durable.queues import Queues
from steadymint.durable.sign_in import SignInFlows
from steadymint.identity.announcements import SignInAnnouncements
from steadymint.identity.login_events import Attempt
from steadymint.identity.message import SignInMessage, shown
from steadymint.identity.service import SignInService
from steadymint.identity.sessions import Sessions
from steadymint.identity.users import Users
from steadymint.identity.wallets import Wallets
from steadymint.live.events import DomainEvents
from steadymint.settings import AuthSettings, Settings, TemporalSettings
from steadymint.stack.part import Part
from steadymint.stack.postgres import Postgres
from steadymint.stack.temporal import Temporal
from steadymint.stack.valkey import Valkey
from workers.sandbox import workflow_runner
from workflows.sign_in import SignIn

AT_ONCE = 16
ROUNDS = 5
GOAL = 0.85
CHAIN = ChainId("eip155:31337")
ORIGIN = "https://market.example"

P = TypeVar("P", bound=Part)


class Bench:
    """Both kinds of call, one at a time."""

    def __init__(self, client: Client, queue: str, service: SignInService) -> None:
        self._client = client
        self._queue = queue
        self._service = service

    async def bare(self, name: str) -> None:
        start = WithStartWorkflowOperation(
            Bare.run,
            id=name,
            task_queue=self._queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
        await self._client.execute_update_with_start_workflow(Bare.answer, start_workflow_operation=start)

    async def sign_in(self, login: tuple[Address, str, str]) -> None:
        async def unlimited() -> None: ...

        await self._service.verify(Attempt(uuid4(), "192.0.2.1", "benchmark"), *login, unlimited)

    async def login(self) -> tuple[Address, str, str]:
        """A signed message with a live nonce, by an account that has never been here."""
        key = Account.create()
        account = Address(key.address.lower())
        issued = await self._service.issue_nonce(account, CHAIN, "market.example", ip=None, user_agent=None)
        text = SignInMessage(
            domain="market.example",
            address=key.address,
            uri=ORIGIN,
            chain_number=31337,
            nonce=issued.nonce,
            issued_at=shown(datetime.now(UTC)),
        ).text()
        return account, text, "0x" + bytes(key.sign_message(encode_defunct(text=text)).signature).hex()


T = TypeVar("T")


async def per_second(call: Callable[[T], Awaitable[None]], arguments: list[T]) -> tuple[float, float]:
    """Calls finished per second with `AT_ONCE` under way, and the median of one in milliseconds."""
    waiting, times = iter(arguments), []

    async def one_after_another() -> None:
        for argument in waiting:
            started = time.perf_counter()
            await call(argument)
            times.append(time.perf_counter() - started)

    started = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return len(arguments) / (time.perf_counter() - started), statistics.median(times) * 1000


async def measure(count: int) -> None:
    async with AsyncExitStack() as stack:
        bench = await _opened(stack)
        each = max(AT_ONCE, count // ROUNDS)
        bare, ours = [], []
        for turn in range(ROUNDS + 1):
            logins = [await bench.login() for _ in range(each)]
            names = [f"bare-{turn}-{number}" for number in range(each)]
            found = await per_second(bench.bare, names), await per_second(bench.sign_in, logins)
            if turn > 0:  # the first one warms up
                bare.append(found[0])
                ours.append(found[1])
    bare_rate, bare_ms = (statistics.median(column) for column in zip(*bare, strict=True))
    our_rate, our_ms = (statistics.median(column) for column in zip(*ours, strict=True))
    print(f"sign-in, {AT_ONCE} at once      {our_rate:7.1f} /s  {our_ms:7.1f} ms")
    print(f"bare update-with-start   {bare_rate:7.1f} /s  {bare_ms:7.1f} ms")
    print(f"ratio                    {our_rate / bare_rate:7.2f}     goal >= {GOAL}")


async def _opened(stack: AsyncExitStack) -> Bench:
    data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    postgres = await _started(stack, Postgres(data / "postgres"))
    valkey = await _started(stack, Valkey(data / "valkey"))
    temporal = await _started(stack, Temporal(data / "temporal", headless=True))
    await migrate_postgres(postgres.url)
    settings = Settings(
        temporal=TemporalSettings(address=f"127.0.0.1:{temporal.port}"),
        auth=AuthSettings(allowed_origins=(ORIGIN,), signing_keys={"k": SecretStr(os.urandom(32).hex())}),
    )
    client = await connect(settings)
    await register_search_attributes(client)
    pool = await create_pool(postgres.url)
    stack.push_async_callback(pool.close)
    await pool.execute(
        "INSERT INTO chain_registry_service.chains (caip2, chain_numeric, name, native_symbol)"
        " VALUES ('eip155:31337', 31337, 'Local', 'ETH')"
    )
    redis: Redis = Redis.from_url(valkey.url)
    stack.push_async_callback(redis.aclose)
    queues = Queues()
    await stack.enter_async_context(_worker(client, queues, pool, redis, settings.auth))
    return Bench(client, queues.flows, SignInService(pool, redis, SignInFlows(client, queues), settings.auth))


def _worker(client: Client, queues: Queues, pool: asyncpg.Pool, redis: Redis, auth: AuthSettings) -> Worker:
    granting = Granting(
        Wallets(pool),
        Users(pool),
        Sessions(pool, auth.refresh_ttl, auth.session_max_age),
        SignInAnnouncements(DomainEvents(redis)),
    )
    return Worker(
        client,
        task_queue=queues.flows,
        workflows=[SignIn, Bare],
        activities=[
            granting.grant_session,
            granting.announce_sign_in,
            nothing,
        ],
        workflow_runner=workflow_runner(),
    )


async def _started(stack: AsyncExitStack, part: P) -> P:
    stack.push_async_callback(part.stop)
    await part.start()
    return part


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sign-ins", type=int, default=320)
    uvloop.run(measure(parser.parse_args().sign_ins))


if __name__ == "__main__":
    main()
