"""Bad input to the public reads and the profile: attack cases A01, A03, A04, A06, A12, A13."""

from __future__ import annotations

import base64
import itertools
import json
import logging
import random
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api.http.cursors import CURSOR_MAX_LENGTH
from tests.support.catalog_rows import CHAIN, account, activity_row, balance_row, collection_row, contract, insert
from tests.support.catalog_rows import token_row as token_of
from tests.support.reads import Reads, serving_reads
from tests.support.sign_in import Desk, Wallet, bearer, sign_in

BASE = f"/v1/collections/{CHAIN}/{contract(1)}"
LISTS = [
    "/v1/collections",
    f"{BASE}/tokens",
    f"{BASE}/traits",
    f"{BASE}/holders",
    f"{BASE}/activity",
    f"{BASE}/owners",
    f"{BASE}/tokens/1/holders",
    f"{BASE}/tokens/1/transfers",
    f"{BASE}/tokens/1/activity",
    f"/v1/accounts/{account(2)}/collections",
    f"/v1/accounts/{account(2)}/tokens",
    f"/v1/accounts/{account(2)}/activity",
    "/v1/chains",
]
SINGLES = [BASE, f"{BASE}/tokens/1", f"{BASE}/stats", f"/v1/accounts/{account(2)}", "/v1/search"]


@pytest.fixture
async def reads(database: str) -> AsyncIterator[Reads]:
    async with serving_reads(database) as found:
        rows = [collection_row(number, standard="erc1155") for number in (1, 2, 3)]
        tokens = [token_of(row, number) for row in rows for number in (1, 2, 3)]
        await insert(found.pool, "catalog_service.collections", rows)
        await insert(found.pool, "catalog_service.tokens", tokens)
        await insert(
            found.pool,
            "catalog_service.token_balances",
            [balance_row(token, account(holder)) for token in tokens for holder in (2, 3)],
        )
        await insert(
            found.pool,
            "catalog_service.activities",
            [activity_row(token, number) for number, token in enumerate(tokens)],
        )
        yield found


def refused(answer: httpx.Response, status: int = 422) -> dict[str, Any]:
    assert answer.status_code == status, (str(answer.request.url)[:200], answer.text[:200])
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    return problem


# -- A01: limits and cursors -----------------------------------------------------------------------------------------


BAD_LIMITS = ["1e9", "1000000000", "101", "0", "-1", "", "0x10", "1_0", " 5", "+5", "١", "2.5", "NaN", "9" * 400]


async def test_a_limit_out_of_range_is_refused_by_every_list(reads: Reads) -> None:
    for path, limit in itertools.product(LISTS, BAD_LIMITS):
        refused(await reads.http.get(path, params={"limit": limit}))
    for path, limit in itertools.product(LISTS, ("1", "100")):
        assert (await reads.http.get(path, params={"limit": limit})).status_code == 200


async def test_there_is_no_offset_to_make_a_list_count(reads: Reads) -> None:
    for path in LISTS:
        refused(await reads.http.get(path, params={"offset": "1000000000000000"}))


async def _cursor(reads: Reads, path: str, **query: str) -> str:
    answer = await reads.http.get(path, params={"limit": "1"} | query)
    return answer.json()["nextCursor"]


async def test_a_forged_cursor_is_refused_by_every_list(reads: Reads) -> None:
    genuine = await _cursor(reads, f"{BASE}/tokens")
    raw = bytearray(base64.urlsafe_b64decode(genuine + "=" * (-len(genuine) % 4)))
    raw[6] ^= 1
    forged = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    for path in LISTS:
        for cursor in (forged, "", "x", "AAAA", "null", "' OR 1=1 --", "\u0000", "😀", "A" * CURSOR_MAX_LENGTH):
            problem = refused(await reads.http.get(path, params={"cursor": cursor}))
            assert problem["code"] == "invalid_cursor", cursor
        assert (
            refused(await reads.http.get(path, params={"cursor": "A" * (CURSOR_MAX_LENGTH + 1)}))["code"]
            == "invalid_input"
        )


