"""Pinning: a Kubo node and a pinning service, each on a socket, each a fake that speaks its protocol."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
from pydantic import SecretStr

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.media import Asset, Cid, MediaId, MediaKind
from steadymint.media.cid import Node, file_cid
from steadymint.media.directories import directory_cid
from steadymint.media.pinning import (
    KuboPinner,
    PinMismatchError,
    Pinnable,
    PinPendingError,
    ServicePinner,
    open_pinners,
)
from steadymint.settings import MediaSettings
from tests.support.pinning import FakeKubo, FakePinningService


def asset(cid: Cid, kind: MediaKind = "image") -> Asset:
    return Asset(MediaId("a" * 64), cid, kind, "image/png", 1, datetime.now(UTC))


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 100_000):
        yield content[start : start + 100_000]


def file_of(content: bytes) -> Pinnable:
    return Pinnable(asset(file_cid(content)[0]), {"": lambda: pieces(content)})


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize("size", [1, 700_000])
async def test_a_node_gets_the_bytes_and_comes_to_our_cid(http: aiohttp.ClientSession, size: int) -> None:
    content = os.urandom(size)
    async with FakeKubo().serving() as kubo:
        await KuboPinner(http, kubo.url).pin(file_of(content))
    assert kubo.pinned == {file_cid(content)[0]}
    assert kubo.calls == [
        {"cid-version": "1", "raw-leaves": "true", "chunker": "size-262144", "pin": "true"},
    ]


async def test_a_directory_is_pinned_with_what_is_in_it_whatever_the_names_are(http: aiohttp.ClientSession) -> None:
    files = {"1.json": b"{}", 'odd "name" %2F ümlaut.json': b'{"a": 1}'}
    root = directory_cid({name: Node(*file_cid(content)) for name, content in files.items()}).node.cid
    streams = {name: (lambda content=content: pieces(content)) for name, content in files.items()}
    async with FakeKubo().serving() as kubo:
        await KuboPinner(http, kubo.url).pin(Pinnable(asset(root, "directory"), streams))
    assert kubo.pinned == {root}


async def test_a_node_that_computes_another_cid_is_refused_for_good(http: aiohttp.ClientSession) -> None:
    async with FakeKubo(lies=True).serving() as kubo:
        with pytest.raises(PinMismatchError) as refused:
            await KuboPinner(http, kubo.url).pin(file_of(b"bytes"))
    assert not refused.value.retryable


async def test_a_node_in_trouble_is_worth_another_try_and_its_address_is_not_told(http: aiohttp.ClientSession) -> None:
    async with FakeKubo(outages=1).serving() as kubo:
        pinner = KuboPinner(http, kubo.url)
        with pytest.raises(UpstreamUnavailableError):
            await pinner.pin(file_of(b"bytes"))
        await pinner.pin(file_of(b"bytes"))
    with pytest.raises(UpstreamUnavailableError) as gone:
        await pinner.pin(file_of(b"bytes"))
    assert "127.0.0.1" not in str(gone.value)


async def test_a_service_is_asked_once_and_then_looked_after(http: aiohttp.ClientSession) -> None:
    async with FakeKubo().serving() as kubo, FakePinningService(looks=1).serving() as service:
        pinner = ServicePinner(http, service.url, service.token, KuboPinner(http, kubo.url))
        for _ in range(2):
            with pytest.raises(PinPendingError) as pending:
                await pinner.pin(file_of(b"bytes"))
            assert pending.value.retry_after
        await pinner.pin(file_of(b"bytes"))
        await pinner.pin(file_of(b"bytes"))  # it has it: nothing is asked for again
    assert service.asked == ["/pins"]
    (request,) = service.requests.values()
    assert request["pin"]["origins"] == ["/ip4/198.51.100.7/tcp/4001/p2p/12D3"]


async def test_a_request_that_has_failed_is_replaced(http: aiohttp.ClientSession) -> None:
    async with FakePinningService(fails_first=True, looks=0).serving() as service:
        pinner = ServicePinner(http, service.url, service.token)
        for _ in range(2):
            with pytest.raises(PinPendingError):
                await pinner.pin(file_of(b"bytes"))
        await pinner.pin(file_of(b"bytes"))
    first, second = service.asked
    assert first == "/pins"
    assert second.startswith("/pins/")
    assert len(service.requests) == 1


async def test_a_token_that_has_run_out_is_an_operators_to_mend_and_is_not_told(http: aiohttp.ClientSession) -> None:
    async with FakePinningService().serving() as service:
        with pytest.raises(UpstreamUnavailableError) as refused:
            await ServicePinner(http, service.url, "another-token").pin(file_of(b"bytes"))
    assert "another-token" not in str(refused.value)


async def test_what_the_settings_name_is_asked_in_order_and_nobody_by_default() -> None:
    async with open_pinners(MediaSettings()) as pinners:
        assert [pinner.name for pinner in pinners] == []
    named = MediaSettings(kubo_url="http://kubo:5001", pinning_url="https://pin.example", pinning_token=SecretStr("t"))
    async with open_pinners(named) as pinners:
        assert [pinner.name for pinner in pinners] == ["kubo", "pinning-service"]
