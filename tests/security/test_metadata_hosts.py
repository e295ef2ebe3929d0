"""A host is asked no harder than its budget says, however many tokens name it: attack case M20."""

from __future__ import annotations

import asyncio

from aiohttp import web

from steadymint.metadata.fetching.fetcher import Fetcher
from steadymint.outbound.client import SHARED_BY
from tests.support.fetching import settings
from tests.support.internet import PUBLIC, Internet


async def test_m20_a_host_is_asked_no_harder_for_a_thousand_tokens_than_for_ten(internet: Internet) -> None:
    under_way = most = 0

    async def handle(_: web.Request) -> web.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.001)
        under_way -= 1
        return web.Response(body=b"{}")

    site = await internet.site("a.web.example", handle)
    async with Fetcher.open(settings(per_host=4, timeout=30.0), network=internet.network) as fetcher:
        found = await asyncio.gather(*(fetcher.fetch(f"{site}/{at}") for at in range(1000)))
    assert len(found) == 1000
    assert 2 <= most <= 4
    assert len(internet.connected) <= 4


async def test_m20_a_thousand_names_of_one_address_are_one_server(internet: Internet) -> None:
    under_way = most = 0

    async def handle(_: web.Request) -> web.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        return web.Response(body=b"{}")

    await internet.site("a.web.example", handle, addresses=[PUBLIC])
    hosts = [f"a{at}.web.example" for at in range(40)]
    for host in hosts:
        internet.names[host] = [[PUBLIC]]
    async with Fetcher.open(settings(per_host=2, timeout=30.0), network=internet.network) as fetcher:
        await asyncio.gather(*(fetcher.fetch(f"https://{host}/") for host in hosts))
    assert 2 <= most <= 2 * SHARED_BY