async def test_a_cursor_of_one_list_is_no_cursor_of_another(reads: Reads) -> None:
    cursors = {path: await _cursor(reads, path) for path in LISTS}
    for own, cursor in cursors.items():
        for path in LISTS:
            if cursor and path != own:
                assert refused(await reads.http.get(path, params={"cursor": cursor}))["code"] == "invalid_cursor"


async def test_a_cursor_is_bound_to_its_filters(reads: Reads) -> None:
    cursor = await _cursor(reads, "/v1/collections", standard="erc1155", chainId=CHAIN)
    again = {"chainId": CHAIN, "standard": "erc1155", "cursor": cursor, "limit": "1"}
    assert (await reads.http.get("/v1/collections", params=again)).status_code == 200
    for filters in ({}, {"chainId": CHAIN}, {"standard": "erc721", "chainId": CHAIN}, {"creator": account(1)}):
        refused(await reads.http.get("/v1/collections", params=filters | {"cursor": cursor}))
    other = await _cursor(reads, f"/v1/accounts/{account(2)}/tokens")
    refused(await reads.http.get(f"/v1/accounts/{account(3)}/tokens", params={"cursor": other}))


async def test_a_cursor_fits_an_address_in_another_casing(reads: Reads) -> None:
    cursor = await _cursor(reads, f"{BASE}/tokens")
    upper = f"/v1/collections/{CHAIN}/0x{contract(1)[2:].upper()}/tokens"
    assert (await reads.http.get(upper, params={"cursor": cursor})).status_code == 200


# -- A03: parameters -------------------------------------------------------------------------------------------------


BAD_QUERIES = [
    "sort=password_hash",
    "fields=*",
    "filter[x][$ne]=1",
    "select=*",
    "chain_id=eip155:1",  # the name inside is not the name outside
    "limit=5&limit=6",
    "__proto__=1",
    "a=1&a=2",
    "traits[Background]=Red",
    "order_by=owner_address",
    "sort=t.metadata_doc",
    "sort=rank%3Bdrop+table+tokens",
    "order=asc,+owner+desc",
]


async def test_an_unknown_or_repeated_parameter_is_refused_everywhere(reads: Reads) -> None:
    for path, query in itertools.product(LISTS + SINGLES, BAD_QUERIES):
        refused(await reads.http.get(f"{path}?{query}"))


NO_VALUES = [
    f"/v1/collections/{CHAIN}/0x1234",
    f"/v1/collections/eip155:01/{contract(1)}",
    f"/v1/collections/solana:1/{contract(1)}",
    f"/v1/collections/eip155:{2**63}/{contract(1)}",
    f"/v1/collections/{CHAIN}/{contract(1)}/tokens/-1",
    f"/v1/collections/{CHAIN}/{contract(1)}/tokens/1e18",
    f"/v1/collections/{CHAIN}/{contract(1)}/tokens/0x10",
    f"/v1/collections/{CHAIN}/{contract(1)}/tokens/{2**256}",
    f"/v1/collections/{CHAIN}/{contract(1)}/tokens/" + "9" * 5000,
    f"/v1/collections/{CHAIN}/{contract(1)}/tokens/%00",
    "/v1/accounts/vitalik.eth/tokens",
    "/v1/accounts/0x%00/activity",
    "/v1/collections?creator=%27%20OR%201=1",
    "/v1/collections?standard=erc20",
    f"{BASE}/activity?since=0001-01-01T00:00:00%2B23:59",  # in UTC it would lie before the first year there is
    f"{BASE}/activity?until=9999-12-31T23:59:59-23:59",
]


async def test_what_is_no_value_of_its_kind_is_refused(reads: Reads) -> None:
    for path in NO_VALUES:
        refused(await reads.http.get(path))


