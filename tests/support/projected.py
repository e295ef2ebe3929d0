"""Forged logs, folded and projected into a real database: batches and rollbacks without a node."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from steadymint.domain.keccak import topic_of
from steadymint.domain.market.others.blur import POOL
from steadymint.domain.market.policy import Currency
from steadymint.domain.types import Address, ChainId
from steadymint.indexing.fold import Fold
from steadymint.indexing.projection import Projection, no_fault
from steadymint.indexing.reading.columns import Scanner
from steadymint.indexing.reading.logs import Header, Log
from steadymint.indexing.reading.source import Span
from steadymint.indexing.rollback import Rollback
from steadymint.indexing.store.writer import Checkpoint, Writer
from steadymint.indexing.subjects.collections.topics import CREATED, INIT_TYPE
from steadymint.indexing.subjects.movements.seal import Seal
from steadymint.indexing.subjects.movements.topics import TRANSFER
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CAROL,
    CATS,
    CHAIN,
    EDITIONS,
    FACTORY,
    MAX,
    ROLES,
    WRAPPED,
    ZERO,
    abi,
    batch,
    log,
    reply_of,
    single,
    topic,
    transfer,
)
from tests.support.forged_trades import Trading

APPROVAL = topic_of("Approval(address,address,uint256)")
PEOPLE = (ALICE, BOB, CAROL)
IN_POOL = Address("0x" + "b1" * 20)
MONEY: dict[str | None, Currency] = {
    None: Currency("ETH", 18, is_native=True),
    WRAPPED: Currency("WETH", 18, is_native=True),
    IN_POOL: Currency("BETH", 18, is_native=True),
}


def creation(collection: str, kind: int, **place: int) -> Log:
    init = (ALICE, "Name", "SYM", "ipfs://b/", "ipfs://c", 0, 100, ALICE, ALICE, (5, 0, 0, 0, b"\0" * 32))
    data = abi(["uint8", "address", INIT_TYPE], kind, BOB, init)
    salt = topic(int(collection, 16))
    return log(FACTORY, [CREATED, topic(collection), topic(ALICE), salt], data, **place)


def header(block: int) -> Header:
    """As `forged_logs.log` numbers, hashes and dates its blocks."""
    time = hex(1_700_000_000 + 12 * block)
    return Header(hex(block), f"0x{block:064x}", f"0x{max(block - 1, 0):064x}", time)


class Projected:
    """One database, one chain."""

    def __init__(self, writer: Writer, checkpoint: Checkpoint, dsn: str) -> None:
        self.writer = writer
        self.dsn = dsn
        self.projection = Projection(
            writer,
            chain_number=int(writer.chain_id.partition(":")[2]),
            decimals=18,
            money=MONEY,
            pools={POOL: IN_POOL},
        )
        self.checkpoint = checkpoint

    async def take(self, logs: Iterable[Log], upto: int) -> None:
        """One batch, which ends with the block `upto`."""
        children = await self.writer.children()
        fold = Fold(self.writer.chain_id, ROLES, children, await self.writer.launched())
        reply = reply_of(list(logs), Scanner(TRANSFER) if self.writer.in_history else None)
        fold.take(Span(header(upto), header(upto), [reply], []))
        rendered = self.projection.render(fold.batch, children)
        self.checkpoint = await self.projection.commit(rendered, self.checkpoint, [header(upto)], upto)

    async def take_beside(self, logs: Iterable[Log]) -> None:
        """As a piece of an import: the checkpoint stands still."""
        children = await self.writer.children()
        fold = Fold(self.writer.chain_id, ROLES, children)
        fold.add(list(logs))
        rendered = self.projection.render(fold.batch, children)
        await self.projection.number(rendered)
        async with self.writer.connection.transaction():
            await self.projection.note_processed(rendered.batch)
            await self.projection.project(rendered)

    async def seal(self) -> None:
        """The first reading is done, if it was begun as one."""
        if self.writer.in_history:
            await Seal(self.writer, self.dsn, no_fault).run(self.checkpoint)

    async def take_all(self, blocks: Sequence[list[Log]], chance: random.Random) -> None:
        """The blocks 1, 2, ..., in batches of random width."""
        done = self.checkpoint.block
        while done < len(blocks):
            upto = min(done + chance.choice((1, 1, 2, 5, 30)), len(blocks))
            await self.take([one for block in blocks[done:upto] for one in block], upto)
            done = upto

    async def back_to(self, block: int) -> None:
        self.checkpoint = await Rollback(self.writer, self.projection).to(block, header(block).hash, self.checkpoint)


@asynccontextmanager
async def projected(dsn: str, *, history: bool = False) -> AsyncIterator[Projected]:
    """From block 0 on, or from where the last one stopped; with `history` it is a first reading until it is sealed."""
    writer = await Writer.open(dsn, ChainId(CHAIN))
    try:
        yield await begun(writer, dsn, history=history)
    finally:
        await writer.close()


async def begun(writer: Writer, dsn: str, *, history: bool = False) -> Projected:
    """The same over a writer of one's own."""
    return Projected(writer, await writer.start(0, header(0).hash, history=history), dsn)


