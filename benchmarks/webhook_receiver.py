"""Other people's servers, in a process of their own: 200 names behind one port, of which a fifth fail or hang.

    python -m benchmarks.webhook_receiver PORT PEM

It remembers what it has taken: `GET /report?names=PREFIX` says what was lost, doubled, out of order, and how late.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
import uvloop
from aiohttp import web

from steadymint.stack.ports import HOST

HANG = 120.0
"""Seconds; longer than anybody waits."""


@dataclass
class Taken:
    """What one name has taken."""

    ids: set[str] = field(default_factory=set[str])
    doubled: int = 0
    numbers: list[int] = field(default_factory=list[int])
    late_ms: list[float] = field(default_factory=list[float])


class Receivers:
    """All names. `bad-` names fail or hang, by their number."""

    def __init__(self) -> None:
        self._taken: defaultdict[str, Taken] = defaultdict(Taken)
        self._tries: defaultdict[str, int] = defaultdict(int)
        self._last_at = 0.0

    async def take(self, request: web.Request) -> web.StreamResponse:
        name = request.host.partition(".")[0]
        sent = await request.read()
        if "-bad-" in name:
            self._tries[name] += 1
            if int(name.rpartition("-")[2]) % 2:
                await asyncio.sleep(HANG)
            return web.Response(status=500)
        body = orjson.loads(sent)
        taken = self._taken[name]
        taken.doubled += body["id"] in taken.ids
        taken.ids.add(body["id"])
        taken.numbers.append(body["sequence"])
        self._last_at = time.time()
        taken.late_ms.append((time.time() - datetime.fromisoformat(body["timestamp"]).timestamp()) * 1000)
        return web.Response(status=204)

    async def report(self, request: web.Request) -> web.StreamResponse:
        prefix = request.query["names"]
        found = {name: taken for name, taken in self._taken.items() if name.startswith(prefix)}
        late = sorted(one for taken in found.values() for one in taken.late_ms[1:])
        shown: dict[str, Any] = {
            "taken": sum(len(taken.ids) for taken in found.values()),
            "names": len(found),
            "doubled": sum(taken.doubled for taken in found.values()),
            "unordered": sum(taken.numbers != sorted(taken.numbers) for taken in found.values()),
            "gaps": sum(sorted(taken.numbers) != list(range(1, len(taken.numbers) + 1)) for taken in found.values()),
            "p50_ms": late[len(late) // 2] if late else 0.0,
            "p99_ms": late[len(late) * 99 // 100] if late else 0.0,
            "last_at": self._last_at,
            "tries_of_bad": sum(tries for name, tries in self._tries.items() if name.startswith(prefix)),
        }
        return web.json_response(shown)


async def serve(port: int, pem: str) -> None:
    """Until it is killed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    receivers = Receivers()
    app = web.Application()
    app.router.add_get("/report", receivers.report)
    app.router.add_post("/{path:.*}", receivers.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, port, ssl_context=context, backlog=2048).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2]))
