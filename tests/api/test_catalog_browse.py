"""Browsing a collection: every filter and sort finds exactly what it should, page by page.

What is expected is computed from the tokens' numbers (see `benchmarks.list_rows`), not read from the database.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from benchmarks import list_rows as rows
from benchmarks.list_rows import CHAIN, CONTRACT, Size
from steadymint.catalog.reads.query import LOOKED_AT
from steadymint.domain.types import show_address
from tests.support.reads import Reads, serving_reads

SIZE = Size(tokens=1_300, owners=13, collections=60)
BASE = f"/v1/collections/{CHAIN}/{CONTRACT}"
LIMIT = 60

Test = Callable[[int], bool]


@pytest.fixture
async def reads(database: str) -> AsyncIterator[Reads]:
    async with serving_reads(database) as found:
        await rows.load(found.pool, SIZE)
        yield found


async def walk(reads: Reads, path: str, query: str, limit: int = LIMIT) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = await reads.http.get(f"{path}?{query}&limit={limit}{cursor}")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        if page["nextCursor"] is None:
            return items
        cursor = f"&cursor={page['nextCursor']}"


def token_id(number: int) -> UUID:
    return UUID(hashlib.md5(f"{CHAIN}:{CONTRACT}:{number}".encode(), usedforsecurity=False).hexdigest())


def by_price(number: int) -> tuple[int, bytes]:
    price = rows.price(number)
    assert price is not None
    return price, token_id(number).bytes


SORTS: dict[str, tuple[Callable[[int], Any], bool, Test]] = {
    "": (lambda n: n, False, lambda n: True),
    "order=desc": (lambda n: n, True, lambda n: True),
    "sort=rank": (lambda n: rows.rank(n, SIZE), False, lambda n: True),
    "sort=rank&order=desc": (lambda n: rows.rank(n, SIZE), True, lambda n: True),
    "sort=price": (by_price, False, lambda n: rows.price(n) is not None),
    "sort=price&order=desc": (by_price, True, lambda n: rows.price(n) is not None),
    "sort=recent": (lambda n: (rows.minted_at(n), n), True, lambda n: True),
    "sort=recent&order=asc": (lambda n: (rows.minted_at(n), n), False, lambda n: True),
}
"""Query -> key, whether it descends, and which tokens it lists at all."""

FILTERS: dict[str, Test] = {
    "": lambda n: True,
    "trait=Background:Shade 3": lambda n: n % 10 == 3,
    "trait=background:  SHADE 3": lambda n: n % 10 == 3,
    "trait=Background:Shade 3&trait=Background:Shade 5&trait=Background:Shade 0": lambda n: n % 10 in (0, 3, 5),
    "trait=Hat:Hat 13": lambda n: rows.hat(n) == "Hat 13",
    "trait=Hat:Hat 13&trait=Background:Shade 1": lambda n: rows.hat(n) == "Hat 13" and n % 10 == 1,
    "trait=Hat:Hat 13&trait=Background:Shade 2": lambda n: False,
    "trait=Hat:Bowler": lambda n: False,
    "trait=Shoes:Hat 13": lambda n: False,
    "traitRange=Power:10..20": lambda n: 10 <= rows.power(n) <= 20,
    "traitRange=Power:10.5..12": lambda n: rows.power(n) in (11, 12),
    "traitRange=Power:20..": lambda n: rows.power(n) >= 20,  # more values than are named one by one
    "traitRange=Power:..90&traitRange=Power:80..": lambda n: 80 <= rows.power(n) <= 90,
    "traitRange=Power:200..300": lambda n: False,
    "traitRange=Power:10..40&traitRange=Power:30..50": lambda n: 30 <= rows.power(n) <= 40,
    "trait=Power:35&traitRange=Power:36..50": lambda n: False,
    "trait=Power:37": lambda n: rows.power(n) == 37,
    "owner={owner}": lambda n: rows.owner(n, SIZE) == rows.owner(5, SIZE),
    "owner=0x00000000000000000000000000000000000000ff": lambda n: False,
    "listed=true": lambda n: rows.price(n) is not None,
    "listed=false": lambda n: rows.price(n) is None,
    "minPrice=1.5&maxPrice=4": lambda n: (rows.price(n) or 0) in range(150, 401),
    "maxPrice=0.5": lambda n: (rows.price(n) or 1000) <= 50,
    "minRank=100&maxRank=250": lambda n: 100 <= rows.rank(n, SIZE) <= 250,
    "maxRank=1": lambda n: rows.rank(n, SIZE) == 1,
    "q=lighthouse": lambda n: True,
    "q=LIGHT": lambda n: True,
    "q=golden elite": lambda n: n % 1000 == 7,
    "q=élite": lambda n: n % 1000 == 7,
    "q=lighthouse 12": lambda n: str(n).startswith("12"),
    "q=12 lighthouse": lambda n: n == 12,
    "q=house": lambda n: False,
    "q=12 12": lambda n: n == 12,
    "q=%25": lambda n: False,
    "nsfw=false": lambda n: not rows.is_nsfw(n),
    "nsfw=true": rows.is_nsfw,
    "burned=true": lambda n: False,
    "trait=Background:Shade 0&traitRange=Power:10..70&listed=true&maxRank=900&owner={owner}&q=lighthouse": lambda n: (
        n % 10 == 0
        and 10 <= rows.power(n) <= 70
        and rows.rank(n, SIZE) <= 900
        and rows.owner(n, SIZE) == rows.owner(5, SIZE)
    ),
}


async def test_every_filter_with_every_sort_finds_exactly_what_it_should_in_order(reads: Reads) -> None:
    for filter_, passes in FILTERS.items():
        for sort, (key, descending, lists) in SORTS.items():
            numbers = [n for n in range(1, SIZE.tokens + 1) if passes(n) and lists(n) and not rows.is_spam(n)]
            expected = sorted(numbers, key=key, reverse=descending)
            query = "&".join(part for part in (filter_.format(owner=rows.owner(5, SIZE)), sort) if part)
            limit = 100 if len(expected) > 300 else 17
            found = [int(item["tokenId"]) for item in await walk(reads, f"{BASE}/tokens", query, limit)]
            assert found == expected, query


async def test_spam_is_shown_only_to_who_asks_for_it(reads: Reads) -> None:
    shown = await walk(reads, f"{BASE}/tokens", "includeSpam=true")
    assert [int(item["tokenId"]) for item in shown] == list(range(1, SIZE.tokens + 1))
    assert {item["tokenId"]: item["flags"] for item in shown if "flags" in item} == {
        str(n): ["spam"] if rows.is_spam(n) else ["nsfw"]
        for n in range(1, SIZE.tokens + 1)
        if rows.is_spam(n) or rows.is_nsfw(n)
    }
    held = await walk(reads, f"/v1/accounts/{rows.owner(3, SIZE)}/tokens", "")
    assert "3" not in {item["tokenId"] for item in held}
    alone = (await reads.http.get(f"{BASE}/tokens/3")).json()
    assert alone["flags"] == ["spam"], "who asks for one token by name has it shown"


async def test_a_token_in_a_list_says_what_a_card_needs(reads: Reads) -> None:
    answer = await reads.http.get(f"{BASE}/tokens?trait=Background:Shade 0&sort=rank&limit=1")
    token = answer.json()["items"][0]
    number = int(token["tokenId"])
    cid = "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"
    assert token["name"] == rows.name(number)
    assert token["imageUrl"] == f"/ipfs/{cid}/{number}.png"
    assert token["imageUri"] == f"ipfs://{cid}/{number}.png"
    assert token["rank"] == rows.rank(number, SIZE)
    price = rows.price(number)
    assert price is not None
    assert (float(token["price"]), token["currency"]) == (price / 100, "ETH")
    assert token["metadataStatus"] == "ok"


async def test_a_list_of_which_nearly_everything_is_left_out_goes_on_page_by_page(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each request looks at a bounded number of rows, and says where to go on."""
    for module in ("token_sources", "token_walks"):
        monkeypatch.setattr(f"steadymint.catalog.reads.{module}.LOOKED_AT", 100)
    await reads.pool.execute(
        "INSERT INTO catalog_service.nft_flags (chain_id, contract, token_id, is_spam) SELECT $1, $2, n, true"
        " FROM generate_series(1, 1200) n ON CONFLICT (chain_id, contract, token_id) DO UPDATE SET is_spam = true",
        CHAIN,
        CONTRACT,
    )
    first = (await reads.http.get(f"{BASE}/tokens?limit=20")).json()
    assert first["items"] == []
    assert first["nextCursor"] is not None
    for sort in ("", "sort=rank", "sort=recent"):
        found = await walk(reads, f"{BASE}/tokens", sort, 20)
        assert sorted(int(item["tokenId"]) for item in found) == [
            n for n in range(1201, SIZE.tokens + 1) if not rows.is_spam(n)
        ]


