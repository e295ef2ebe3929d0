"""When a contract was created: before the checkpoint or not, and in which block, by bisection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from steadymint.chain.nodes.errors import NodeRefusedError, UnknownBlockError
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.upstreams import Upstream

CodeAt = Callable[[int], Awaitable[bytes]]
"""The contract's code after a block. Raises UnknownBlockError if the node keeps no state so old."""

NO_STATE: Final[tuple[type[SteadymintError], ...]] = (UnknownBlockError, NodeRefusedError)
"""The errors of nodes that are no archive."""
BEHIND: Final = 2.0
"""Seconds until the next look at an indexer that has not come as far as the contract's creation."""


def not_indexed() -> UpstreamUnavailableError:
    """The contract's creation is not indexed yet."""
    return UpstreamUnavailableError(
        "The indexer has not come as far as this contract", retry_after=BEHIND, upstream=Upstream.INDEX
    )


async def check_created(code_at: CodeAt, checkpoint: int) -> None:
    """Check that the contract has code after the checkpoint's block. Without it, its creation may be yet to come: that
    of one of our own collections. A node that is no archive can tell, once the checkpoint is near the head.

    Raises:
        UpstreamUnavailableError: it has none, or the node does not say so.
    """
    try:
        code = await code_at(checkpoint) if checkpoint >= 0 else b""
    except NO_STATE:
        raise not_indexed() from None
    if not code:
        raise not_indexed()


async def first_block(code_at: CodeAt, last: int) -> tuple[int, bool]:
    """The first block that can hold a log of the contract, and whether it is the block of its creation. The contract
    must have code after block `last`.

    It takes some 25 calls for a chain of 20,000,000 blocks. If the node keeps no old state, the block is as early as
    needed: some blocks without logs are read, and none with logs is missed. A contract that was destroyed and created
    again at the same address has several creations; one of them is found.
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
