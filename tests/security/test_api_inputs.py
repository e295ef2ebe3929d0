"""Bad input to the public reads: attack cases A01 and A03."""

from __future__ import annotations

import base64
import itertools
import random
from collections.abc import AsyncIterator

import pytest

from api.http.cursors import CURSOR_MAX_LENGTH
from tests.support.catalog_rows import CHAIN, account, activity_row, balance_row, collection_row, contract, insert
from tests.support.catalog_rows import token_row as token_of
from tests.support.order_changes import Orders
from tests.support.problems import problem_of
from tests.support.reads import Reads, serving_reads

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
    "/v1/orders",
    f"{BASE}/offers",
    f"{BASE}/sales",
    f"{BASE}/tokens/1/orders",
    f"/v1/accounts/{account(1)}/orders",
    f"/v1/accounts/{account(2)}/offers-received",
]
SINGLES = [
    BASE,
    f"{BASE}/tokens/1",
    f"{BASE}/stats",
    f"{BASE}/floor",
    f"/v1/accounts/{account(2)}",
    "/v1/search",
    f"/v1/orders/{CHAIN}/0x{'5e' * 32}",
]


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
        orders = await Orders.of(found.pool, number=4)
        for _ in range(2):
            await orders.list()
        yield found


# -- A01: limits and cursors -----------------------------------------------------------------------------------------


BAD_LIMITS = ["1e9", "1000000000", "101", "0", "-1", "", "0x10", "1_0", " 5", "+5", "١", "2.5", "NaN", "9" * 400]


async def test_a_limit_out_of_range_is_refused_by_every_list(reads: Reads) -> None:
    for path, limit in itertools.product(LISTS, BAD_LIMITS):
        problem_of(await reads.http.get(path, params={"limit": limit}))
    for path, limit in itertools.product(LISTS, ("1", "100")):
        assert (await reads.http.get(path, params={"limit": limit})).status_code == 200


async def test_there_is_no_offset_to_make_a_list_count(reads: Reads) -> None:
    for path in LISTS:
        problem_of(await reads.http.get(path, params={"offset": "1000000000000000"}))


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
            problem = problem_of(await reads.http.get(path, params={"cursor": cursor}))
            assert problem["code"] == "invalid_cursor", cursor
        assert (
            problem_of(await reads.http.get(path, params={"cursor": "A" * (CURSOR_MAX_LENGTH + 1)}))["code"]
            == "invalid_input"
        )


async def test_a_cursor_of_one_list_is_no_cursor_of_another(reads: Reads) -> None:
    cursors = {path: await _cursor(reads, path) for path in LISTS}
    for own, cursor in cursors.items():
        for path in LISTS:
            if cursor and path != own:
                assert problem_of(await reads.http.get(path, params={"cursor": cursor}))["code"] == "invalid_cursor"


async def test_a_cursor_is_bound_to_its_filters(reads: Reads) -> None:
    cursor = await _cursor(reads, "/v1/collections", standard="erc1155", chainId=CHAIN)
    again = {"chainId": CHAIN, "standard": "erc1155", "cursor": cursor, "limit": "1"}
    assert (await reads.http.get("/v1/collections", params=again)).status_code == 200
    orders = await _cursor(reads, "/v1/orders", maker=account(1), side="listing")
    for filters in ({}, {"maker": account(1)}, {"maker": account(2), "side": "listing"}):
        problem_of(await reads.http.get("/v1/orders", params=filters | {"cursor": orders}))
    for filters in ({}, {"chainId": CHAIN}, {"standard": "erc721", "chainId": CHAIN}, {"creator": account(1)}):
        problem_of(await reads.http.get("/v1/collections", params=filters | {"cursor": cursor}))
    other = await _cursor(reads, f"/v1/accounts/{account(2)}/tokens")
    problem_of(await reads.http.get(f"/v1/accounts/{account(3)}/tokens", params={"cursor": other}))


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
        problem_of(await reads.http.get(f"{path}?{query}"))


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
    f"/v1/collections/{CHAIN}/{contract(1)}/tokens/{2**256}/orders",
    f"/v1/orders/{CHAIN}/0x{'5E' * 32}",
    f"/v1/orders/{CHAIN}/0x{'5e' * 31}%00",
    f"/v1/orders?chainId={CHAIN}&contract={contract(1)}&trait=Fur%00:Blue",
    f"/v1/orders?minPrice={'9' * 500}",
    "/v1/orders?currency=ETH",
    "/v1/accounts/vitalik.eth/tokens",
    "/v1/accounts/0x%00/activity",
    "/v1/collections?creator=%27%20OR%201=1",
    "/v1/collections?standard=erc20",
    f"{BASE}/activity?since=0001-01-01T00:00:00%2B23:59",  # in UTC it would lie before the first year there is
    f"{BASE}/activity?until=9999-12-31T23:59:59-23:59",
]


async def test_what_is_no_value_of_its_kind_is_refused(reads: Reads) -> None:
    for path in NO_VALUES:
        problem_of(await reads.http.get(path))


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
    "maker",
    "taker",
    "side",
    "status",
    "currency",
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
