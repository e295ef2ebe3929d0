"""What delivering events to 200 webhooks costs, of which a fifth fail or hang, against a bare loop that posts the same.

First events come at an even pace, once with all webhooks well and once with a fifth of them bad: what do the healthy
ones notice? Then all events are there at once: how fast do they arrive? Half of the bare loop runs before that and half
after it, so that a machine that is busy for a while is so for both. Postgres, Temporal, the worker and the receivers
are processes of their own on this machine, and the requests go through the gate, over TLS. All of ours runs on uvloop,
as workers do.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import aiohttp
import asyncpg
import orjson
from standardwebhooks import Webhook

from benchmarks.options import Options
from benchmarks.processes import Meter
from benchmarks.report import DidNotHappenError, Goal, Measure
from benchmarks.webhook_parts import Running, running
from steadymint.domain.types import UserId
from steadymint.domain.webhooks import workflow_id_of
from steadymint.durable import policies
from steadymint.events.event import MINTS, DomainEvent
from steadymint.events.outbox import append
from steadymint.settings import Settings
from steadymint.stack.ports import HOST
from steadymint.webhooks.message import headers_of
from steadymint.webhooks.sealing import Seal, new_secret
from steadymint.webhooks.subscriptions import Subscriptions
from steadymint.webhooks.wanted import Wanted

WEBHOOKS: Final = 200
BAD_EVERY: Final = 5
CHAIN: Final = "eip155:1"
PACE: Final = 100
"""Events per second of the even pace."""
AT_ONCE: Final = 64
"""Requests under way in the bare loop."""


async def measure(options: Options) -> list[Measure]:
    """Pace, pace with bad ones, and all at once between the halves of the bare loop."""
    events = options.events or options.of(100_000, 10_000)
    seconds = options.of(30, 8)
    async with running() as parts:
        well = await paced(parts, "a", seconds, bad=False)
        beside = await paced(parts, "b", seconds, bad=True)
        half = events * (BAD_EVERY - 1) // BAD_EVERY // 2
        took = await bare_loop(parts, "d", half)
        meter = Meter(
            {"worker": parts.worker, "postgres": parts.postgres, "temporal": parts.server, "receivers": parts.receiver}
        )
        rate, delivered, longest = await at_once(parts, "c", events)
        spent = meter.each(delivered)
        took += await bare_loop(parts, "e", half)
    return [
        Measure(
            "webhooks: p99 of healthy ones while a fifth fail or hang",
            beside["p99_ms"],
            "ms",
            well["p99_ms"],
            "all are well",
            Goal("ratio", "<=", 1.5),
            notes={"p50": round(beside["p50_ms"]), "p50_all_well": round(well["p50_ms"]), "per_second": PACE},
        ),
        Measure(
            f"webhooks: events delivered, {events:,} to {WEBHOOKS}, a fifth bad",
            rate,
            "/s",
            2 * half / took,
            "a bare aiohttp loop",
            Goal("ratio", ">=", 0.3),
            notes={"delivered": delivered, "lost": 0, "doubled": 0, "ms_each": spent},
        ),
        Measure(
            "webhooks: events of history in one run, at most",
            longest,
            "events",
            goal=Goal("median", "<=", policies.WEBHOOK_EVENTS + 200),
        ),
    ]


async def paced(parts: Running, names: str, seconds: int, *, bad: bool) -> dict[str, Any]:
    """How late events are that come at an even pace."""
    wallets, webhooks = await subscribed(parts.pool, names, bad=bad)
    good = [wallet for number, wallet in enumerate(wallets) if not (bad and number % BAD_EVERY == 0)]
    await happen(parts.pool, wallets)  # so that all flows run; the receivers do not count how late these are
    sent = len(good)
    await parts.until_taken(names, sent)
    for second in range(seconds * 10):
        begun = time.perf_counter()
        chosen = [wallets[(second * PACE // 10 + at) % WEBHOOKS] for at in range(PACE // 10)]
        await happen(parts.pool, chosen)
        sent += sum(wallet in good for wallet in chosen)
        await asyncio.sleep(max(0.0, 0.1 - (time.perf_counter() - begun)))
    await parts.until_taken(names, sent)
    await ended(parts, webhooks)
    return checked(await parts.report(names), sent)


async def at_once(parts: Running, names: str, events: int) -> tuple[float, int, int]:
    """The rate, the number of events that healthy webhooks have taken, and the longest history of one run."""
    wallets, webhooks = await subscribed(parts.pool, names, bad=True)
    count = events // WEBHOOKS
    good = count * (WEBHOOKS - WEBHOOKS // BAD_EVERY)
    begun = time.time()
    for _ in range(count):
        await happen(parts.pool, wallets)
    taken = await parts.until_taken(names, good) - begun
    checked(await parts.report(names), good)
    rows = await parts.pool.fetch(
        "select status, count(*) as many from event_service.webhook_deliveries where webhook_id = any ($1)"
        " group by status",
        webhooks,
    )
    if sum(row["many"] for row in rows) != count * WEBHOOKS:
        raise DidNotHappenError(f"{rows} of {count * WEBHOOKS} deliveries are there")
    longest = 0
    for webhook_id in webhooks:
        described = await parts.temporal.get_workflow_handle(workflow_id_of(webhook_id)).describe()
        longest = max(longest, described.history_length)
    await ended(parts, webhooks)
    return good / taken, good, longest


async def bare_loop(parts: Running, names: str, events: int) -> float:
    """Seconds of a loop that posts the same bodies, signed, to the same receivers, and does nothing else."""
    context = ssl.create_default_context(cafile=str(parts.pem))
    numbers = iter(range(events))
    signer = Webhook(new_secret())
    payload = minted("0x" + "ab" * 20, 1).payload
    begun = time.perf_counter()
    connector = aiohttp.TCPConnector(limit=AT_ONCE, ssl=context)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def work() -> None:
            for number in numbers:
                body = orjson.dumps(
                    {
                        "id": f"msg_{uuid4().hex}",
                        "type": "mints.events minted",
                        "sequence": number + 1,
                        "timestamp": datetime.now(UTC).isoformat(),
                        "data": dict(payload),
                    }
                )
                headers = headers_of("msg", body, datetime.now(UTC), [signer]) | {"host": f"{names}-ok-1.web.example"}
                url = f"https://{HOST}:{parts.port}/hook"
                async with session.post(url, data=body, headers=headers, server_hostname="x.web.example"):
                    pass

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return time.perf_counter() - begun


async def subscribed(pool: asyncpg.Pool, names: str, *, bad: bool) -> tuple[list[str], list[Any]]:
    """Wallets of as many users, each with a webhook of its own."""
    subscriptions = Subscriptions(pool, Seal(Settings().codec))
    wallets: list[str] = []
    webhooks: list[Any] = []
    for number in range(WEBHOOKS):
        user_id, wallet = uuid4(), f"0x{names.encode().hex()}{number:038x}"
        await pool.execute("insert into user_service.users (user_id) values ($1)", user_id)
        await pool.execute(
            "insert into wallet_service.wallet_links (user_id, address, chain_id) values ($1, $2, $3)",
            user_id,
            wallet,
            CHAIN,
        )
        kind = "bad" if bad and number % BAD_EVERY == 0 else "ok"
        url = f"https://{names}-{kind}-{number // BAD_EVERY if kind == 'bad' else number}.web.example/hook"
        made = await subscriptions.create(UserId(user_id), url, None, Wanted())
        wallets.append(wallet)
        webhooks.append(made.subscription.webhook_id)
    return wallets, webhooks


async def ended(parts: Running, webhooks: list[Any]) -> None:
    """Leave nothing to do for the next phase."""
    await parts.pool.execute(
        "update event_service.webhooks set status = 'deleted', secret = null, wake = true where webhook_id = any ($1)",
        webhooks,
    )
    while (await parts.temporal.count_workflows("ExecutionStatus = 'Running'")).count:
        await asyncio.sleep(1)


_number = iter(range(1, 2**62))


def minted(wallet: str, number: int) -> DomainEvent:
    payload = {
        "chainId": CHAIN,
        "contract": f"0x{number % 50:040x}",
        "txHash": f"0x{number:064x}",
        "blockNumber": number,
        "to": wallet,
        "standard": "erc721",
        "tokenIds": [str(number)],
        "quantities": ["1"],
    }
    return DomainEvent(MINTS, "minted.eip155-1", str(number), datetime.now(UTC), payload)


async def happen(pool: asyncpg.Pool, wallets: list[str]) -> None:
    """One event for each wallet."""
    async with pool.acquire() as leased, leased.transaction():
        connection: Any = leased
        await append(connection, [minted(wallet, next(_number)) for wallet in wallets])


def checked(report: dict[str, Any], events: int) -> dict[str, Any]:
    """The report, if nothing was lost or doubled. Raises DidNotHappenError."""
    if report["taken"] != events or report["doubled"] or report["gaps"]:
        raise DidNotHappenError(f"{events} events were to be taken once: {report}")
    return report
