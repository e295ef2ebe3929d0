"""Whose session the Python client keeps, and what it sends, without an API."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Final

import httpx
import pytest

from steadymint_client import AsyncSteadymint, MemorySession, ProblemError, Steadymint, models, waiting


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "FIRST_WAIT", 0.0)


def session(token: str, year: int = 2999) -> models.TokenAnswer:
    return models.TokenAnswer(
        access_token=token,
        refresh_token=f"refresh {token}",
        expires_at=datetime(year, 1, 1, tzinfo=UTC),
        user_id="one",
        address="0x1",
        chain_id="eip155:1",
    )


def problem(status: int) -> httpx.Response:
    return httpx.Response(status, json={"status": status, "code": "unavailable", "title": "", "detail": ""})


class SlowRefresh:
    """An API that is asked to renew tokens and waits with its answer until it is told to go on."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/v1/auth/refresh":
            return httpx.Response(204)
        self.asked.set()
        await self.may_answer.wait()
        return self.answer


RENEWED: Final = session("renewed").model_dump(mode="json", by_alias=True)


@pytest.mark.parametrize("new", [session("signed in"), None], ids=["signed in", "signed out"])
@pytest.mark.parametrize("by_client", [True, False], ids=["this client", "another user of the store"])
@pytest.mark.parametrize("status", [200, 401])
async def test_a_session_that_begins_or_ends_while_tokens_are_renewed_stays(
    new: models.TokenAnswer | None, by_client: bool, status: int
) -> None:
    api = SlowRefresh(httpx.Response(200, json=RENEWED) if status == 200 else problem(status))
    store = MemorySession(session("old", 2000))
    async with AsyncSteadymint("http://api", session=store, transport=httpx.MockTransport(api)) as steadymint:
        request = asyncio.create_task(steadymint.call("GET", "/v1/me"))
        await api.asked.wait()
        keeping = asyncio.create_task(steadymint.http.keep(new)) if by_client else store.save(new)
        await asyncio.sleep(0)
        api.may_answer.set()
        await request
        if keeping:
            await keeping
    assert store.load() == new


@pytest.mark.parametrize(("answers", "is_error"), [([503, 204], False), ([503, 401], False), ([403], True)])
def test_a_sign_out_that_fails_is_raised_and_the_session_is_forgotten(answers: list[int], is_error: bool) -> None:
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        return problem(left.pop(0) if request.url.path == "/v1/auth/logout" else 401)

    store = MemorySession(session("old"))
    outcome = pytest.raises(ProblemError, match="403") if is_error else nullcontext()
    with Steadymint("http://api", session=store, transport=httpx.MockTransport(answer)) as steadymint, outcome:
        steadymint.sign_out()
    assert (left, store.load()) == ([], None)


def test_the_items_of_a_list_begin_at_the_cursor_that_is_given() -> None:
    asked: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("cursor"))
        return httpx.Response(200, json={"items": [], "nextCursor": "third" if len(asked) == 1 else None})

    with Steadymint("http://api", transport=httpx.MockTransport(answer)) as steadymint:
        assert list(steadymint.items(steadymint.api.list_chains, cursor="second")) == []
    assert asked == ["second", "third"]


class Bytes(httpx.SyncByteStream):
    """A body that arrives byte by byte."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def __iter__(self) -> Iterator[bytes]:
        return (self.body[at : at + 1] for at in range(len(self.body)))


def test_a_stream_is_split_into_lines_as_the_standard_says() -> None:
    name = "one\u2028two\u0085three\x0bfour\x1cfive"
    body = f"\ufeffid: 1\r\ndata: {name}\r\n\r\nid: 2\rdata: a\rdata: b\r\rid: 3\ndata: c\n\n".encode()

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Bytes(body))

    with Steadymint("http://api", transport=httpx.MockTransport(answer)) as steadymint:
        told = [(event.id, event.data) for event in steadymint.http.stream("/v1/orders/events")]
    assert told == [("1", name), ("2", "a\nb"), ("3", "c")]
