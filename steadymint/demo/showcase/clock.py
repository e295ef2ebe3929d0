"""The clock of a local chain, which the showcase turns back by weeks."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Final, Self

from steadymint.stack.chain_node import ChainNode

HOUR: Final = 3600


class ChainClock:
    """An async context manager. Inside it, blocks are as old as they are asked to be; afterwards the chain's time is
    the machine's again, whatever has happened.

    A chain that has blocks of today goes back once, when the clock is taken. The blocks that its node makes by itself
    meanwhile continue from the last one.
    """

    def __init__(self, node: ChainNode, opening: float) -> None:
        """`opening`: how many hours ago the first block is."""
        self._node = node
        self._opening = opening
        self.now = int(time.time())
        """Unix seconds; "ago" means before this moment."""

    async def __aenter__(self) -> Self:
        await self._node.rpc("evm_setTime", self.at(self._opening))
        await self._node.mine()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._node.rpc("evm_setTime", int(time.time()))
        await self._node.mine()

    def at(self, ago: float) -> int:
        """Unix seconds of a moment, given in hours."""
        return self.now - round(ago * HOUR)

    async def mine(self, ago: float) -> None:
        """A block of that moment. Moments must not go back."""
        await self._node.rpc("evm_setNextBlockTimestamp", self.at(ago))
        await self._node.mine()

    async def deeper(self, blocks: int) -> None:
        """So many further blocks, right after the last one."""
        await self._node.mine(blocks)

    @asynccontextmanager
    async def moment(self, ago: float) -> AsyncGenerator[None]:
        """Inside it, what is sent gets into blocks of that moment. Moments must not go back.

        The chain is brought there before anything is sent: a node that takes transactions at once, or makes blocks by
        itself, would otherwise take them into a block of the moment before.
        """
        await self.mine(ago)
        yield
        await self.deeper(1)
