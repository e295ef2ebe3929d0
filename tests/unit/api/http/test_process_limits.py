"""What one process allows each address and each user, by its own memory."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY

from api.http import middleware, problems, process_limits
from api.http.process_limits import Place, Rate, StreamPlaces
from steadymint.domain.errors import RateLimitedError


class Clock:
    """A fake: it stands until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def refused(limit: str) -> float:
    return REGISTRY.get_sample_value("steadymint_http_limited_total", {"limit": limit}) or 0.0


def wait_of(act: Callable[[], object]) -> float:
    with pytest.raises(RateLimitedError) as caught:
        act()
    assert caught.value.retry_after is not None
    return caught.value.retry_after


# -- rates -------------------------------------------------------------------------------------------------------------


def test_a_window_may_be_used_at_once_and_fills_again_evenly(clock: Clock) -> None:
    rate = Rate("test", 10, 60.0, "Too many", clock)
    for _ in range(10):
        rate.take("a")
    assert wait_of(lambda: rate.take("a")) == pytest.approx(6.0)
    clock.now += 6.0
    rate.take("a")
    assert wait_of(lambda: rate.take("a")) == pytest.approx(6.0)
    rate.take("b")
    clock.now += 3600.0
    for _ in range(10):
        rate.take("a")
    wait_of(lambda: rate.take("a"))


def test_what_is_refused_is_not_counted_and_what_is_checked_neither(clock: Clock) -> None:
    rate = Rate("test", 100, 100.0, "Too much", clock)
    rate.check("a", 100)
    assert wait_of(lambda: rate.check("a", 101)) == pytest.approx(1.0)
    rate.take("a", 60)
    assert wait_of(lambda: rate.take("a", 50)) == pytest.approx(10.0)
    rate.take("a", 40)
    clock.now += 50.0
    rate.take("a", 50)


def test_a_refusal_names_its_limit_and_is_counted_when_it_is_answered(clock: Clock) -> None:
    rate, before = Rate("test-named", 1, 60.0, "Enough", clock), refused("test-named")
    rate.take("a")
    with pytest.raises(RateLimitedError) as caught:
        rate.take("a")
    assert (caught.value.detail, caught.value.extra) == ("Enough", {"limit": "test-named"})
    assert problems.problem_of(caught.value).status_code == 429
    assert refused("test-named") == before + 1


def test_any_number_of_keys_takes_bounded_memory_and_forgets_no_busy_one(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_limits, "REMEMBERED", 100)
    rate = Rate("test", 2, 60.0, "Too many", clock)
    for number in range(1_000):
        rate.take(str(number))
        try:
            rate.take("busy")
        except RateLimitedError:
            continue
    assert len(rate._empty_at) == 100
    wait_of(lambda: [rate.take("busy"), rate.take("busy")])


# -- streams -----------------------------------------------------------------------------------------------------------


def test_a_user_and_an_address_have_so_many_streams_and_no_more() -> None:
    places = StreamPlaces(per_user=2, per_address=3)
    held = [places.take("alice", "192.0.2.1"), places.take("alice", "192.0.2.2")]
    with pytest.raises(RateLimitedError, match="You have 2 streams open already") as user:
        places.take("alice", "192.0.2.3")
    assert (user.value.extra, user.value.retry_after) == ({"limit": "streams-of-user"}, 10.0)
    held += [places.take(name, "192.0.2.1") for name in ("bob", "carol")]
    with pytest.raises(RateLimitedError, match="Your network has 3 streams open already") as address:
        places.take("dave", "192.0.2.1")
    assert address.value.extra == {"limit": "streams-of-address"}
    held[0].release()
    held += [places.take("alice", "192.0.2.1")]
    for place in held:
        place.release()
    assert not places._open


def test_a_stream_without_a_user_counts_for_its_address_only() -> None:
    places = StreamPlaces(per_user=1, per_address=2)
    held = [places.take(None, "192.0.2.1"), places.take(None, "192.0.2.1")]
    for user in (None, "alice"):
        with pytest.raises(RateLimitedError, match="Your network has 2 streams open already"):
            places.take(user, "192.0.2.1")
    held[0].release()
    assert places.take("alice", "192.0.2.1")


def test_the_least_network_of_a_customer_is_one_address() -> None:
    places = StreamPlaces(per_user=9, per_address=1)
    held = places.take("alice", "2001:db8::1")
    with pytest.raises(RateLimitedError):
        places.take("bob", "2001:db8::2")
    assert places.take("bob", "2001:db8:0:1::1")
    held.release()


def test_a_place_is_given_back_once_and_also_by_who_only_drops_it() -> None:
    back: list[int] = []
    place = Place(lambda: back.append(1))
    place.release()
    place.release()
    with place:
        pass
    del place
    assert back == [1]
    Place(lambda: back.append(2))
    assert back == [1, 2]
    with pytest.raises(KeyError), Place(lambda: back.append(3)):
        raise KeyError
    assert back == [1, 2, 3]


# -- reads -------------------------------------------------------------------------------------------------------------


def served(rate: int) -> FastAPI:
    app = FastAPI()
    problems.install(app)
    middleware.install(app, max_body=1024, cors_origins=["https://market.example"], read_rate=rate)
    app.add_api_route("/v1/things", lambda: {"items": []}, methods=["GET", "HEAD", "POST"])
    app.add_api_route("/healthz", lambda: "well")
    return app


def client_of(app: FastAPI, address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 1)), base_url="http://test")


async def test_an_address_reads_so_often_and_is_then_told_when_to_come_back() -> None:
    app, before = served(10), refused("reads")
    async with client_of(app, "192.0.2.1") as reader, client_of(app, "192.0.2.2") as other:
        answers = [await reader.request(method, "/v1/things") for method in ("GET", "HEAD") * 5]
        assert [answer.status_code for answer in answers] == [200] * 10
        answer = await reader.get(
            "/v1/things", headers={"origin": "https://market.example", "authorization": "Bearer x"}
        )
        assert answer.status_code == 429
        assert answer.headers["content-type"] == "application/problem+json"
        assert 1 <= int(answer.headers["retry-after"]) <= 6
        assert answer.headers["access-control-allow-origin"] == "https://market.example"
        assert len(answer.headers["x-request-id"]) == 32
        told = answer.json()
        assert (told["code"], told["limit"]) == ("rate_limited", "reads")
        assert told["detail"] == "This address may read 10 times a minute"
        assert refused("reads") == before + 1
        assert (await other.get("/v1/things")).status_code == 200
        assert (await reader.post("/v1/things")).status_code == 200, "what is no read has limits of its own"
        assert (await reader.get("/healthz")).status_code == 200, "the machine's own probe"