NAMES = [
    "cursor",
    "limit",
    "chainId",
    "creator",
    "tokenId",
    "trait",
    "traitRange",
    "minPrice",
    "maxRank",
    "q",
    "type",
    "since",
    "sort",
    "order",
    "listed",
]


async def test_random_requests_are_never_our_fault(reads: Reads) -> None:
    seeded = random.Random(20_260_131)
    alphabet = "aZ09:/.%&=?#;'\"\\<>[]{}$-_ \t\x00\x7fé\u202e😀"
    for _ in range(300):
        junk = "".join(seeded.choice(alphabet) for _ in range(seeded.randrange(1, 40)))
        path = seeded.choice(LISTS + SINGLES)
        name = seeded.choice([*NAMES, junk])
        answer = await reads.http.get(path, params={name: junk})
        assert answer.status_code in (200, 404, 422), (path, name, junk, answer.text)


# -- A04 and A06: the profile ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Admin",
        "аdmin",
        "ａｄｍｉｎ",
        "e\u0301lodie",
        "élodie",
        "mi\u200bnt",
        "mint.",
        "😀",
        "a",
        "\x00\x00\x00",
        "a" * 31,
        "x\n",
        "\u202enimda",
        None,
        7,
        ["admin"],
    ],
)
async def test_a_username_that_imitates_or_breaks_is_refused(visitor: httpx.AsyncClient, name: Any) -> None:
    tokens = await sign_in(visitor, Wallet())
    refused(await visitor.patch("/v1/me", headers=bearer(tokens), json={"username": name}))
    assert (await visitor.get("/v1/me", headers=bearer(tokens))).json()["username"] is None


async def test_a_username_in_another_casing_is_the_same_username(visitor: httpx.AsyncClient) -> None:
    first, second = await sign_in(visitor, Wallet()), await sign_in(visitor, Wallet())
    name = f"Zoe_{uuid.uuid4().hex[:8]}"
    assert (await visitor.patch("/v1/me", headers=bearer(first), json={"username": name})).status_code == 200
    answer = await visitor.patch("/v1/me", headers=bearer(second), json={"username": name.swapcase()})
    assert refused(answer, 409)["code"] == "username_taken"


@pytest.mark.parametrize(
    "body",
    [
        {"isAdmin": True},
        {"userId": str(uuid.UUID(int=1))},
        {"role": "admin"},
        {"createdAt": "2000-01-01T00:00:00Z"},
        {"joinedAt": "2000-01-01T00:00:00Z"},
        {"status": "active"},
        {"stats": {"followers": 10**6}},
        {"wallets": []},
        {"display_name": "by its column"},
        {"preferences": {"isAdmin": True}},
        {"preferences": {"theme": None}},
        {"preferences": {"emailNotifications": "yes"}},
        {"socials": {"evil": "https://evil.example"}},
        {"socials": {"website": "javascript:alert(1)"}},
        {"avatarUrl": "https://market.example@evil.example/a.png"},
        {"avatarUrl": "data:image/svg+xml,<svg onload=alert(1)>"},
        {"displayName": "a" * 51},
        {"displayName": "\u202egnp.exe"},
        {"bio": "nul\x00"},
        {"bio": "b" * 501},
        {"timezone": "../../etc/passwd"},
        {"locale": "en;drop"},
        [],
        "text",
        None,
    ],
)
async def test_a_change_of_what_is_not_ones_own_to_change_is_refused_and_changes_nothing(
    visitor: httpx.AsyncClient, body: Any
) -> None:
    tokens = await sign_in(visitor, Wallet())
    before = (await visitor.get("/v1/me", headers=bearer(tokens))).json()
    answer = await visitor.patch("/v1/me", headers=bearer(tokens), content=json.dumps(body))
    refused(answer)
    if isinstance(body, dict):
        mixed = {"bio": "me", **body}
        refused(await visitor.patch("/v1/me", headers=bearer(tokens), content=json.dumps(mixed)))
    assert (await visitor.get("/v1/me", headers=bearer(tokens))).json() == before


