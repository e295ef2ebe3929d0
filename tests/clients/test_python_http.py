"""Whose session the Python client keeps, and what it sends, without an API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from typing import Final

import httpx
import pytest

from steadymint_client import (
    AsyncSteadymint,
    MemorySession,
    ProblemError,
    SessionChangedError,
    Steadymint,
    models,
    waiting,
)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "FIRST_WAIT", 0.0)


def session(token: str, year: int = 2999, user: str = "one") -> models.TokenAnswer:
    return models.TokenAnswer(
        access_token=token,
        refresh_token=f"refresh {token}",
        expires_at=datetime(year, 1, 1, tzinfo=UTC),
        user_id=user,
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


CHANGE: Final = {
    "chainId": "eip155:1", "orderHash": "0x1", "side": "listing", "maker": "0x1", "contract": "0x2",
    "status": "active", "reasons": [], "filled": "0", "fillable": "1", "occurredAt": "2026-01-01T00:00:00Z",
    "price": {"raw": "1", "amount": "1", "currency": {"address": "0x3", "symbol": "ETH", "decimals": 18}},
}  # fmt: skip
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
        keeping = None
        if not by_client:
            store.save(new)
        else:
            http = steadymint.http
            keeping = asyncio.create_task(http.keep(new) if new else http.forget("one"))
        await asyncio.sleep(0)
        api.may_answer.set()
        await request
        if keeping:
            await keeping
    assert store.load() == new


class Handover:
    """An API at which somebody else signs in before it answers the first request, with `status`."""

    def __init__(self, store: MemorySession, status: int, user: str) -> None:
        self.store, self.status, self.user = store, status, user
        self.asked: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.headers.get("authorization"))
        if len(self.asked) > 1:
            return httpx.Response(204)
        self.store.save(session("next", user=self.user))
        return problem(self.status)


@pytest.mark.parametrize(("status", "raised"), [(401, ProblemError), (503, SessionChangedError)])
@pytest.mark.parametrize("what", ["a request", "a stream"])
def test_a_request_is_not_repeated_as_somebody_else(status: int, raised: type[Exception], what: str) -> None:
    for user, asked in (("two", ["Bearer first"]), ("one", ["Bearer first", "Bearer next"])):
        store = MemorySession(session("first"))
        api = Handover(store, status, user)
        outcome = pytest.raises(raised) if user == "two" else nullcontext()
        with Steadymint("http://api", session=store, transport=httpx.MockTransport(api)) as steadymint, outcome:
            if what == "a request":
                steadymint.call("POST", "/v1/mints/prepare", {}, key="mine")
            else:
                list(steadymint.follow("mine"))
        assert api.asked == asked


async def test_a_request_that_waits_for_tokens_is_not_sent_as_somebody_else() -> None:
    api = SlowRefresh(httpx.Response(200, json=RENEWED))
    store = MemorySession(session("old", 2000))
    async with AsyncSteadymint("http://api", session=store, transport=httpx.MockTransport(api)) as steadymint:
        request = asyncio.create_task(steadymint.call("POST", "/v1/mints/prepare"))
        await api.asked.wait()
        store.save(session("next", user="two"))
        api.may_answer.set()
        with pytest.raises(SessionChangedError):
            await request


def test_changes_of_orders_are_followed_through_cuts_each_once() -> None:
    asked: list[tuple[str, str | None]] = []
    answers = [[7], [], [8, 9]]

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.query.decode(), request.headers.get("last-event-id")))
        if not answers:
            return httpx.Response(204)
        events = [f"id: {seq}\ndata: {json.dumps(CHANGE | {'seq': seq})}\n\n" for seq in answers.pop(0)]
        return httpx.Response(200, text=": comment\n\n" + "".join(events) + "id: 99\ndata: cut")

    with Steadymint("http://api", transport=httpx.MockTransport(answer)) as steadymint:
        told = list(steadymint.follow_orders(maker="0x1", after=6))
    assert [change.seq for change in told] == [7, 8, 9]
    assert asked == [("maker=0x1", after) for after in ("6", "7", "7", "9")]


def test_who_is_cut_off_before_the_first_change_goes_on_behind_the_id_of_the_opening() -> None:
    asked: list[str | None] = []
    answers = [
        "id: 41\nretry: 2000\n\nid: 99",
        f"id: 41\nretry: 2000\n\nid: 42\ndata: {json.dumps(CHANGE | {'seq': 42})}\n\n",
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("last-event-id"))
        return httpx.Response(200, text=answers.pop(0)) if answers else httpx.Response(204)

    with Steadymint("http://api", transport=httpx.MockTransport(answer)) as steadymint:
        assert [change.seq for change in steadymint.follow_orders()] == [42]
    assert asked == [None, "41", "42"]


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


@pytest.mark.parametrize("status", [401, 403, 503])
def test_a_sign_out_forgets_the_session_of_its_own_user_only(status: int) -> None:
    for user, kept in (("one", None), ("two", session("next", user="two"))):
        store = MemorySession(session("first"))
        transport = httpx.MockTransport(Handover(store, status, user))
        steadymint = Steadymint("http://api", session=store, transport=transport)
        with steadymint, suppress(ProblemError, SessionChangedError):
            steadymint.sign_out()
        assert store.load() == kept


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


ME: Final = models.MeChange(bio="An artist.")
REPORT: Final = models.TrackBody(tx_hash="0x1")
SET: Final = models.PublishBody(standard="erc721", tokens=[])


@pytest.mark.parametrize(
    "write",
    [
        lambda client: client.api.track_intent("1", REPORT),
        lambda client: client.api.patch_me(ME),
        lambda client: client.api.publish_metadata(SET),
        lambda client: client.api.follow_user("mara"),
        lambda client: client.api.upload_media(b"picture"),
        lambda client: client.upload(b"picture"),
    ],
    ids=["track_intent", "patch_me", "publish_metadata", "follow_user", "upload_media", "upload"],
)
@pytest.mark.parametrize("cut", [False, True], ids=["503", "cut"])
def test_what_may_be_sent_twice_is_sent_again_while_the_api_is_away(
    write: Callable[[Steadymint], object], cut: bool
) -> None:
    bodies: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(request.read().replace(_boundary(request), b""))
        if len(bodies) == 3:
            return problem(403)  # the last word
        if cut:
            raise httpx.ReadError("cut")
        return problem(503)

    refused = pytest.raises(ProblemError, match="403")
    with Steadymint("http://api", transport=httpx.MockTransport(answer)) as steadymint, refused:
        write(steadymint)
    assert len(bodies) == 3
    assert len(set(bodies)) == 1, "each says the same"


def _boundary(request: httpx.Request) -> bytes:
    """Of a form with a file, which is another one each time."""
    return request.headers["content-type"].partition("boundary=")[2].encode() if request.content else b"-"


def test_what_may_not_be_sent_twice_is_sent_once() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return problem(503)

    refused = pytest.raises(ProblemError, match="503")
    with Steadymint("http://api", transport=httpx.MockTransport(answer)) as steadymint, refused:
        steadymint.api.link_wallet(models.LinkBody(account_id="0x1", message="", signature="0x", move=False))
    assert len(asked) == 1
