"""The errors of chain nodes. `error_table` decides which error a node's reply means.

No error carries a node's address, because addresses hold API keys.
"""

from __future__ import annotations

from steadymint.domain.errors import CallRevertedError, SteadymintError, UpstreamUnavailableError
from steadymint.domain.upstreams import Upstream


class SilenceError(UpstreamUnavailableError):
    """The endpoint did not answer in the time that the call had. It may be slow, and is the same as before."""


class NodeThrottledError(UpstreamUnavailableError):
    """The node wants fewer requests. `retry_after` is the wait in seconds that the node asked for, if it named one."""

    title = "The chain's node is limiting our requests; try again"


class NoCallsLeftError(NodeThrottledError):
    """The call was not sent, because the endpoints bear no more calls in the time that it has. `retry_after` is when
    they will."""

    title = "The chain's nodes bear no more requests just now; try again"


class BatchThrottledError(NodeThrottledError):
    """Batches were throttled again and again, which may mean that they are batches. It says nothing of the pace."""


class WrongChainError(UpstreamUnavailableError):
    """The endpoint serves a chain other than the registered one; its number may be the same."""

    title = "The chain's node serves another chain than it is registered for"


class ReplyTooLargeError(UpstreamUnavailableError):
    """The reply is larger than our own byte limit. We stop reading it there."""

    title = "The chain's node answered with more than we read"
    retryable = False


class NodeDeclinedError(UpstreamUnavailableError):
    """The endpoint answers with an HTTP status of 4xx and no JSON-RPC: it is there, and does not take this request.
    Another endpoint may."""

    title = "The chain's node does not take this request"


class UnknownBlockError(UpstreamUnavailableError):
    """This node does not have the block: it lags behind the others, or it has pruned the block."""

    title = "The chain's node does not have this block"


class NotIndexedError(UpstreamUnavailableError):
    """This node still builds its index of transactions, and does not find this one by its hash yet. Another may."""

    title = "The chain's node has not indexed its transactions yet"


class NodeRefusedError(SteadymintError):
    """The node understands the request and refuses it. A repeated request is refused as well."""

    upstream = Upstream.NODE
    code = "upstream_refused"
    status = 502
    title = "The chain's node refused the request"


class MethodUnsupportedError(NodeRefusedError):
    """This node lacks the method; another may have it."""

    title = "The chain's node does not serve this method"


class BatchTooLargeError(NodeRefusedError):
    """The words say that a batch is too large. A batch that is refused in any other words is halved as well."""

    title = "The chain's node accepts fewer calls in one batch"


class ExecutionTooLongError(UpstreamUnavailableError):
    """One call took longer than this node allows. The cause may be the contract or the node."""

    title = "The chain's node did not finish the call in the time that it allows"


class RangeTooLargeError(NodeRefusedError):
    """The words say that `eth_getLogs` covers too many blocks or results; a range that is refused in any other words is
    narrowed as well. `suggested` is the range that the provider says would work, or None."""

    title = "The chain's node refuses a range of blocks this wide"
    suggested: tuple[int, int] | None = None


class TransactionRejectedError(NodeRefusedError):
    """The transaction pool rejects a signed transaction: its nonce is used, its fee too low, or its gas over the
    limit."""

    code = "transaction_rejected"
    status = 422
    title = "The chain's node does not accept this transaction"


class ExecutionRevertedError(CallRevertedError):
    """`eth_call` or gas estimation ended in a revert, an invalid opcode or without gas.

    `data` is what the contract returned with the revert. It is empty if the contract returned nothing.
    """

    data: bytes = b""


def of_the_node(error: SteadymintError) -> SteadymintError:
    """The error with the name of the part that failed, for whoever is answered with it."""
    error.extra.setdefault("upstream", Upstream.NODE.value)
    return error


def is_nodes_fault(error: SteadymintError) -> bool:
    """Whether another endpoint may answer the same call: outages, throttles, lag, missing methods."""
    return isinstance(error, UpstreamUnavailableError | MethodUnsupportedError)