async def test_a_body_that_is_no_json_or_no_text_is_refused(visitor: httpx.AsyncClient) -> None:
    tokens = await sign_in(visitor, Wallet())
    headers = bearer(tokens) | {"content-type": "application/json"}
    bodies: list[bytes] = [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"bio": "\\ud800"}',
        b'{"bio": "\xed\xa0\x80"}',
        b'{"bio": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"bio": NaN}',
        b'{"bio": ' + b"9" * 5_000 + b"}",
        b'{"\\ud800": 1}',
        b'{"\\u0000": 1}',
        b'{"preferences": {"\\udfff": 1}}',
    ]
    for body in bodies:
        answer = await visitor.patch("/v1/me", headers=headers, content=body)
        refused(answer, 422 if answer.status_code == 422 else 400)


async def test_what_nobody_knows_is_complained_about_once_however_much_it_is(visitor: httpx.AsyncClient) -> None:
    """An error for each of 20,000 members takes a hundred times as long as reading them, and asks for no sign-in."""
    tokens = await sign_in(visitor, Wallet())
    many = {f"member{number}": 1 for number in range(15_000)}
    complaint = [{"field": "body", "reason": "has more than 64 members"}]
    for path in ("/v1/auth/nonce", "/v1/auth/refresh"):
        assert refused(await visitor.post(path, json=many))["fields"] == complaint
    assert refused(await visitor.post("/v1/auth/verify", json=many))["code"] == "invalid_message"
    for method, path in (("PATCH", "/v1/me"), ("POST", "/v1/mints/prepare"), ("POST", "/v1/collections/prepare")):
        answer = await visitor.request(method, path, headers=bearer(tokens), json=many)
        assert refused(answer)["fields"] == complaint
    answer = await visitor.get("/v1/collections", params={f"p{number}": "" for number in range(2_000)})
    assert [found["reason"] for found in refused(answer)["fields"]] == ["has more than 64 members"]


# -- A12 and A13: what is written down and what is given away --------------------------------------------------------


async def test_what_is_logged_holds_no_secret_and_no_line_of_the_callers(
    visitor: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = await sign_in(visitor, Wallet())
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        await visitor.get("/v1/me?token=hunter2", headers=bearer(tokens) | {"user-agent": "a\x1b[2Jb"})
        await visitor.get("/v1/users/x%0d%0aforged%1b%5b31m")
    assert caplog.records
    for record in caplog.records:
        line = record.getMessage()
        assert tokens["accessToken"] not in line
        assert "hunter2" not in line
        assert "\x1b" not in line
        assert "\nforged" not in line


async def test_every_failure_is_a_problem_document_without_insides(desk: Desk) -> None:
    requests: list[tuple[str, str, Any]] = [
        ("GET", "/nowhere", None),
        ("DELETE", "/v1/collections", None),
        ("GET", f"/v1/collections/{CHAIN}/{contract(9)}", None),
        ("GET", "/v1/collections?limit=x", None),
        ("GET", "/v1/me", None),
        ("PATCH", "/v1/me", {"bio": 1}),
        ("POST", "/v1/collections/prepare", {}),
        ("GET", "/v1/collections/", None),
        ("GET", "//evil.example/%2e%2e", None),
    ]
    async with desk.visitor() as visitor:
        for method, path, body in requests:
            answer = await visitor.request(method, path, json=body, headers={"host": "evil.example"})
            assert 400 <= answer.status_code < 500, (method, path)
            problem = refused(answer, answer.status_code)
            assert set(problem) >= {"type", "title", "status", "code", "detail"}
            for inside in ("Traceback", "SELECT", "asyncpg", "postgres", "pydantic", "evil.example"):
                assert inside not in answer.text, (method, path, inside)
