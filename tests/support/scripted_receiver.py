"""A receiver of webhooks that answers by a script, and who sends to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from steadymint.outbound.client import ClientLimits, OutboundClient, Target
from steadymint.outbound.gate import parse_url
from steadymint.outbound.posting import Poster, Receipt
from tests.support.internet import Internet, Stream

LIMITS = ClientLimits(per_host=8, host_rate=10_000.0, max_redirects=0, user_agent="tests")
TAKEN = b"HTTP/1.1 204 No Content\r\n\r\n"
REFUSED = b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"


class Scripted:
    """A receiver that gives each request the next of its answers."""

    def __init__(self, *answers: bytes | None, ends: bool = False, later: bytes = b"") -> None:
        """None as an answer: it closes the connection instead. `ends`: it closes the connection behind an answer, and
        has not said so. `later`: what it says a moment after each answer."""
        self.bodies: list[tuple[int, bytes]] = []
        """By the number of the connection."""
        self.heads: list[bytes] = []
        self.asked = asyncio.Event()
        self._answers = iter(answers)
        self._ends = ends
        self._later = later
        self._connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        number = self._connections
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                return
            self.heads.append(head)
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            self.bodies.append((number, await reader.readexactly(length)))
            self.asked.set()
            answer = next(self._answers)
            if answer is None:
                return
            writer.write(answer)
            await writer.drain()
            if self._ends:
                return
            await asyncio.sleep(0.02)
            writer.write(self._later)


@asynccontextmanager
async def posting(internet: Internet, receiver: Scripted | Stream, *, seconds: float = 5.0) -> AsyncIterator[Poster]:
    serve = receiver.serve if isinstance(receiver, Scripted) else receiver
    site = await internet.raw("a.web.example", serve)
    async with OutboundClient.open(LIMITS, network=internet.network) as client:
        poster = client.poster(Target(parse_url(f"{site}/hook?x=%20y"), configured=False), seconds)
        try:
            yield poster
        finally:
            poster.rest()


async def sent(poster: Poster, *bodies: bytes) -> list[Receipt]:
    return [await poster.post(body, {"webhook-id": "msg"}) for body in bodies]
