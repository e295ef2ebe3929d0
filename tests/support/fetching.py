"""Fetchers for tests: their settings, what a site answers them, and why a document could not be read."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from steadymint.domain.metadata import DocumentFailure, DocumentUnreadableError
from steadymint.metadata.fetching.fetcher import Fetcher
from steadymint.settings import MetadataSettings
from tests.support.internet import Handler

CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
"""A directory that exists nowhere."""
MIB = 1024 * 1024
BODY = b'{"name": "Ape"}'


def settings(*gateways: str, **changed: Any) -> MetadataSettings:
    """With these IPFS gateways and a budget that no test waits for; `changed` names what is to be otherwise."""
    given = {"ipfs_gateways": gateways, "timeout": 5.0, "host_rate": 10_000.0}
    return MetadataSettings(**{**given, **changed})


async def failure_of(fetcher: Fetcher, uri: str, **more: int) -> DocumentFailure:
    """Why `fetch` does not read this document."""
    with pytest.raises(DocumentUnreadableError) as caught:
        await fetcher.fetch(uri, **more)
    return caught.value.failure


async def greet(_: web.Request) -> web.Response:
    return web.Response(body=b"{}")


def answering(body: bytes = BODY, status: int = 200, **headers: str) -> Handler:
    """A site that has one answer."""

    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=body, status=status, headers=headers)

    return handle
