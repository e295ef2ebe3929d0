"""What the outcome of a request says of its endpoint."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter

from steadymint.chain.nodes.endpoint import Endpoint
from steadymint.chain.nodes.errors import (
    ExecutionTooLongError,
    MethodUnsupportedError,
    NodeDeclinedError,
    NodeThrottledError,
    NotIndexedError,
    ReplyTooLargeError,
    UnknownBlockError,
    WrongChainError,
)
from steadymint.chain.nodes.questions import Question
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.types import ChainId

WRONG_CHAIN_COOL_DOWN: Final = 60.0
"""Seconds for which an endpoint that serves another chain is not asked."""

_requests = Counter("steadymint_rpc_requests", "JSON-RPC requests by outcome", ["chain", "endpoint", "outcome"])

_ANSWERS: Final = (
    UnknownBlockError,
    MethodUnsupportedError,
    ReplyTooLargeError,
    ExecutionTooLongError,
    NodeDeclinedError,
    NotIndexedError,
)
"""Errors of a node that is well and says something of the call."""


class Outcomes:
    """Counts the outcomes of the requests of one chain, and tells the endpoints."""

    def __init__(self, chain_id: ChainId) -> None:
        self._chain_id = chain_id

    def answered(self, endpoint: Endpoint, calls: int, sent_at: float) -> None:
        endpoint.pace.answered(calls, sent_at)
        endpoint.succeeded()
        self._count(endpoint, "answered")

    def ended(
        self, endpoint: Endpoint, question: Question, error: SteadymintError, started: float, sent_at: float
    ) -> None:
        """A request ended in this error. A lagging node, a revert and a call that takes too long are answers. Silence
        and unreadable replies count against the endpoint; throttles set its pace."""
        outcome = "refused"
        if isinstance(error, WrongChainError):
            outcome = "wrong_chain"
            endpoint.pause(WRONG_CHAIN_COOL_DOWN)
        elif isinstance(error, NodeThrottledError):
            outcome = "throttled"
            if error.retry_after or question.anywhere or not question.is_large:
                endpoint.throttled(error, sent_at, is_large=question.is_large)
        elif isinstance(error, UpstreamUnavailableError) and not isinstance(error, _ANSWERS):
            outcome = "failed"
            if not question.is_large:
                endpoint.failed(error, started)
        else:
            endpoint.pace.answered(1, sent_at)
            if not isinstance(error, _ANSWERS):
                endpoint.succeeded()
        self._count(endpoint, outcome)

    def _count(self, endpoint: Endpoint, outcome: str) -> None:
        _requests.labels(self._chain_id, endpoint.config.id, outcome).inc()
