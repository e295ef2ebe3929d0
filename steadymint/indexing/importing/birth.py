"""The block from which on a contract can have logs: the first in which it has code, by bisection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from steadymint.chain.nodes.errors import NodeRefusedError, UnknownBlockError
from steadymint.domain.errors import SteadymintError

CodeAt = Callable[[int], Awaitable[bytes]]
"""The contract's code after a block; raises UnknownBlockError where the node has no state so old."""

NO_STATE: Final[tuple[type[SteadymintError], ...]] = (UnknownBlockError, NodeRefusedError)
"""How nodes say that they are no archive."""


async def first_block(code_at: CodeAt, last: int) -> tuple[int, bool]:
    """The first block that can hold a log of the contract, given that it has code after block `last`; and whether that
    is the block of its birth.

    Asks some 25 times for a chain of 20,000,000 blocks. A node that keeps no old state narrows it as far as it can:
    every block below is then read in vain, and none is missed. A contract that was destroyed and made again at the
    same address has several births, of which one is found.
    """
    without, having = -1, last
    while having - without > 1:
        middle = (without + having) // 2
        try:
            code = await code_at(middle)
        except NO_STATE:
            return without + 1, False
        if code:
            having = middle
        else:
            without = middle
    return having, True
