"""Random lives of a market on a real chain, and what the chain says of its orders in the end.

A schedule is what makers and takers do, block by block, with orders that are handed in, with the index and the checker
that follow at times, and with reorgs in between. At its end both have caught up. Then each order of the catalog is
compared with Seaport (`getOrderStatus`, `getCounter`) and with a simulated fill: an order is active if and only if it
can be filled. `python -m tests.support.many_market_schedules` runs thousands.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from web3.contract.contract import ContractFunction

from steadymint.domain.market.submitted import SubmittedOrder
from tests.contracts.harness import calldata
from tests.contracts.order_stage import EVERYTHING, GIVEN
from tests.contracts.seaport import ETHER, checksum, components, parameters
from tests.support.market_truth import faults
from tests.support.market_world import CONFIRMATIONS, LATE, MIDDLE, World, criteria_of, name_of
from tests.support.trading import handed_in

DEEPEST: Final = 6
"""Blocks that a reorg replaces at most."""
GAS: Final = 900_000
"""Of each transaction, more than a fill takes."""

Sent = tuple[str, ContractFunction, int]
"""Who calls what, with which value."""


async def check(world: World, seed: int) -> None:
    """Live one schedule. Raises AssertionError with all that is wrong at its end."""
    life = Life(world, random.Random(seed), clock=world.begun_at)
    await life.live()
    wrong = await faults(world, life.clock)
    assert not wrong, "\n".join([f"schedule {seed}:", *wrong, "after", *life.told])


@dataclass
class Life:
    """One schedule while it is lived."""

    world: World
    chance: random.Random
    clock: int
    """The time of the newest block that there ever was. It does not go back with a reorg."""
    height: int = 0
    """Blocks since the beginning."""
    marks: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """Heights with their snapshots, to which a reorg may go back."""
    told: list[str] = field(default_factory=list[str])
    """What has happened, for whoever looks for a fault."""

    async def live(self) -> None:
        await self.world.go_back()
        chance = self.chance
        await self._hand_in(chance.randint(3, 5))
        for _ in range(chance.randint(5, 10)):
            step = chance.choices(
                [self._block, self._hand_in, self._index, self._check, self._reorg], weights=[10, 2, 4, 4, 3]
            )[0]
            await step()
        # So deep that the index reads all that has happened.
        await self.mined([(self.world.stage.bidder, self._give_back(), 0)], *[[]] * (CONFIRMATIONS - 1))
        await self.follow()

    async def mined(self, *blocks: Sequence[Sent]) -> None:
        """A second each."""
        for block in blocks:
            await self._mine(block)

    async def follow(self) -> None:
        """Have the index and the checker catch up."""
        await self._index()
        await self._check(rounds=20)

    # -- what may happen -----------------------------------------------------------------------------------------------

    async def _block(self) -> None:
        if self.chance.random() < 0.5:
            self.marks.append((self.height, await self.world.rpc("evm_snapshot")))
        seconds = self.chance.choice([1, 1, 1, 1, 12, MIDDLE, LATE])
        sent = [(self.world.stage.bidder, self._give_back(), 0)]
        sent += [self._move() for _ in range(self.chance.randint(1, 3))]
        await self._mine(sent, seconds)

    async def _hand_in(self, most: int = 2) -> None:
        """Orders that their makers have signed; some are known already, or end at once."""
        chosen = self.chance.sample(self.world.orders, self.chance.randint(1, most))
        taken = await self.world.trading.take(*map(handed_in, chosen))
        for order, one in zip(chosen, taken, strict=True):
            self.told.append(f"handed in: {name_of(order)} {one.outcome} {[finding.code for finding in one.findings]}")

    async def _index(self) -> None:
        summary = await self.world.index()
        self.told.append(f"indexed: up to {summary.checkpoint}, {summary.logs} logs, {summary.reorgs} reorgs")

    async def _check(self, rounds: int = 1) -> None:
        for _ in range(rounds):
            done = await self.world.checker.round()
            self.told.append(f"checked: {done}")
            if done.idle:
                break

    async def _reorg(self) -> None:
        """Other blocks in the place of the newest ones, and one more. The index and the checker may see the new
        chain while it is shorter than the old one."""
        marks = [place for place, (height, _) in enumerate(self.marks) if 0 < self.height - height <= DEEPEST]
        if not marks:
            return
        place = self.chance.choice(marks)
        height, snapshot = self.marks[place]
        del self.marks[place:]
        await self.world.rpc("evm_revert", snapshot)
        lost, self.height = self.height - height, height
        self.told.append(f"reorg: {lost} blocks")
        seen_at = self.chance.choice([None, self.chance.randint(1, lost + 1)])
        for mined in range(1, lost + 2):
            await self._mine(
                [self._move() for _ in range(self.chance.randint(0, 2))], self.chance.choice([1, 1, MIDDLE])
            )
            if mined == seen_at:
                await self._index()
                await self._check(rounds=3)

    async def _mine(self, sent: Sequence[Sent], seconds: int = 1) -> None:
        self.clock += seconds
        self.height += 1
        self.told.append(f"block {self.height} at +{self.clock - self.world.begun_at}:")
        for sender, call, value in sent:
            request = {"from": sender, "to": call.address, "data": "0x" + calldata(call).hex(), "value": hex(value)}
            await self.world.rpc("eth_sendTransaction", request | {"gas": hex(GAS)})
            self.told.append(f"    {sender[:6]} {call.fn_name} {str(call.args)[:90]}")
        await self.world.rpc("evm_setNextBlockTimestamp", hex(self.clock))
        await self.world.rpc("evm_mine")

    def _give_back(self) -> ContractFunction:
        """The dealer has the token that fills offers, whatever was sold. Refused if the bidder does not have it."""
        stage = self.world.stage
        return stage.cats.functions.transferFrom(stage.bidder, stage.dealer, GIVEN)

    def _move(self) -> Sent:
        """What the chain refuses changes nothing."""
        stage, chance = self.world.stage, self.chance
        cats, prints, currency = stage.cats.functions, stage.prints.functions, stage.seaport.currency.functions
        seaport = stage.seaport.contract.functions
        seller, bidder, dealer, yes = stage.seller, stage.bidder, stage.dealer, chance.random() < 0.6
        spender = checksum(chance.choice([stage.conduit, stage.seaport.market.seaport]))
        token, amount, order = chance.randint(1, 3), chance.randint(0, 8 * ETHER), chance.choice(self.world.orders)
        maker = checksum(order.read.maker)
        moves: list[Callable[[], Sent]] = [
            lambda: (seller, cats.transferFrom(seller, bidder, token), 0),
            lambda: (bidder, cats.transferFrom(bidder, seller, token), 0),
            lambda: (dealer, cats.transferFrom(dealer, seller, token), 0),
            lambda: (seller, prints.safeTransferFrom(seller, dealer, 4, token, b""), 0),
            lambda: (dealer, prints.safeTransferFrom(dealer, seller, 4, token, b""), 0),
            lambda: (seller, cats.setApprovalForAll(spender, yes), 0),
            lambda: (seller, prints.setApprovalForAll(spender, yes), 0),
            lambda: (seller, cats.approve(spender, token), 0),
            lambda: (bidder, currency.approve(spender, EVERYTHING if yes else amount), 0),
            lambda: (bidder, currency.transfer(dealer, 3 * amount), 0),
            lambda: (dealer, currency.transfer(bidder, amount), 0),
            lambda: (bidder, currency.withdraw(2 * amount), 0),
            lambda: (bidder, currency.deposit(), amount),
            lambda: (dealer, seaport.validate([(parameters(order.components), order.signature)]), 0),
            *[lambda: self._fill(order)] * 4,
        ]
        if chance.random() < 0.06:
            return maker, seaport.cancel([components(order.components)]), 0
        if chance.random() < 0.02:
            return maker, seaport.incrementCounter(), 0
        return chance.choice(moves)()

    def _fill(self, order: SubmittedOrder) -> Sent:
        """The dealer fills some of it."""
        stage, read = self.world.stage, order.read
        part = (self.chance.randint(1, read.quantity), read.quantity) if read.in_parts else (1, 1)
        call = stage.seaport.fulfill(order.components, order.signature, part=part, criteria=criteria_of(order))
        return stage.dealer, call, 50 * ETHER if read.currency is None else 0
