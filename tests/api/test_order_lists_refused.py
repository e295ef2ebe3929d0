"""What cannot be asked of the market's lists."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from benchmarks.list_rows import CHAIN, CONTRACT, account
from tests.support.reads import Reads, serving_reads

MAKER = account(1_005)
OF = f"chainId={CHAIN}&contract={CONTRACT}"


@pytest.fixture(scope="module")
async def reads(module_database: str) -> AsyncIterator[Reads]:
    async with serving_reads(module_database) as found:
        yield found


WRONG: dict[str, tuple[str, str]] = {
    "a contract without its chain": (f"/orders?contract={CONTRACT}", "chainId"),
    "a token without its contract": (f"/orders?chainId={CHAIN}&tokenId=1", "contract"),
    "a trait of any collection": ("/orders?trait=Fur:Blue", "contract"),
    "a trait that is none": (f"/orders?{OF}&trait=Fur", "trait"),
    "an unknown side": ("/orders?side=auction", "side"),
    "an unknown status": ("/orders?status=gone", "status"),
    "by price of everything": ("/orders?sort=price&side=listing", "sort=price"),
    "by price of both sides": (f"/orders?{OF}&sort=price", "sort=price"),
    "by price of listings and offers": (f"/orders?{OF}&sort=price&side=listing&side=offer", "sort=price"),
    "by price of what has ended": (f"/orders?{OF}&sort=price&side=listing&status=filled", "active"),
    "a price in exponents": ("/orders?minPrice=1e3", "minPrice"),
    "a negative price": ("/orders?maxPrice=-1", "maxPrice"),
    "a maker that is no address": ("/orders?maker=0x12", "maker"),
    "an unknown parameter": ("/orders?owner=me", "owner"),
    "a parameter twice": (f"/orders?maker={MAKER}&maker={MAKER}", "more than once"),
    "too many rows": ("/orders?limit=101", "limit"),
    "a hash that is none": (f"/orders/{CHAIN}/0x12", "orderHash"),
    "a chain that is none": (f"/orders/1/0x{'f' * 64}", "chainId"),
    "an account that is none": ("/accounts/me/orders", "address"),
    "a cursor that we have not made": ("/orders?cursor=AAAA", ""),
    "an unknown interval": (f"/collections/{CHAIN}/{CONTRACT}/chart?interval=1m", "interval"),
    "a stretch that ends before it begins": (
        f"/collections/{CHAIN}/{CONTRACT}/chart?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z",
        "since",
    ),
    "too many bars": (
        f"/collections/{CHAIN}/{CONTRACT}/chart?interval=1h&since=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00Z",
        "500 bars",
    ),
    "the first week of all": (f"/collections/{CHAIN}/{CONTRACT}/chart?until=0001-01-02T00:00:00Z", "year 1"),
    "a time without an offset": (f"/collections/{CHAIN}/{CONTRACT}/chart?since=2026-01-01T00:00:00", "since"),
}


@pytest.mark.parametrize(("path", "says"), WRONG.values(), ids=WRONG)
async def test_what_cannot_be_asked_is_a_problem_document(reads: Reads, path: str, says: str) -> None:
    answer = await reads.http.get("/v1" + path)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.text