async def test_a_listing_that_has_expired_is_none_though_nobody_has_written_so(reads: Reads) -> None:
    await reads.pool.execute(
        "UPDATE catalog_service.token_floors SET expires_at = now() - interval '1 second' WHERE token_number <= 1000"
    )
    still = [n for n in range(1001, SIZE.tokens + 1) if rows.price(n) is not None and not rows.is_spam(n)]
    for query in ("listed=true", "listed=true&sort=rank", "sort=price", "maxPrice=100", "sort=price&minPrice=0"):
        found = await walk(reads, f"{BASE}/tokens", query)
        assert sorted(int(item["tokenId"]) for item in found) == still, query
    unlisted = await walk(reads, f"{BASE}/tokens", "listed=false")
    assert len(unlisted) + len(still) == SIZE.tokens - sum(rows.is_spam(n) for n in range(1, SIZE.tokens + 1))
    assert "price" not in (await reads.http.get(f"{BASE}/tokens/10")).json()


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


async def test_what_is_hidden_crowds_nobody_out_of_a_search(reads: Reads) -> None:
    """An imitation with more tokens than a search looks at, and an id that comes first."""
    await reads.pool.execute(
        "INSERT INTO catalog_service.collections (id, slug, name, chain_id, contract_address, standard, is_hidden,"
        " created_at, updated_at) VALUES ($1, 'imitation', 'Lighthouses', $2, $3, 'erc721', true, now(), now())",
        UUID(int=1),
        CHAIN,
        rows.account(2**90),
    )
    await reads.pool.execute(
        "INSERT INTO catalog_service.tokens (id, collection_id, chain_id, contract_address, token_number,"
        " token_standard, name, updated_at) SELECT gen_random_uuid(), $1, $2, $3, n, 'erc721', 'Lighthouse #' || n,"
        " now() FROM generate_series(1, $4::integer) n",
        UUID(int=1),
        CHAIN,
        rows.account(2**90),
        LOOKED_AT + 1,
    )
    for q in ("lighthouse", "light"):
        found = (await reads.http.get("/v1/search", params={"q": q, "kind": "tokens", "limit": 50})).json()["tokens"]
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


