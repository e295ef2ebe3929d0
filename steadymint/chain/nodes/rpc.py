"""JSON-RPC to one chain over several endpoints: failover, rate limits, time limits, and the check of the chain."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import orjson
from prometheus_client import Counter

from steadymint.chain.nodes.endpoint import Endpoint, EndpointConfig
from steadymint.chain.nodes.errors import (
    BatchTooLargeError,
    ExecutionTooLongError,
    MethodUnsupportedError,
    NodeThrottledError,
    ReplyTooLargeError,
    UnknownBlockError,
    WrongChainError,
    is_nodes_fault,
    of_the_node,
)
from steadymint.chain.nodes.transport import (
    LONGEST_ERROR,
    MAX_REPLY,
    Transport,
    parse_reply,
    result_of,
    result_or_error,
)
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.types import ChainId, chain_number

DEFAULT_TIMEOUT: Final = 10.0
"""Seconds for one call over all endpoints."""
BATCH_SIZE: Final = 100
"""Calls in one HTTP request. Every provider we know accepts this many."""
BATCHES_IN_FLIGHT: Final = 3
WRONG_CHAIN_COOL_DOWN: Final = 60.0
"""Seconds for which an endpoint that serves another chain is not asked."""

_ERROR_FIRST: Final = re.compile(rb'"error"\s*:')

_requests = Counter("steadymint_rpc_requests", "JSON-RPC requests by outcome", ["chain", "endpoint", "outcome"])

Call = tuple[str, Sequence[Any]]
"""Method and parameters."""


class RpcClient:
    """The JSON-RPC client of one chain. Share one per process; any number of tasks may use it.

    Each method raises `UpstreamUnavailableError` (or a narrower error of `nodes.errors`) when no endpoint answers in
    time. It raises the typed error of the error table when the chain itself refuses. `timeout` is in seconds and covers
    everything: the wait for the rate limit, the check of the chain, and all endpoints.
    """

    def __init__(
        self,
        chain_id: ChainId,
        endpoints: Sequence[EndpointConfig],
        *,
        genesis_hash: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        max_reply: int = MAX_REPLY,
    ) -> None:
        self.chain_id = chain_id
        self._number = chain_number(chain_id)
        self._genesis_hash = genesis_hash
        self._timeout = timeout
        self._endpoints = [Endpoint(config) for config in endpoints]
        self._verifying = {endpoint: asyncio.Lock() for endpoint in self._endpoints}
        self._transport = Transport(chain_id, max_reply)

    async def __aenter__(self) -> RpcClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._transport.close()

    async def call(self, method: str, params: Sequence[Any] = (), *, timeout: float | None = None) -> Any:
        """The `result` of one call."""
        return result_of(parse_reply(await self.raw(method, params, timeout=timeout)))

    async def raw(self, method: str, params: Sequence[Any] = (), *, timeout: float | None = None) -> bytes:
        """The whole reply `{"jsonrpc", "id", "result"}` in bytes, for callers that decode it into their own types.

        A reply with an error is raised as that error.
        """
        body = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})

        async def ask(endpoint: Endpoint, seconds: float) -> bytes:
            reply = await self._transport.post(endpoint, body, seconds)
            if len(reply) < LONGEST_ERROR or _ERROR_FIRST.search(reply, 0, 256):
                result_of(parse_reply(reply))
            return reply

        return await self._over_endpoints(ask, 1, timeout)

    async def batch(self, calls: Sequence[Call], *, timeout: float | None = None) -> list[Any | SteadymintError]:
        """The results in the order of `calls`. A call that the node refused has its typed error in place of a result.

        The calls are sent in chunks of at most `BATCH_SIZE`. An error is raised only if a whole chunk has no answer.
        `timeout` is per chunk.
        """
        gate = asyncio.Semaphore(BATCHES_IN_FLIGHT)

        async def send(chunk: Sequence[Call]) -> list[Any | SteadymintError]:
            async with gate:
                return await self._over_endpoints(
                    lambda endpoint, seconds: self._ask_batch(endpoint, chunk, seconds), len(chunk), timeout
                )

        chunks = [calls[at : at + BATCH_SIZE] for at in range(0, len(calls), BATCH_SIZE)]
        if len(chunks) == 1:
            return await send(chunks[0])
        replies = await asyncio.gather(*(send(chunk) for chunk in chunks))
        return [answer for reply in replies for answer in reply]

    async def _over_endpoints(self, ask: Callable[[Endpoint, float], Any], cost: int, timeout: float | None) -> Any:
        """Ask one endpoint after another until one answers. A refusal by the chain is an answer."""
        deadline = asyncio.get_running_loop().time() + (timeout or self._timeout)
        last: SteadymintError | None = None
        candidates = self._candidates(cost)
        for index, endpoint in enumerate(candidates):
            remaining = deadline - asyncio.get_running_loop().time()
            if remaining <= 0:
                break
            # A node that hangs must leave time for the endpoints after it.
            share = remaining / (len(candidates) - index)
            try:
                return await self._attempt(endpoint, ask, cost, share)
            except SteadymintError as error:
                if not is_nodes_fault(error):
                    raise
                last = of_the_node(error)
                if isinstance(error, ReplyTooLargeError):
                    raise
        raise last or of_the_node(self._no_endpoint())

    async def _attempt(
        self, endpoint: Endpoint, ask: Callable[[Endpoint, float], Any], cost: int, seconds: float
    ) -> Any:
        wait = endpoint.bucket.wait_for(cost)
        if wait >= seconds:  # this is our own limit; the node is healthy
            raise NodeThrottledError(f"The rate limit of {endpoint.name} is used up", retry_after=wait)
        started = endpoint.now()
        try:
            async with asyncio.timeout(seconds):
                if (wait := endpoint.bucket.take(cost)) > 0:
                    await asyncio.sleep(wait)
                if endpoint.needs_verification():
                    await self._verify(endpoint, seconds)
                answer = await ask(endpoint, seconds)
        except TimeoutError:
            silence = UpstreamUnavailableError(f"{endpoint.name} of {self.chain_id} did not answer in time")
            self._note(endpoint, silence, started)
            raise silence from None
        except SteadymintError as error:
            self._note(endpoint, error, started)
            raise
        endpoint.succeeded()
        _requests.labels(self.chain_id, endpoint.config.id, "answered").inc()
        return answer

    def _note(self, endpoint: Endpoint, error: SteadymintError, started: float) -> None:
        """Count the outcome. A lagging node, a revert and a call that takes too long are answers. Silence, throttles
        and unreadable replies count against the endpoint."""
        if isinstance(error, WrongChainError):
            outcome = "wrong_chain"
            endpoint.pause(WRONG_CHAIN_COOL_DOWN)
        elif isinstance(error, UnknownBlockError | MethodUnsupportedError | ReplyTooLargeError | ExecutionTooLongError):
            outcome = "refused"
        elif isinstance(error, UpstreamUnavailableError):
            outcome = "throttled" if isinstance(error, NodeThrottledError) else "failed"
            endpoint.failed(error, started)
        else:
            outcome = "refused"
            endpoint.succeeded()
        _requests.labels(self.chain_id, endpoint.config.id, outcome).inc()

    def _candidates(self, cost: int) -> list[Endpoint]:
        """Endpoints that may be asked, by priority. Within one priority the order is random by weight. Endpoints that
        must wait for their rate limit come last."""

        def rank(endpoint: Endpoint) -> tuple[bool, int, float]:
            waits = endpoint.bucket.wait_for(cost) > 0
            # Exponential variates with rate `weight`: the smallest is the weighted random choice.
            return waits, endpoint.config.priority, random.expovariate(max(1, endpoint.config.weight))

        return sorted((e for e in self._endpoints if not e.cooling()), key=rank)

    def _no_endpoint(self) -> UpstreamUnavailableError:
        pauses = [endpoint.cooling() for endpoint in self._endpoints]
        if not pauses:
            return UpstreamUnavailableError(f"{self.chain_id} has no active endpoint")
        return UpstreamUnavailableError(f"All endpoints of {self.chain_id} are paused", retry_after=min(pauses))

    async def _verify(self, endpoint: Endpoint, seconds: float) -> None:
        """Check that the endpoint serves our chain: its number and, if one is pinned, the hash of its first block."""
        async with self._verifying[endpoint]:
            if not endpoint.needs_verification():
                return
            found = await self._single(endpoint, "eth_chainId", (), seconds)
            if _int_or_none(found) != self._number:
                raise WrongChainError(f"{endpoint.name} does not serve {self.chain_id}")
            if self._genesis_hash is not None and not await self._starts_at(endpoint, self._genesis_hash, seconds):
                raise WrongChainError(f"{endpoint.name} serves another chain numbered like {self.chain_id}")
            endpoint.verified()

    async def _starts_at(self, endpoint: Endpoint, genesis_hash: str, seconds: float) -> bool:
        """Whether the chain starts at the pinned block. Block 1 is asked for too: a restarted development node serves a
        new block 0, and only the parent of block 1 names the block that the chain was built on."""
        for number, member in (("0x0", "hash"), ("0x1", "parentHash")):
            block = await self._single(endpoint, "eth_getBlockByNumber", (number, False), seconds)
            if isinstance(block, dict) and block.get(member) == genesis_hash:
                return True
        return False

    async def _single(self, endpoint: Endpoint, method: str, params: Sequence[Any], seconds: float) -> Any:
        endpoint.bucket.take(1)
        body = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        return result_of(parse_reply(await self._transport.post(endpoint, body, seconds)))

    async def _ask_batch(
        self, endpoint: Endpoint, calls: Sequence[Call], seconds: float
    ) -> list[Any | SteadymintError]:
        limit = endpoint.batch_limit or len(calls)
        answers: list[Any | SteadymintError] = []
        for at in range(0, len(calls), limit):
            part = calls[at : at + limit]
            try:
                answers += await self._post_batch(endpoint, part, seconds)
            except BatchTooLargeError:
                if len(part) == 1:
                    raise
                endpoint.batch_limit = max(1, len(part) // 2)
                return answers + await self._ask_batch(endpoint, calls[at:], seconds)
        return answers

    async def _post_batch(
        self, endpoint: Endpoint, calls: Sequence[Call], seconds: float
    ) -> list[Any | SteadymintError]:
        request = [
            {"jsonrpc": "2.0", "id": index, "method": method, "params": params}
            for index, (method, params) in enumerate(calls)
        ]
        reply = parse_reply(await self._transport.post(endpoint, orjson.dumps(request), seconds))
        if not isinstance(reply, list):  # one error for the whole batch
            result_of(reply)
            raise UpstreamUnavailableError(f"{endpoint.name} answered a batch with something else")
        answers: list[Any | SteadymintError] = [
            UpstreamUnavailableError(f"{endpoint.name} left out a part of a batch") for _ in calls
        ]
        for item in reply:
            index = item.get("id") if isinstance(item, dict) else None
            if isinstance(index, int) and 0 <= index < len(calls):
                answers[index] = result_or_error(item)
        throttled = next((a for a in answers if isinstance(a, NodeThrottledError)), None)
        if throttled is not None:  # another endpoint is asked for the whole batch
            raise throttled
        return answers


def _int_or_none(value: Any) -> int | None:
    try:
        return int(value, 16)
    except (TypeError, ValueError):
        return None
