"""Services that pin, on real sockets. Both are fakes: a Kubo node and a commercial service cannot be had here.

They speak the protocol as specified and fail when told to; the node computes CIDs for itself, by our own code.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from aiohttp import web

from steadymint.media.cid import Node, file_cid
from steadymint.media.directories import directory_cid


@dataclass
class FakeKubo:
    """`/api/v0/add` and `/api/v0/id` of a Kubo node."""

    outages: int = 0
    """How many more calls of `add` answer 500."""
    lies: bool = False
    """Whether it computes another CID than everybody else."""
    on_add: Callable[[], Awaitable[None]] | None = None
    """Called before each answer of `add`."""
    pinned: set[str] = field(default_factory=set)
    calls: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    async def add(self, request: web.Request) -> web.Response:
        self.calls.append(dict(request.query))
        parts = await request.multipart()
        files: dict[str, bytes] = {}
        async for part in parts:
            assert part.name == "file"
            files[unquote(part.filename or "")] = bytes(await part.read())
        if self.on_add is not None:
            await self.on_add()
        if self.outages:
            self.outages -= 1
            return web.json_response({"Message": "disk full", "Code": 0, "Type": "error"}, status=500)
        nodes = {name: Node(*file_cid(content + (b"!" if self.lies else b""))) for name, content in files.items()}
        lines = [{"Name": name, "Hash": node.cid, "Size": str(node.dag_size)} for name, node in nodes.items()]
        roots = [name for name in files if "/" not in name]
        inside = {name.partition("/")[2]: node for name, node in nodes.items() if "/" in name}
        if inside:
            root = directory_cid(inside).node
            lines = [line for line in lines if line["Name"] not in roots]
            lines.append({"Name": roots[0], "Hash": root.cid, "Size": str(root.dag_size)})
        assert len(roots) == 1
        self.pinned.add(lines[-1]["Hash"])
        return web.Response(text="\n".join(json.dumps(line) for line in lines) + "\n", content_type="application/json")

    async def id(self, _: web.Request) -> web.Response:
        return web.json_response({"ID": "12D3", "Addresses": ["/ip4/198.51.100.7/tcp/4001/p2p/12D3"]})

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[FakeKubo]:
        routes = [web.post("/api/v0/add", self.add), web.post("/api/v0/id", self.id)]
        async with _serving(routes) as self.url:
            yield self


@dataclass
class FakePinningService:
    """The IPFS Pinning Service API. Each request becomes `pinned` at the look after `looks` others."""

    looks: int = 1
    fails_first: bool = False
    """Whether the first request for a CID fails, as it does when nobody has the bytes."""
    token: str = "pin-token"
    requests: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    async def list(self, request: web.Request) -> web.Response:
        self._check(request)
        found = [one for one in self.requests.values() if one["pin"]["cid"] == request.query["cid"]]
        for one in found:
            one["looks"] += 1
            if one["status"] in ("queued", "pinning"):
                one["status"] = "pinned" if one["looks"] > self.looks else "pinning"
        wanted = request.query.get("status", "pinned").split(",")
        shown = [one for one in found if one["status"] in wanted]
        return web.json_response({"count": len(shown), "results": shown})

    async def ask(self, request: web.Request) -> web.Response:
        self._check(request)
        pin = await request.json()
        self.asked.append(request.path)
        self.requests.pop(request.match_info.get("id", ""), None)
        request_id = uuid4().hex
        status = "failed" if self.fails_first and len(self.asked) == 1 else "queued"
        self.requests[request_id] = {
            "requestid": request_id,
            "status": status,
            "created": "2026-01-31T12:00:00Z",
            "pin": pin,
            "delegates": [],
            "looks": 0,
        }
        return web.json_response(self.requests[request_id], status=202)

    def _check(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise web.HTTPUnauthorized

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[FakePinningService]:
        routes = [web.get("/pins", self.list), web.post("/pins", self.ask), web.post("/pins/{id}", self.ask)]
        async with _serving(routes) as self.url:
            yield self


@asynccontextmanager
async def _serving(routes: list[web.RouteDef]) -> AsyncIterator[str]:
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
