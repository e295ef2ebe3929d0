"""`steadymint up --with-gallery`, with a small plan: what a storefront shows is there, and is what was planned."""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from rich.console import Console

from steadymint.cli.local_stack import StackFiles
from steadymint.cli.showcase import fill
from steadymint.demo.run import DemoRun
from steadymint.demo.showcase.cast import key_of, username_of
from steadymint.demo.showcase.plan import Item, Plan, Size, Wish
from steadymint.demo.showcase.planner import planned
from steadymint.demo.wallets import KeyWallet
from steadymint_client import AsyncSteadymint
from tests.support.full_stack import FullStack

SEED = 3
SMALL = Size(people=5, works=(3, 4), tokens=8, sales=8, chapters=2, standing=0.6)
NO_KEYS = slice(0, 0)
"""The development accounts belong to the other stories of this stack."""


@dataclass(slots=True)
class Town:
    """A stack that was filled."""

    home: Path
    plan: Plan
    demo: DemoRun
    visitor: AsyncSteadymint
    contracts: list[str]
    coin: str
    people: list[str]
    """Addresses."""
    printed: str

    async def get(self, path: str, **query: str) -> Any:
        return await self.visitor.call("GET", path, **query)

    async def items(self, path: str, **query: str) -> list[dict[str, Any]]:
        """All of a list, as the storefront's pages read it: by its path."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, limit="50", **query, **cursor)
            found += page["items"]
            if not page.get("nextCursor"):
                return found
            cursor = {"cursor": page["nextCursor"]}

    def path(self, work: int) -> str:
        return f"/v1/collections/{self.demo.chain_id}/{self.contracts[work]}"


async def filled(home: Path, stack: FullStack) -> str:
    """Fill the stack as the command does. What it prints."""
    screen = io.StringIO()
    async with stack.blocks.ticking(0.25), asyncio.timeout(240):
        code = await fill(home, SEED, Console(file=screen, width=200), SMALL, NO_KEYS)
    assert code == 0, screen.getvalue()
    return screen.getvalue()


@pytest.fixture(scope="module")
async def town(running_stack: FullStack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    await running_stack.heal()
    home = tmp_path_factory.mktemp("showcase")
    StackFiles(home).publish(running_stack.described, {})
    printed = await filled(home, running_stack)
    known = json.loads((home / "gallery.json").read_text())
    plan = planned(SEED, SMALL)
    async with DemoRun(running_stack.described, lambda *_: None) as demo, demo.client() as visitor:
        keys = [key_of(SEED, username_of(one, SEED)) for one in plan.people]
        people: list[str] = [KeyWallet(demo.web3, key).address for key in keys]
        yield Town(home, plan, demo, visitor, known["contracts"], known["coin"], people, printed)


def prices(wishes: list[Wish], kind: str, work: int) -> list[float]:
    return [float(wish.price) for wish in wishes if (wish.kind, wish.work) == (kind, work)]


@pytest.mark.slow
async def test_sales_are_spread_over_weeks_and_the_clock_is_right_again(town: Town) -> None:
    sales = [sale for work in range(2) for sale in await town.items(f"{town.path(work)}/sales")]
    moments = sorted(datetime.fromisoformat(sale["occurredAt"]) for sale in sales)
    assert len(sales) == town.plan.sold
    assert (moments[-1] - moments[0]).days >= 14
    assert moments[-1] < datetime.now(UTC)
    bars = (await town.get(f"{town.path(0)}/chart", interval="1d"))["items"]
    by_day = [moment.date() for sale in sales if sale["contract"] == town.contracts[0] for moment in [_time(sale)]]
    assert {_day(bar["start"]): bar["sales"] for bar in bars} == {day: by_day.count(day) for day in by_day}
    stats = await town.get(f"{town.path(0)}/stats")
    assert stats["salesDay"] >= 1
    latest: Any = await town.demo.web3.eth.get_block("latest")
    assert abs(latest["timestamp"] - time.time()) < 600  # not weeks


def _time(sale: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(sale["occurredAt"]).astimezone(UTC)


def _day(moment: str) -> Any:
    return datetime.fromisoformat(moment).astimezone(UTC).date()


@pytest.mark.slow
async def test_floor_best_offer_owners_and_ranks_are_as_planned(town: Town) -> None:
    floor = await town.get(f"{town.path(0)}/floor")
    assert float(floor["listing"]["price"]["amount"]) == min(prices(town.plan.standing, "list", 0))
    assert float(floor["offer"]["price"]["amount"]) == max(prices(town.plan.standing, "collection-offer", 0))
    tokens = await town.items(f"{town.path(0)}/tokens", sort="rank")
    owners = {Item(0, int(token["tokenId"])): town.people.index(token["owner"]) for token in tokens}
    assert owners == town.plan.owners
    ranks = [token["rank"] for token in tokens]
    assert len(ranks) == SMALL.tokens
    assert ranks == sorted(ranks)
    assert ranks[0] == 1
    drawn = {str(place): one.name for place, one in enumerate(town.plan.drawn[0], 1)}
    assert {token["tokenId"]: token["name"] for token in tokens} == drawn


@pytest.mark.slow
async def test_no_list_of_a_storefront_is_empty(town: Town) -> None:
    chain, coin = town.demo.chain_id, f"/v1/tokens-fungible/{town.demo.chain_id}/{town.coin}"
    of_works = ("tokens", "owners", "traits", "offers", "sales")
    lists = [f"{town.path(work)}/{name}" for work in range(2) for name in of_works]
    lists += [f"{coin}/holders", f"{coin}/transactions"]
    for person in town.people:
        lists += [f"/v1/accounts/{person}/{name}" for name in ("tokens", "collections", "activity", "orders")]
    for character in town.plan.people[:2]:
        username = username_of(character, SEED)
        lists += [f"/v1/users/{username}/{name}" for name in ("followers", "following")]
        user = await town.get(f"/v1/users/{username}")
        assert (user["displayName"], user["bio"]) == (character.name, character.bio)
        with Image.open(io.BytesIO(await town.visitor.download(user["avatarUrl"]))) as avatar:
            assert avatar.width == avatar.height
    empty = [path for path in lists if not await town.items(path)]
    assert empty == []
    received = [await town.items(f"/v1/accounts/{person}/offers-received") for person in town.people]
    assert any(received)
    activity = await town.items(f"{town.path(0)}/activity")
    assert {one["type"] for one in activity} >= {"mint", "sale", "transfer", "listed", "offer"}
    orders = await town.items("/v1/orders", chainId=chain, contract=town.contracts[0])
    assert {order["status"] for order in orders} == {"active", "filled", "cancelled"}
    assert {order["side"] for order in orders} == {"listing", "item_offer", "collection_offer", "trait_offer"}
    holders = await town.items(f"{coin}/holders")
    assert {holder["address"] for holder in holders} == set(town.people)
    found = await town.get("/v1/search", q=town.plan.works[0].name)
    assert town.contracts[0] in {one["contract"] for one in found["collections"]}


@pytest.mark.slow
async def test_a_second_filling_does_nothing_and_says_so(town: Town, full_stack: FullStack) -> None:
    before = await town.get(f"{town.path(0)}/stats")
    nonces = [await town.demo.web3.eth.get_transaction_count(person) for person in town.people]
    printed = await filled(town.home, full_stack)
    assert "nothing was done" in printed
    assert "The gallery: 2 collections, 14 tokens, 5 owners" in printed
    assert "The gallery: 2 collections, 14 tokens, 5 owners" in town.printed
    assert [await town.demo.web3.eth.get_transaction_count(person) for person in town.people] == nonces
    assert await town.get(f"{town.path(0)}/stats") == before
