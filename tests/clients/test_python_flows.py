"""What the Python client does when the API is away in the middle of a flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import httpx
import pytest

from steadymint_client import ProblemError, Sent, Steadymint, models, waiting

ID: Final = "one/../../me"
"""An id that would name another path if it were not quoted."""
AT: Final = "/v1/intents/one%2F..%2F..%2Fme"
HASH: Final = "0x" + "ab" * 32
INTENT: Final = {
    "intentId": ID, "kind": "mint", "accountId": "0x1", "chainId": "eip155:1", "createdAt": "2026-01-01T00:00:00Z",
    "updatedAt": "2026-01-01T00:00:00Z", "deadlineAt": "2026-01-01T00:00:00Z", "workflowId": "one",
}  # fmt: skip
ORDER: Final = models.PrepareMintBody(chain_id="eip155:1", contract="0x" + "1" * 40, standard="erc721", quantity="1")


class Api:
    """An API with one intent. `troubles` has what becomes of requests to a path, one after another, before it works."""

    def __init__(self, **troubles: list[int | Exception]) -> None:
        self.troubles = troubles
        self.asked: list[str] = []
        self.hashes: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        name = path.removeprefix(AT).strip("/").split("/")[-1] or "intent"
        self.asked.append(name)
        if troubles := self.troubles.get(name):
            trouble = troubles.pop(0)
            if isinstance(trouble, Exception):
                raise trouble
            document = {"status": trouble, "code": "unavailable", "title": "", "detail": ""}
            return httpx.Response(trouble, json=document)
        return self._answer(name, request)

    def _answer(self, name: str, request: httpx.Request) -> httpx.Response:
        ended = INTENT | {"step": "ready", "status": "ready", "txHash": HASH}
        if name == "prepare":
            return httpx.Response(201, json=INTENT | {"step": "prepared", "status": "pending", "txRequest": {}})
        if name == "track":
            self.hashes.append(request.read().decode())
            return httpx.Response(202, json=ended)
        if name == "events":
            return httpx.Response(204)
        assert name == "intent", request.url
        return httpx.Response(200, json=ended)


class Purse:
    """A wallet that counts what it sends."""

    address = "0x" + "2" * 40

    def __init__(self) -> None:
        self.sent = 0

    def send(self, tx_request: dict[str, Any]) -> str:
        self.sent += 1
        return HASH

    def sign(self, message: str) -> str:
        raise AssertionError(message)

    def sign_typed(self, typed_data: dict[str, Any]) -> str:
        raise AssertionError(typed_data)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "FIRST_WAIT", 0.0)


def client(answer: Callable[[httpx.Request], httpx.Response]) -> Steadymint:
    return Steadymint("http://api", transport=httpx.MockTransport(answer))


def test_a_hash_is_reported_until_the_api_takes_it() -> None:
    api, wallet = Api(track=[503, httpx.ReadError("cut"), 429]), Purse()
    with client(api) as steadymint:
        assert steadymint.mint(wallet, ORDER).outcome().status == "ready"
    assert (wallet.sent, len(api.hashes), api.asked.count("track")) == (1, 1, 4)


def test_a_hash_is_told_before_it_is_reported_and_is_not_lost_with_the_report() -> None:
    api = Api(track=[503] * 20)
    told: list[Sent] = []
    with client(api) as steadymint, pytest.raises(ProblemError) as failed:
        told.extend(event for event in steadymint.mint(Purse(), ORDER) if isinstance(event, Sent))
    assert failed.value.status == 503
    assert HASH in failed.value.__notes__[0]
    assert [event.tx_hash for event in told] == [HASH]


def test_a_hash_is_reported_though_nobody_asks_for_the_next_event() -> None:
    api = Api()
    with client(api) as steadymint:
        flow = steadymint.mint(Purse(), ORDER)
        assert next(event for event in flow if isinstance(event, Sent)).tx_hash == HASH
        assert not api.hashes
        del flow
    assert len(api.hashes) == 1


def test_following_goes_on_through_a_restart_that_outlasts_the_tries_of_a_request() -> None:
    api = Api(events=[httpx.ReadError("cut"), *[503] * (waiting.TRIES + 1)])
    with client(api) as steadymint:
        assert list(steadymint.follow(ID)) == []
    assert api.asked == ["events"] * (waiting.TRIES + 3)
