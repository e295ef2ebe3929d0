"""Whose session the Python client keeps, and what it sends, without an API."""

from __future__ import annotations

import asyncio
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
