"""Lists of owners, holdings, collections and activity: what they hold, in which order, and what is found by words.

What is expected is computed from the tokens' numbers (see `benchmarks.list_rows`), not read from the database.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import pytest

from benchmarks import list_rows as rows
from benchmarks.list_rows import CHAIN, CONTRACT
from steadymint.catalog.reads.query import LOOKED_AT
from steadymint.domain.types import show_address
from tests.support.browsing import BASE, SIZE, Test, serving_numbered, walk
from tests.support.reads import Reads

pytestmark = pytest.mark.xdist_group("catalog lists")  # filling the tables takes longer than most that is read there


@pytest.fixture(scope="module")
async def reads(module_database: str) -> AsyncIterator[Reads]:
    async with serving_numbered(module_database) as found:
        yield found


@pytest.fixture
async def changed(database: str) -> AsyncIterator[Reads]:
    """The same catalog, for a test that changes rows."""
    async with serving_numbered(database) as found:
        yield found


async def test_owners_are_listed_by_how_much_they_hold_with_their_share(reads: Reads) -> None:
    found = await walk(reads, f"{BASE}/owners", "", 5)
    held = dict.fromkeys((rows.owner(n, SIZE) for n in range(SIZE.owners)), 0)
    for n in range(1, SIZE.tokens + 1):
        held[rows.owner(n, SIZE)] += 1
    expected = sorted(held.items(), key=lambda item: (-item[1], item[0]))
    assert [(item["owner"], int(item["quantity"])) for item in found] == [
        (show_address(account), quantity) for account, quantity in expected
    ]
    assert sum(item["share"] for item in found) == pytest.approx(1)


async def test_a_portfolio_shows_what_an_account_holds_of_what_is_visible(reads: Reads) -> None:
    found = (await reads.http.get(f"/v1/accounts/{rows.COLLECTOR}")).json()
    listed = await walk(reads, f"/v1/accounts/{rows.COLLECTOR}/collections", "", 7)
    visible = [n for n in range(1, SIZE.collections) if n % 30 != 29]
    assert found["collectionCount"] == len(listed) == len(visible)
    assert int(found["items"]) == sum(int(item["quantity"]) for item in listed)
    assert [int(item["quantity"]) for item in listed] == sorted((int(i["quantity"]) for i in listed), reverse=True)
    assert found["collections"] == listed[:12]
    nobody = (await reads.http.get(f"/v1/accounts/{rows.account(2**100)}")).json()
    assert (nobody["collectionCount"], nobody["items"], nobody["collections"]) == (0, "0", [])


def floor_of(n: int) -> int | None:
    return n * 7 % 500 if n % 3 == 0 else None


COLLECTION_SORTS: dict[str, tuple[Callable[[int], Any], bool]] = {
    "sort=recent": (lambda n: n // 3, True),
    "sort=recent&order=asc": (lambda n: n // 3, False),
    "sort=volume": (lambda n: n * 31 % 1009, True),
    "sort=volume&order=asc": (lambda n: n * 31 % 1009, False),
    "sort=floor": (floor_of, False),
    "sort=items": (lambda n: SIZE.tokens if n == 0 else 1, True),
}


async def test_collections_are_sorted_and_filtered(reads: Reads) -> None:
    filters: dict[str, Test] = {
        "": lambda n: True,
        f"chainId={CHAIN}&standard=erc1155": lambda n: n % 20 == 7,
        f"creator={rows.account(3)}": lambda n: n % 50 == 3,
        "verified=true": lambda n: n % 10 == 0,
        "verified=false&standard=erc721": lambda n: n % 10 != 0 and n % 20 != 7,
        "q=harbour 4": lambda n: n != 0 and str(n).startswith("4"),
        "q=SEA harbour 12": lambda n: n == 12,
        "q=lighthouses": lambda n: n == 0,
    }
    for (filter_, passes), (sort, (key, descending)) in itertools.product(filters.items(), COLLECTION_SORTS.items()):
        found = await walk(reads, "/v1/collections", f"{filter_}&{sort}".strip("&"), 4)
        numbers = [int(item["slug"].rpartition("-")[2]) for item in found]
        expected = [n for n in range(SIZE.collections) if n % 30 != 29 and passes(n) and key(n) is not None]
        assert sorted(numbers) == expected, (filter_, sort)
        keys = [key(n) for n in numbers]
        assert keys == sorted(keys, reverse=descending), (filter_, sort)


async def test_search_finds_names_by_words_in_any_order_case_or_accent(reads: Reads) -> None:
    async def search(q: str, **more: Any) -> tuple[list[str], list[int]]:
        answer = await reads.http.get("/v1/search", params={"q": q, "limit": 50} | more)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        return [item["name"] for item in found["collections"]], [int(item["tokenId"]) for item in found["tokens"]]

    assert await search("Élite golden") == ([], [7, 1007])
    assert await search("GOLDEN eli lighthouse") == ([], [])  # only the last word may be a beginning
    assert await search("1007 lighthouse golden") == ([], [1007])
    collections, tokens = await search("lighthouse")
    assert (collections, len(tokens)) == (["Lighthouses"], 50)
    assert await search("harbour 1", kind="collections", limit=1) == (["Harbour 1"], [])
    assert (await search("lighthouse 3"))[1][0] != 3, "spam is not found"
    assert 3 in (await search("lighthouse 3", includeSpam="true"))[1]
    for nothing in ("%", "_", "'", "!!!", "\\"):
        assert await search(nothing) == ([], [])


async def test_what_is_hidden_crowds_nobody_out_of_a_search(changed: Reads) -> None:
    """An imitation with more tokens than a search looks at, and an id that comes first."""
    await changed.pool.execute(
        "INSERT INTO catalog_service.collections (id, slug, name, chain_id, contract_address, standard, is_hidden,"
        " created_at, updated_at) VALUES ($1, 'imitation', 'Lighthouses', $2, $3, 'erc721', true, now(), now())",
        UUID(int=1),
        CHAIN,
        rows.account(2**90),
    )
    await changed.pool.execute(
        "INSERT INTO catalog_service.tokens (id, collection_id, chain_id, contract_address, token_number,"
        " token_standard, name, updated_at) SELECT gen_random_uuid(), $1, $2, $3, n, 'erc721', 'Lighthouse #' || n,"
        " now() FROM generate_series(1, $4::integer) n",
        UUID(int=1),
        CHAIN,
        rows.account(2**90),
        LOOKED_AT + 1,
    )
    for q in ("lighthouse", "light"):
        found = (await changed.http.get("/v1/search", params={"q": q, "kind": "tokens", "limit": 50})).json()["tokens"]
        assert len(found) == 50
        assert {item["contract"] for item in found} == {show_address(CONTRACT)}


async def test_activity_is_filtered_by_type_and_time(reads: Reads) -> None:
    everything = await walk(reads, f"{BASE}/activity", "", 100)
    assert len(everything) == SIZE.tokens + SIZE.tokens // 2 + SIZE.tokens // 50
    for types in (["sale"], ["mint", "sale"], ["transfer"], ["transfer", "sale"], ["burn"]):
        query = "&".join(f"type={kind}" for kind in types)
        found = await walk(reads, f"{BASE}/activity", query, 33)
        assert found == [item for item in everything if item["type"] in types], types
    since, until = "2026-01-01T00:01:00Z", "2026-01-01T00:02:30Z"
    found = await walk(reads, f"{BASE}/activity", f"since={since}&until={until}&type=mint", 33)
    assert found == [i for i in everything if i["type"] == "mint" and since <= i["timestamp"] < until]
    assert found
    account = rows.owner(4, SIZE)
    mine = await walk(reads, f"/v1/accounts/{account}/activity", "", 33)
    sold = await walk(reads, f"/v1/accounts/{account}/activity", "type=sale", 3)
    assert sold == [item for item in mine if item["type"] == "sale"]
    history = await walk(reads, f"{BASE}/tokens/50/transfers", "")
    assert [item["type"] for item in history] == ["transfer", "mint"]
    assert [i["type"] for i in await walk(reads, f"{BASE}/tokens/50/activity", "")] == ["sale", "transfer", "mint"]
    assert (await reads.http.get(f"{BASE}/tokens/99999/transfers")).status_code == 404
