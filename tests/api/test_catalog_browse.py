"""Browsing a collection: every filter and sort finds exactly what it should, page by page.

What is expected is computed from the tokens' numbers (see `benchmarks.list_rows`), not read from the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from benchmarks import list_rows as rows
from benchmarks.list_rows import CHAIN, CONTRACT
from tests.support.browsing import BASE, SIZE, Test, serving_numbered, walk
from tests.support.reads import Reads

pytestmark = pytest.mark.xdist_group("catalog browsing")  # filling the tables takes longer than most that is read there


@pytest.fixture(scope="module")
async def reads(module_database: str) -> AsyncIterator[Reads]:
    async with serving_numbered(module_database) as found:
        yield found


@pytest.fixture
async def changed(database: str) -> AsyncIterator[Reads]:
    """The same catalog, for a test that changes rows."""
    async with serving_numbered(database) as found:
        yield found


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


async def test_every_filter_finds_exactly_what_it_should_in_the_order_of_each_sort(reads: Reads) -> None:
    """Each filter by three of the four sorts, in one direction or the other; what is not filtered by all."""
    sorts = list(SORTS.items())
    for place, (filter_, passes) in enumerate(FILTERS.items()):
        chosen = [sorts[(place + step) % len(sorts)] for step in (0, 2, 5)] if filter_ else sorts
        for sort, (key, descending, lists) in chosen:
            numbers = [n for n in range(1, SIZE.tokens + 1) if passes(n) and lists(n) and not rows.is_spam(n)]
            expected = sorted(numbers, key=key, reverse=descending)
            query = "&".join(part for part in (filter_.format(owner=rows.owner(5, SIZE)), sort) if part)
            limit = 100 if len(expected) > 60 else 17
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
    changed: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each request looks at a bounded number of rows, and says where to go on."""
    for module in ("token_sources", "token_walks"):
        monkeypatch.setattr(f"steadymint.catalog.reads.{module}.LOOKED_AT", 100)
    await changed.pool.execute(
        "INSERT INTO catalog_service.nft_flags (chain_id, contract, token_id, is_spam) SELECT $1, $2, n, true"
        " FROM generate_series(1, 1200) n ON CONFLICT (chain_id, contract, token_id) DO UPDATE SET is_spam = true",
        CHAIN,
        CONTRACT,
    )
    first = (await changed.http.get(f"{BASE}/tokens?limit=20")).json()
    assert first["items"] == []
    assert first["nextCursor"] is not None
    for sort in ("", "sort=rank", "sort=recent"):
        found = await walk(changed, f"{BASE}/tokens", sort, 20)
        assert sorted(int(item["tokenId"]) for item in found) == [
            n for n in range(1201, SIZE.tokens + 1) if not rows.is_spam(n)
        ]


async def test_a_listing_that_has_expired_is_none_though_nobody_has_written_so(changed: Reads) -> None:
    await changed.pool.execute(
        "UPDATE catalog_service.token_floors SET expires_at = now() - interval '1 second' WHERE token_number <= 1000"
    )
    still = [n for n in range(1001, SIZE.tokens + 1) if rows.price(n) is not None and not rows.is_spam(n)]
    for query in ("listed=true", "listed=true&sort=rank", "sort=price", "maxPrice=100", "sort=price&minPrice=0"):
        found = await walk(changed, f"{BASE}/tokens", query)
        assert sorted(int(item["tokenId"]) for item in found) == still, query
    unlisted = await walk(changed, f"{BASE}/tokens", "listed=false")
    assert len(unlisted) + len(still) == SIZE.tokens - sum(rows.is_spam(n) for n in range(1, SIZE.tokens + 1))
    assert "price" not in (await changed.http.get(f"{BASE}/tokens/10")).json()


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
