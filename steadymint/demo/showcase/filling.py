"""Does what the plan says: through the API, with signatures of the people's keys, and by real transactions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Final

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
from steadymint_client import models

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
        socials = None if character.website is None else models.Socials(website=character.website)
        words = models.MeChange(
            username=person.username, display_name=character.name, bio=character.bio, socials=socials
        )
        await person.api.patch_me(words)

    async def _follow(self, place: int) -> None:
        """The artists are followed by most, the others by a few."""
        for other, followed in enumerate(self._people):
            known = other < len(self._plan.works) or (place + other) % 4 == 0
            if other != place and known and (place * other) % 5 != 3:
                await self._people[place].api.follow_user(followed.username)

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
            banker = self._people[BANKER]
            coin = models.PrepareLaunchBody(
                chain_id=self._demo.chain_id,
                name="Harbour Coin",
                symbol=f"HRBR{'' if self._seed == 1 else self._seed}",
                supply=str(SUPPLY * ETHER),
                description="What is paid on the quay.",
                icon_media_id=icon,
                burnable=True,
            )
            *prepared, launch = await asyncio.gather(*asked, banker.ask(banker.api.prepare_launch, coin))
            for number, one in enumerate(prepared):
                async with clock.moment(OPENING - 12 * number):
                    await self._people[number].carry_out(one)
            async with clock.moment(OPENING - 12 * len(prepared)):
                await banker.carry_out(launch)
            await clock.deeper(CONFIRMED)
            await self._settle()
            self.filled.contracts = [one.preview_address or "" for one in prepared]
            self.filled.coin = launch.preview_address or ""

    def _collection(self, number: int, published: Published) -> Awaitable[Prepared]:
        artist, work = self._people[number], self._plan.works[number]
        body = models.PrepareCollectionBody(
            chain_id=self._demo.chain_id,
            standard=work.standard,
            name=work.name,
            symbol=work.symbol,
            description=work.description,
            royalty_bps=work.royalty_bps,
            base_uri=published.base_uri,
            image_media_id=published.image,
            banner_media_id=published.banner,
            max_supply=str(len(self._plan.drawn[number])) if work.standard == "erc721" else None,
            mint=models.MintRulesBody(price=str(round(work.price * ETHER / 20))),
        )
        return artist.ask(artist.api.prepare_collection, body)

    async def _mint(self, clock: ChainClock) -> None:
        """All is prepared at once, because no mint needs another one. Each round is a block, some hours apart."""
        mints = [mint for one in self._plan.rounds for mint in one]
        async with self._phases.phase("mints", self._settled_of(len(mints))):
            prepared = iter(await self._at_once([self._asked(*mint_of) for mint_of in self._mint_bodies()]))
            last = OPENING - 12 * len(self._plan.works)
            for number, one in enumerate(self._plan.rounds):
                async with clock.moment(last - 1 - number):
                    await asyncio.gather(*(self._people[mint.who].carry_out(next(prepared)) for mint in one))
            await clock.deeper(CONFIRMED)
            await self._settle()

    def _mint_bodies(self) -> list[tuple[int, models.PrepareMintBody]]:
        bodies: list[tuple[int, models.PrepareMintBody]] = []
        for mint in (mint for one in self._plan.rounds for mint in one):
            work = self._plan.works[mint.work]
            quantity, designs = str(mint.quantity), range(1, len(self._plan.drawn[mint.work]) + 1)
            body = models.PrepareMintBody(
                chain_id=self._demo.chain_id, contract=self.filled.contracts[mint.work], standard=work.standard
            )
            if work.standard == "erc721":
                body.quantity = quantity
            else:
                body.items = [models.MintItemBody(token_id=str(token), quantity=quantity) for token in designs]
            bodies.append((mint.who, body))
        return bodies

    def _asked(self, who: int, body: models.PrepareMintBody) -> Callable[[], Awaitable[Prepared]]:
        person = self._people[who]
        return lambda: person.ask(person.api.prepare_mint, body)

    async def _approve(self, clock: ChainClock) -> None:
        """The market may move what people sell and pay with; and they wrap some of their money."""
        async with self._phases.phase("approvals", lambda: counted(len(self._people), "wallet")):
            money = [self._calls.wrap(WRAPPED), self._calls.approve_currency()]

            async def one(place: int, person: Resident) -> list[str]:
                sold = [self.filled.contracts[work] for work in self._plan.sells(place)]
                return [await person.send(call) for call in (*money, *map(self._calls.approve_tokens, sold))]

            async with clock.moment(MARKET_OPENS + 1):
                sent = await asyncio.gather(*(one(place, person) for place, person in enumerate(self._people)))
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
                async for token in client.items(client.api.list_tokens, self._demo.chain_id, contract, limit=100):
                    ranked = token.rank is not None or number not in singles
                    done += token.name is not None and ranked
            return done == every

        async with self._phases.phase("metadata", lambda: f"{done} of {every} read and ranked"):
            await self._demo.until("the metadata of all tokens is read", read, READ_WITHIN)
