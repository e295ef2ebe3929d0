"""Fake readers of a chain: a test slows them down, stops and halts them, and lets them fail."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from steadymint.domain.index_standing import Pace
from steadymint.domain.indexing import SpanSummary
from steadymint.domain.types import ChainId
from steadymint.indexing.indexed_chain import IndexerHaltedError

CHAIN = ChainId("eip155:31337")


@dataclass
class Reader:
    """Reads one block a millisecond, until told to stop or to fail."""

    progress: Callable[[SpanSummary], None]
    readers: Readers

    async def run(self, stop: asyncio.Event) -> SpanSummary:
        readers = self.readers
        if readers.errors:
            raise readers.errors.pop(0)
        if readers.halted:
            raise IndexerHaltedError("a reorg deeper than we keep")
        readers.running += 1
        readers.began_after.append(len(readers.rewound))
        try:
            while not stop.is_set():
                readers.block += readers.pace_of_reading
                head = readers.block + readers.behind
                self.progress(
                    SpanSummary(
                        checkpoint=readers.block,
                        head=head,
                        head_at=int(time.time() - readers.head_age),
                        trouble=readers.trouble,
                        first_reading=readers.sealing,
                        sealing=readers.sealing,
                        renumbered=readers.renumbered,
                        differed=readers.differed,
                    )
                )
                await asyncio.sleep(0.001)
        finally:
            await asyncio.sleep(readers.ends_after)
            readers.running -= 1
        return SpanSummary(checkpoint=readers.block, head=readers.block + 1, logs=7)

    async def rewind(self, block: int) -> SpanSummary:
        await asyncio.sleep(self.readers.rewinds_for)
        self.readers.rewound.append(block)
        self.readers.halted = False
        self.readers.block = block
        return SpanSummary(checkpoint=block)


@dataclass
class Readers:
    block: int = 0
    running: int = 0
    halted: bool = False
    errors: list[Exception] = field(default_factory=list)
    rewound: list[int] = field(default_factory=list)
    began_after: list[int] = field(default_factory=list)
    """How often it had been rewound when each reading began."""
    ends_after: float = 0
    """Seconds that a reader takes to end once it is told to."""
    rewinds_for: float = 0
    """Seconds."""

    pace_of_reading: int = 1
    """Blocks a millisecond; none where it stands still."""
    behind: int = 1
    trouble: str | None = None
    sealing: bool = False
    head_age: float = 0
    """Seconds since the newest block."""
    mines_seldom: bool = False
    renumbered: int = 0
    differed: dict[int, int] = field(default_factory=dict)
    nodes_asked: int = 0

    async def open(self, chain_id: ChainId, progress: Callable[[SpanSummary], None]) -> Reader:
        assert chain_id == CHAIN
        return Reader(progress, self)

    async def pace(self, chain_id: ChainId) -> Pace:
        return Pace(confirmations=2, block_time=0.001, mines_seldom=self.mines_seldom)

    async def nodes(self, chain_id: ChainId) -> str:
        self.nodes_asked += 1
        return "endpoint 1 at http://127.0.0.1:8545"


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
