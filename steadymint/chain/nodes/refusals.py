"""What an error can be in the answer of a method. Words do not tell: any of them may be said to a batch, or to too many
calls."""

from __future__ import annotations

from typing import Any, Final

from steadymint.chain.nodes.errors import ExecutionTooLongError, NodeRefusedError, NodeThrottledError, UnknownBlockError
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
TIMES: Final = 2
"""Times that the error of one call is taken for a throttle. The endpoint's pace is found by then, so what is said once
more is meant."""
ABOUT_A_HASH: Final = frozenset({"eth_getTransactionByHash", "eth_getTransactionReceipt"})
"""Methods about one transaction, which this node may lack while it has others. They are polled, so a refusal that is
meant for the transaction comes again and again, and each throttle would cut the pace: it is taken for one only once."""


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


class Refusals:
    """Tells throttles of one endpoint that are in other words than the error table has."""

    def __init__(self) -> None:
        self._answered: set[str] = set()
        """Methods of `PLAIN` that the endpoint has answered."""

    def meant(self, method: str, answer: Any, *, crowded: bool, times: int) -> Any:
        """The answer, or the throttle that it means. `times` says how often an error of this call was taken for one.

        An endpoint that has answered the method before, and now refuses it among many calls, refuses the number.
        """
        if not isinstance(answer, SteadymintError):
            if method in PLAIN:
                self._answered.add(method)
            return answer
        most = 1 if method in ABOUT_A_HASH else TIMES
        if isinstance(answer, UpstreamUnavailableError) or not crowded or times >= most:
            return answer  # an outage has pauses of its own, which end sooner
        if method not in self._answered or speaks_of_call(method, answer):
            return answer
        return NodeThrottledError(answer.detail)
