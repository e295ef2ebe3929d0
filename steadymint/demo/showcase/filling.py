"""Does what the plan says: through the API, with signatures of the people's keys, and by real transactions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Final

from steadymint.demo.run import DemoRun
from steadymint.demo.showcase.cast import key_of, username_of
from steadymint.demo.showcase.chain_calls import Calls
from steadymint.demo.showcase.clock import ChainClock
from steadymint.demo.showcase.history import History
from steadymint.demo.showcase.phases import Phases
from steadymint.demo.showcase.plan import BANKER, DAY, MARKET_OPENS, OPENING, Plan
from steadymint.demo.showcase.resident import Prepared, Resident
from steadymint.demo.showcase.studio import Published, Studio
from steadymint.demo.wallets import KeyWallet
from steadymint.domain.counting import counted
from steadymint.stack.chain_node import RemoteNode
from steadymint.stack.report import Report

ETHER: Final = 10**18
PURSE: Final = 120 * ETHER
"""What everybody begins with, in the chain's own currency."""
WRAPPED: Final = 30 * ETHER
"""How much of it everybody wraps, to make offers with."""
SUPPLY: Final = 1_000_000
CONFIRMED: Final = 3
"""Blocks on top of one that are enough for any local stack."""
READ_WITHIN: Final = 120.0
"""Seconds in which the catalog must have read all metadata."""


@dataclass(slots=True)
class Filled:
    """Where things are."""

    contracts: list[str] = field(default_factory=list[str])
    """Of the works, in the order of the plan."""
    coin: str = ""


