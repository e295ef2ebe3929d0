"""Headers, clients and the access log, driven through ASGI."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from starlette.applications import Starlette
from starlette.types import Scope

from api.http import middleware, problems
from api.http.files import OPEN_HEADERS
from api.http.middleware import ClientAddress
from api.http.printable import LOGGED_CHARACTERS, printable
from steadymint.identity.messages import proofs


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Any:
    # A logger that was used before keeps the configuration it met then, which an earlier test may have made.
    monkeypatch.setattr(middleware, "_log", structlog.get_logger("steadymint.access"))
    with structlog.testing.capture_logs() as found:
        yield found


async def test_every_answer_has_security_headers_and_an_id(client: httpx.AsyncClient) -> None:
    for answer in (await client.get("/secret/x"), await client.get("/nowhere")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert len(answer.headers["x-request-id"]) == 32


async def test_no_line_of_the_log_has_the_name_of_a_person(
    client: httpx.AsyncClient, lines: list[dict[str, Any]]
) -> None:
    asked = {"access-control-request-method": "PUT", "origin": "https://market.example"}
    await client.options("/v1/users/alice/follow", headers=asked)
    for path in ("/v1/users/alice/nothing", "/users/alice", "/V1/Users/alice", "/v1/%75sers/alice"):
        await client.get(path)
    assert len(lines) == 5
    assert "alice" not in str(lines)
    assert lines[0]["path"] == "/v1/users/{username}/follow"


async def test_only_a_front_end_we_name_may_read_from_another_origin(client: httpx.AsyncClient) -> None:
    ours = await client.get("/secret/x", headers={"origin": "https://market.example"})
    other = await client.get("/secret/x", headers={"origin": "https://evil.example"})
    assert ours.headers["access-control-allow-origin"] == "https://market.example"
    assert "access-control-allow-origin" not in other.headers
    asked = {"access-control-request-method": "PATCH", "access-control-request-headers": "authorization"}
    preflight = await client.options("/secret/x", headers=asked | {"origin": "https://market.example"})
    assert preflight.status_code == 200
    assert "access-control-allow-credentials" not in preflight.headers
    refused = await client.options("/secret/x", headers=asked | {"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in refused.headers


@pytest.mark.parametrize("origins", [["https://market.example"], []], ids=["some", "none"])
async def test_a_preflight_of_another_origin_is_told_which_setting_to_change(
    origins: list[str], lines: list[dict[str, Any]]
) -> None:
    app = Starlette()
    middleware.install(app, max_body=1, read_rate=60, cors_origins=origins)
    asked = {"access-control-request-method": "POST", "origin": "http://localhost:5174"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as client:
        refused = await client.options("/v1/auth/nonce", headers=asked)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (403, "origin_not_allowed")
    assert "http://localhost:5174 is not in STEADYMINT_API__CORS_ORIGINS" in problem["detail"]
    assert "access-control-allow-origin" not in refused.headers
    assert [line["origin"] for line in lines if line["event"] == "origin_not_allowed"] == ["http://localhost:5174"]


def test_the_settings_that_refusals_name_are_settings() -> None:
    example = (Path(__file__).parents[4] / ".env.example").read_text()
    for setting in (middleware.ORIGINS_SETTING, proofs.ORIGINS_SETTING):
        assert f"\n{setting}=" in example


async def test_a_callers_request_id_is_kept_only_if_it_is_one(client: httpx.AsyncClient) -> None:
    kept = await client.get("/secret/x", headers={"x-request-id": "trace-1234.abcd"})
    replaced = await client.get("/secret/x", headers={"x-request-id": 'x" injected="1'})
    assert kept.headers["x-request-id"] == "trace-1234.abcd"
    assert "injected" not in replaced.headers["x-request-id"]


async def test_the_access_log_holds_no_query_and_no_header_but_the_user_agent(
    client: httpx.AsyncClient, lines: list[dict[str, Any]]
) -> None:
    await client.get("/secret/x?token=hunter2", headers={"authorization": "Bearer hunter2", "cookie": "s=hunter2"})
    line = next(line for line in lines if line["event"] == "request")
    assert (line["path"], line["route"], line["status"]) == ("/secret/x", "/secret/{name}", 200)
    assert "hunter2" not in json.dumps(lines)


async def test_control_characters_from_outside_cannot_forge_a_log_line(
    client: httpx.AsyncClient, lines: list[dict[str, Any]]
) -> None:
    await client.get("/secret/a%0d%0aforged%1b%5b31m%e2%80%ae", headers={"user-agent": b"a\x1b[2Jb\x85c"})
    line = next(line for line in lines if line["event"] == "request")
    assert line["path"] == "/secret/a\\r\\nforged\\x1b[31m\\u202e"
    assert line["user_agent"] == "a\\x1b[2Jb\\x85c"


def test_a_long_value_is_cut_before_it_is_logged() -> None:
    assert len(printable("a" * 10_000)) == LOGGED_CHARACTERS


async def test_an_unexpected_error_can_be_read_by_the_page_that_asked_and_found_in_the_log(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "_log", structlog.get_logger("api.problems"))
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as logged:
        answer = await client.get("/broken", headers={"origin": "https://market.example"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.headers["access-control-allow-origin"] == "https://market.example"
    assert answer.headers["x-content-type-options"] == "nosniff"
    failed = next(line for line in logged if line["event"] == "request_failed")
    assert failed["request_id"] == answer.headers["x-request-id"]


async def test_a_page_we_name_may_read_what_every_page_may_read_of_a_file(client: httpx.AsyncClient) -> None:
    answer = await client.get("/secret/x", headers={"origin": "https://market.example"})
    readable = {name.strip().lower() for name in answer.headers["access-control-expose-headers"].split(",")}
    of_files = {name.strip().lower() for name in OPEN_HEADERS["access-control-expose-headers"].split(",")}
    assert of_files - {"content-length"} <= readable  # the length of an answer is readable always


async def test_an_unexpected_error_says_nothing_of_its_cause(client: httpx.AsyncClient) -> None:
    answer = await client.get("/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "hunter2" not in answer.text
    assert "sessions" not in answer.text


async def test_an_unknown_path_is_counted_without_a_label_of_its_own(client: httpx.AsyncClient) -> None:
    await client.get("/nowhere-one")
    await client.request("BREW", "/nowhere-two")
    labels = {tuple(sample.labels.items()) for metric in middleware.REQUESTS.collect() for sample in metric.samples}
    assert not any("nowhere" in value or value == "BREW" for pairs in labels for _, value in pairs)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", ["1.2.3.4"], "203.0.113.9"),  # not a proxy of ours: what it says is not read
        ("10.0.0.1", ["1.2.3.4"], "1.2.3.4"),
        ("::ffff:10.0.0.1", ["1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6, 1.2.3.4, 10.0.0.2"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6", "1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["1.2.3.4, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["2001:db8::1"], "2001:db8::1"),
    ],
)
async def test_only_our_own_proxies_say_who_the_client_is(peer: str, forwarded: list[str], client: str) -> None:
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Any, send: Any) -> None:
        seen.append(scope)

    async def nothing(*_: object) -> Any:
        return None

    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    proxied = ClientAddress(app, trusted_proxies=["10.0.0.0/8"])
    await proxied({"type": "http", "client": (peer, 1234), "headers": headers}, nothing, nothing)
    assert seen[0]["client"][0] == client