WIDE = (0, 7, 10**12 - 1, 10**12, 2**63, 2**200 + 1, MAX - 1, MAX)
"""Token ids of all sizes."""


def history(
    chance: random.Random,
    blocks: int,
    *,
    lies: float = 0.0,
    ids: Sequence[int] = range(8),
    logs: int = 4,
    trades: float = 0.0,
) -> list[list[Log]]:
    """Mints, moves and burns in blocks 1, 2, ... of one collection of each standard, created in the first; fewer than
    `logs` of them in a block. A share of `lies` of the logs fits nothing that was said before, and a share of `trades`
    is about orders."""
    story, trading = _Story(chance, lies, ids), Trading(chance)
    told = [[creation(CATS, 0, block=1, index=0), creation(EDITIONS, 1, block=1, index=1)]]
    for block in range(2, blocks + 1):
        said: list[Log] = []
        for _ in range(chance.randrange(logs)):
            index = len(said)
            said += trading.next(block, index) if chance.random() < trades else [story.next(block, index)]
        told.append(said)
    return told


class _Story:
    """What honest contracts would say, and now and then something else."""

    def __init__(self, chance: random.Random, lies: float, ids: Sequence[int]) -> None:
        self._chance, self._lies, self._ids = chance, lies, ids
        self._owners: dict[int, str] = {}
        self._held: dict[tuple[int, str], int] = {}

    def next(self, block: int, index: int) -> Log:
        place = {"block": block, "index": index}
        tell = self._chance.choice((*(self._cats, self._editions) * 4, self._cats, *(self._approval,) * 3))
        return tell(place)

    def _approval(self, place: dict[str, int]) -> Log:
        """Of one cat, by its owner, or by somebody else where the contract lies."""
        token_id, operator = self._chance.choice(self._ids), self._anybody()
        owner = self._owners.get(token_id, ALICE)
        if owner == ZERO or self._chance.random() < self._lies:
            owner = self._chance.choice(PEOPLE)
        return log(CATS, [APPROVAL, topic(owner), topic(operator), topic(token_id)], **place)

    def _anybody(self) -> str:
        return self._chance.choice((*PEOPLE, ZERO))

    def _cats(self, place: dict[str, int]) -> Log:
        token_id = self._chance.choice(self._ids)
        sender, recipient = self._owners.get(token_id, ZERO), self._anybody()
        if self._chance.random() < self._lies:
            return transfer(self._anybody(), recipient, token_id, **place)
        if sender == recipient == ZERO:
            recipient = ALICE
        self._owners[token_id] = recipient
        return transfer(sender, recipient, token_id, **place)

    def _editions(self, place: dict[str, int]) -> Log:
        token_ids = [self._chance.choice(self._ids[:4]) for _ in range(self._chance.choice((1, 1, 3)))]
        quantities = [self._chance.randrange(5) for _ in token_ids]
        sender, recipient = self._chance.choice((*PEOPLE, ZERO, ZERO)), self._anybody()
        if self._chance.random() >= self._lies:
            held = {token_id: self._held.get((token_id, sender), 0) for token_id in token_ids}
            if sender != ZERO:
                for at, token_id in enumerate(token_ids):
                    quantities[at] = min(quantities[at], held[token_id])
                    held[token_id] -= quantities[at]
            elif recipient == ZERO:
                recipient = BOB
            for token_id, quantity in zip(token_ids, quantities, strict=True):
                for account, change in ((sender, -quantity), (recipient, quantity)):
                    self._held[token_id, account] = self._held.get((token_id, account), 0) + change
        if len(token_ids) == 1:
            return single(sender, recipient, token_ids[0], quantities[0], **place)
        return batch(sender, recipient, token_ids, quantities, **place)