class Filling:
    """One filling of one stack. `keys` are private keys for the first people; the others get theirs from the seed."""

    def __init__(self, demo: DemoRun, plan: Plan, seed: int, report: Report, keys: Sequence[str] = ()) -> None:
        self._demo = demo
        self._plan = plan
        self._seed = seed
        self._phases = Phases(report)
        self._keys = keys
        self._people: list[Resident] = []
        self._calls = Calls(demo)
        self.filled = Filled()

    async def run(self) -> Filled:
        """Raises DemoFailedError, ProblemError."""
        async with AsyncExitStack() as stack:
            await self._arrive(stack)
            published, icon = await self._draw()
            node = RemoteNode(self._demo.stack["chains"][0]["rpcUrl"])
            async with ChainClock(node, OPENING + DAY) as clock:
                await self._create(clock, published, icon)
                await self._mint(clock)
                await self._approve(clock)
                history = History(self._demo, self._plan, self._people, self.filled, clock, self._calls)
                async with self._phases.phase("history", history.so_far):
                    await history.unfold()
            await self._read()
            async with self._phases.phase("orders", lambda: counted(len(self._plan.standing), "order")):
                await history.stand()
        return self.filled

    # -- people -------------------------------------------------------------------------------------------------------

    async def _arrive(self, stack: AsyncExitStack) -> None:
        """Everybody gets money, signs in, says who they are, and follows some of the others."""
        async with self._phases.phase("people", lambda: f"{len(self._people)} of {len(self._plan.people)}"):
            for place, character in enumerate(self._plan.people):
                username = username_of(character, self._seed)
                key = self._keys[place] if place < len(self._keys) else key_of(self._seed, username)
                client = await stack.enter_async_context(self._demo.client())
                wallet = KeyWallet(self._demo.web3, key)
                self._people.append(Resident(self._demo, character.name, username, wallet, client))
            await self._fund()
            await asyncio.gather(*map(self._introduce, range(len(self._people))))
            await asyncio.gather(*map(self._follow, range(len(self._people))))

    async def _fund(self) -> None:
        """From an account that every local chain has. Its transactions are in order, so they go one after another."""
        giver = KeyWallet(self._demo.web3, self._demo.keys[0])
        hashes = [
            await giver.send({"to": one.address, "data": "0x", "value": str(PURSE), "gas": "21000"})
            for one in self._people[len(self._keys) :]
        ]
        await self._calls.mined(hashes)

    async def _introduce(self, place: int) -> None:
        person, character = self._people[place], self._plan.people[place]
        await person.client.sign_in(person.wallet, self._demo.chain_id)
        words: dict[str, Any] = {"username": person.username, "displayName": character.name, "bio": character.bio}
        if character.website is not None:
            words["socials"] = {"website": character.website}
        await person.change(**words)

    async def _follow(self, place: int) -> None:
        """The artists are followed by most, the others by a few."""
        for other, followed in enumerate(self._people):
            known = other < len(self._plan.works) or (place + other) % 4 == 0
            if other != place and known and (place * other) % 5 != 3:
                await self._people[place].relate("PUT", followed, "follow")

    # -- collections --------------------------------------------------------------------------------------------------

    async def _draw(self) -> tuple[list[Published], str]:
        studio = Studio(self._plan, self._people)
        async with self._phases.phase("pictures", lambda: f"{studio.done} of {studio.all + 1}"):
            _, published, icon = await asyncio.gather(
                studio.portraits(), studio.publish(), studio.icon(self._people[BANKER])
            )
        return published, icon

    async def _create(self, clock: ChainClock, published: list[Published], icon: str) -> None:
        """One collection after the other, half a day apart, and a token that people pay each other with."""
        async with self._phases.phase("collections", self._settled_of(len(published) + 1)):
            asked = [self._collection(number, one) for number, one in enumerate(published)]
            coin = self._people[BANKER].ask(
                "/v1/tokens-fungible/prepare",
                name="Harbour Coin",
                symbol=f"HRBR{'' if self._seed == 1 else self._seed}",
                supply=str(SUPPLY * ETHER),
                description="What is paid on the quay.",
                iconMediaId=icon,
                burnable=True,
            )
            *prepared, launch = await asyncio.gather(*asked, coin)
            for number, one in enumerate(prepared):
                await self._people[number].carry_out(one)
                await clock.mine(OPENING - 12 * number)
            await self._people[BANKER].carry_out(launch)
            await clock.mine(OPENING - 12 * len(prepared), CONFIRMED)
            await self._settle()
            self.filled.contracts = [one.answer["previewAddress"] for one in prepared]
            self.filled.coin = launch.answer["previewAddress"]

    def _collection(self, number: int, published: Published) -> Awaitable[Prepared]:
        work = self._plan.works[number]
        return self._people[number].ask(
            "/v1/collections/prepare",
            standard=work.standard,
            name=work.name,
            symbol=work.symbol,
            description=work.description,
            royaltyBps=work.royalty_bps,
            baseUri=published.base_uri,
            imageMediaId=published.image,
            bannerMediaId=published.banner,
            **({"maxSupply": str(len(self._plan.drawn[number]))} if work.standard == "erc721" else {}),
            mint={"price": str(round(work.price * ETHER / 20))},
        )

    async def _mint(self, clock: ChainClock) -> None:
        """All is prepared at once, because no mint needs another one. Each round is a block, some hours apart."""
        mints = [mint for one in self._plan.rounds for mint in one]
        async with self._phases.phase("mints", self._settled_of(len(mints))):
            prepared = iter(await self._at_once([self._asked(*mint_of) for mint_of in self._mint_bodies()]))
            last = OPENING - 12 * len(self._plan.works)
            for number, one in enumerate(self._plan.rounds):
                await asyncio.gather(*(self._people[mint.who].carry_out(next(prepared)) for mint in one))
                await clock.mine(last - 1 - number)
            await clock.mine(last - 2 - len(self._plan.rounds), CONFIRMED)
            await self._settle()

    def _mint_bodies(self) -> list[tuple[int, dict[str, Any]]]:
        bodies: list[tuple[int, dict[str, Any]]] = []
        for mint in (mint for one in self._plan.rounds for mint in one):
            work = self._plan.works[mint.work]
            body: dict[str, Any] = {"contract": self.filled.contracts[mint.work], "standard": work.standard}
            if work.standard == "erc721":
                body["quantity"] = str(mint.quantity)
            else:
                designs = range(1, len(self._plan.drawn[mint.work]) + 1)
                body["items"] = [{"tokenId": str(token), "quantity": str(mint.quantity)} for token in designs]
            bodies.append((mint.who, body))
        return bodies

    def _asked(self, who: int, body: dict[str, Any]) -> Callable[[], Awaitable[Prepared]]:
        return lambda: self._people[who].ask("/v1/mints/prepare", **body)

    async def _approve(self, clock: ChainClock) -> None:
        """The market may move what people sell and pay with; and they wrap some of their money."""
        async with self._phases.phase("approvals", lambda: counted(len(self._people), "wallet")):
            money = [self._calls.wrap(WRAPPED), self._calls.approve_currency()]

            async def one(place: int, person: Resident) -> list[str]:
                sold = [self.filled.contracts[work] for work in self._plan.sells(place)]
                return [await person.send(call) for call in (*money, *map(self._calls.approve_tokens, sold))]

            sent = await asyncio.gather(*(one(place, person) for place, person in enumerate(self._people)))
            await clock.mine(MARKET_OPENS + 1)
            await self._calls.mined([tx_hash for hashes in sent for tx_hash in hashes])

    # -- waiting ------------------------------------------------------------------------------------------------------

    def _settled_of(self, count: int) -> Callable[[], str]:
        """How many of the next `count` intents are ready."""
        before = sum(person.settled for person in self._people)
        return lambda: f"{sum(person.settled for person in self._people) - before} of {count} ready"

    async def _settle(self) -> None:
        await asyncio.gather(*(person.settle() for person in self._people))

    async def _at_once(self, asked: Sequence[Callable[[], Awaitable[Prepared]]]) -> list[Prepared]:
        return list(await asyncio.gather(*(one() for one in asked)))

    async def _read(self) -> None:
        """Until the catalog has read and ranked what the documents say."""
        done, client = 0, self._people[0].client
        every = sum(len(drawn) for drawn in self._plan.drawn)
        singles = [n for n, work in enumerate(self._plan.works) if work.standard == "erc721"]

        async def read() -> bool:
            nonlocal done
            done = 0
            for number, contract in enumerate(self.filled.contracts):
                path = f"/v1/collections/{self._demo.chain_id}/{contract}/tokens"
                tokens = await self._demo.pages(client, path, 100)
                done += sum("name" in token and (number not in singles or "rank" in token) for token in tokens)
            return done == every

        async with self._phases.phase("metadata", lambda: f"{done} of {every} read and ranked"):
            await self._demo.until("the metadata of all tokens is read", read, READ_WITHIN)