BAD = [
    "trait=Background",
    "trait=",
    "trait=a\\b:c",
    "trait=a%00:b",
    "traitRange=Power:10",
    "traitRange=Power:..",
    "traitRange=Power:a..b",
    "traitRange=Power:50..10",
    "traitRange=Power:1e5..",
    "traitRange=Power:NaN..Infinity",
    "&".join(f"trait=a:{n}" for n in range(33)),
    "trait=" + "a" * 513,
    "listed=1",
    "listed=yes",
    "listed=false&minPrice=1",
    "minPrice=-1",
    "minPrice=1e3",
    "minPrice=NaN",
    "minPrice=" + "9" * 100,
    "minRank=0",
    "maxRank=99999999999",
    "maxRank=1.5",
    "sort=score",
    "sort=token_number",
    "order=up",
    "q=",
    "q=%20",
    "q=%00",
    "q=" + "a" * 101,
    "q=a b c d e f g h i",
    "owner=me",
    "nsfw=maybe",
    "traits[Background]=Red",
]


async def test_what_cannot_be_asked_is_refused_with_a_problem(reads: Reads) -> None:
    def refused(answer: httpx.Response) -> bool:
        return answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"

    for query in BAD:
        assert refused(await reads.http.get(f"{BASE}/tokens?{query}")), query
    for query in ("type=all", "type=mint&type=", "since=yesterday", "since=2026-01-01", "until=2026-13-01T00:00:00Z"):
        assert refused(await reads.http.get(f"{BASE}/activity?{query}")), query
    for query in ("", "q=", "q=a&limit=51", "q=a&kind=users", "q=a&cursor=x"):
        assert refused(await reads.http.get(f"/v1/search?{query}")), query


async def test_a_cursor_is_bound_to_filters_and_sort(reads: Reads) -> None:
    asked = "trait=Background:Shade 3&trait=Background:Shade 5&sort=rank"
    cursor = (await reads.http.get(f"{BASE}/tokens?{asked}&limit=2")).json()["nextCursor"]
    assert (await reads.http.get(f"{BASE}/tokens?{asked}&cursor={cursor}")).status_code == 200
    for other in ("", "sort=rank", "sort=price", asked + "&order=desc", asked.replace("5", "6"), asked + "&nsfw=false"):
        answer = await reads.http.get(f"{BASE}/tokens?{other}&cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_cursor"), other
