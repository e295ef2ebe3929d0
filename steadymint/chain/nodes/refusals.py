"""What an error can be in the answer of a method. Words do not tell: any of them may be said to a batch, or to too many
calls."""

from __future__ import annotations

from typing import Final

from steadymint.chain.nodes.errors import ExecutionTooLongError, NodeRefusedError, UnknownBlockError
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError

PLAIN: Final = frozenset(
    {
        "eth_chainId",
        "eth_blockNumber",
        "eth_getBlockByNumber",
        "eth_getBlockByHash",
        "eth_getTransactionByHash",
        "eth_getTransactionReceipt",
    }
)
"""Methods that run no contract and ask for no state: a chain has nothing in them to refuse."""


def speaks_of_call(method: str, error: SteadymintError) -> bool:
    """Whether the error is one that a call of this method has of its own: the block is unknown or, where contracts are
    run, they failed. Any other error may be meant for how the call was sent."""
    if isinstance(error, UnknownBlockError):
        return True
    if method in PLAIN:
        return False
    return isinstance(error, ExecutionTooLongError) or not isinstance(
        error, NodeRefusedError | UpstreamUnavailableError
    )
