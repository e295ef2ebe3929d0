"""JSON-RPC to one chain over several endpoints: failover, throttles, time and size limits, and proof of the chain."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import aiohttp
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
    from_http,
    from_json_rpc,
    is_nodes_fault,
)
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.types import ChainId, chain_number

DEFAULT_TIMEOUT: Final = 10.0
"""Seconds for one call over all endpoints."""
MAX_REPLY: Final = 64 * 1024 * 1024
"""Bytes of a reply, decompressed. Log ranges are sized to 2-3 MB; this only stops a runaway."""
BATCH_SIZE: Final = 100
"""Calls in one HTTP request: every provider we know takes as many."""
BATCHES_IN_FLIGHT: Final = 3
WRONG_CHAIN_COOL_DOWN: Final = 60.0
"""Seconds that an endpoint of another chain is left alone."""
CONNECTIONS_PER_HOST: Final = 32

_LARGE: Final = 64 * 1024  # no node sends an error this long, so a longer reply is not parsed just to look for one
_ERROR_FIRST: Final = re.compile(rb'"error"\s*:')

_requests = Counter("steadymint_rpc_requests", "JSON-RPC requests by outcome", ["chain", "endpoint", "outcome"])

Call = tuple[str, Sequence[Any]]
"""Method and parameters."""


class RpcClient:
    """Typed-error JSON-RPC for one chain. Share one per process; safe for any number of tasks.

    Each method raises `UpstreamUnavailableError` (or a narrower one of `nodes.errors`) when no endpoint
    gives an answer in time, and the typed error of the table when the chain itself says no. `timeout` is in seconds
    and covers everything: waiting for the rate limit, proof of the chain, all endpoints.
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
        self._max_reply = max_reply
        self._endpoints = [Endpoint(config) for config in endpoints]
        self._verifying = {endpoint: asyncio.Lock() for endpoint in self._endpoints}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> RpcClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, method: str, params: Sequence[Any] = (), *, timeout: float | None = None) -> Any:
        """The `result` of one call."""
        return _result_of(_parse(await self.raw(method, params, timeout=timeout)))

    async def raw(self, method: str, params: Sequence[Any] = (), *, timeout: float | None = None) -> bytes:
        """The whole reply `{"jsonrpc", "id", "result"}` as it came, for callers that decode it into their own types.

        A reply that holds an error has been raised as such.
        """
        body = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})

        async def ask(endpoint: Endpoint, seconds: float) -> bytes:
            reply = await self._post(endpoint, body, seconds)
            if len(reply) < _LARGE or _ERROR_FIRST.search(reply, 0, 256):
                _result_of(_parse(reply))
            return reply

        return await self._over_endpoints(ask, 1, timeout)

    async def batch(self, calls: Sequence[Call], *, timeout: float | None = None) -> list[Any | SteadymintError]:
        """The results in the order of `calls`; where the node refused one of them, its typed error stands instead.

        Sent in chunks of at most `BATCH_SIZE`. Raises only if a whole chunk found no answer. `timeout` is per chunk.
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
        """Ask one endpoint after another until one answers. The chain's own "no" is an answer."""
        deadline = asyncio.get_running_loop().time() + (timeout or self._timeout)
        last: SteadymintError | None = None
        candidates = self._candidates(cost)
        for index, endpoint in enumerate(candidates):
            remaining = deadline - asyncio.get_running_loop().time()
            if remaining <= 0:
                break
            # A node that hangs must leave time for those behind it.
            share = remaining / (len(candidates) - index)
            try:
                return await self._attempt(endpoint, ask, cost, share)
            except SteadymintError as error:
                if not is_nodes_fault(error) or isinstance(error, ReplyTooLargeError):
                    raise
                last = error
        raise last or self._nobody_on_duty()

    async def _attempt(
        self, endpoint: Endpoint, ask: Callable[[Endpoint, float], Any], cost: int, seconds: float
    ) -> Any:
        wait = endpoint.bucket.wait_for(cost)
        if wait >= seconds:  # our own limit, not the node's: it is in good health
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
        """A lagging node, a revert and a call that takes too long are answers; silence, throttles and rubbish count
        against the endpoint."""
        if isinstance(error, WrongChainError):
            outcome = "wrong_chain"
            endpoint.off_duty(WRONG_CHAIN_COOL_DOWN)
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
        """Endpoints on duty: by priority, at random by weight within one; those that must wait for tokens last."""

        def rank(endpoint: Endpoint) -> tuple[bool, int, float]:
            waits = endpoint.bucket.wait_for(cost) > 0
            # Exponential variates with rate `weight`: the smallest is the weighted random choice.
            return waits, endpoint.config.priority, random.expovariate(max(1, endpoint.config.weight))

        return sorted((e for e in self._endpoints if not e.cooling()), key=rank)

    def _nobody_on_duty(self) -> UpstreamUnavailableError:
        pauses = [endpoint.cooling() for endpoint in self._endpoints]
        if not pauses:
            return UpstreamUnavailableError(f"{self.chain_id} has no active endpoint")
        return UpstreamUnavailableError(f"No endpoint of {self.chain_id} is on duty", retry_after=min(pauses))

    async def _verify(self, endpoint: Endpoint, seconds: float) -> None:
        """Prove that the endpoint serves our chain: its number, and where it is pinned, the hash of its first block."""
        async with self._verifying[endpoint]:
            if not endpoint.needs_verification():
                return
            found = await self._single(endpoint, "eth_chainId", (), seconds)
            if _int_or_none(found) != self._number:
                raise WrongChainError(f"{endpoint.name} does not serve {self.chain_id}")
            if self._genesis_hash is not None and not await self._grew_on(endpoint, self._genesis_hash, seconds):
                raise WrongChainError(f"{endpoint.name} serves another chain numbered like {self.chain_id}")
            endpoint.verified()

    async def _grew_on(self, endpoint: Endpoint, genesis_hash: str, seconds: float) -> bool:
        """Whether the first block is the pinned one. Block 1 is asked too: a development node that was restarted
        serves a block 0 of its own making, and only the parent of block 1 tells what its chain grew on."""
        for number, member in (("0x0", "hash"), ("0x1", "parentHash")):
            block = await self._single(endpoint, "eth_getBlockByNumber", (number, False), seconds)
            if isinstance(block, dict) and block.get(member) == genesis_hash:
                return True
        return False

    async def _single(self, endpoint: Endpoint, method: str, params: Sequence[Any], seconds: float) -> Any:
        endpoint.bucket.take(1)
        body = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        return _result_of(_parse(await self._post(endpoint, body, seconds)))

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
        reply = _parse(await self._post(endpoint, orjson.dumps(request), seconds))
        if not isinstance(reply, list):  # one error for all
            _result_of(reply)
            raise UpstreamUnavailableError(f"{endpoint.name} answered a batch with something else")
        answers: list[Any | SteadymintError] = [
            UpstreamUnavailableError(f"{endpoint.name} left out a part of a batch") for _ in calls
        ]
        for item in reply:
            index = item.get("id") if isinstance(item, dict) else None
            if isinstance(index, int) and 0 <= index < len(calls):
                answers[index] = _result_or_error(item)
        throttled = next((a for a in answers if isinstance(a, NodeThrottledError)), None)
        if throttled is not None:  # asking another endpoint for all of it beats a torn batch
            raise throttled
        return answers

    async def _post(self, endpoint: Endpoint, body: bytes, seconds: float) -> bytes:
        """One HTTP request. Whatever goes wrong names the endpoint by number, never by address."""
        try:
            async with self._http().post(
                endpoint.config.url,
                data=body,
                headers=endpoint.config.headers,
                timeout=aiohttp.ClientTimeout(total=seconds),
                allow_redirects=False,  # a redirect would carry the request, key and all, to a host nobody registered
            ) as response:
                reply = await _read(response, self._max_reply)
                if response.status != 200 and not _is_json_rpc(reply):
                    raise from_http(response.status, response.headers.get("Retry-After"))
                if response.status == 429:
                    raise from_http(429, response.headers.get("Retry-After"))
                return reply
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise UpstreamUnavailableError(
                f"{endpoint.name} of {self.chain_id} is unreachable ({type(error).__name__})"
            ) from None

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit_per_host=CONNECTIONS_PER_HOST, ttl_dns_cache=60),
                headers={"Content-Type": "application/json", "Accept": "application/json"},
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The decompressed body, as long as it stays within `limit` bytes."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > limit:
            response.close()
            raise ReplyTooLargeError(f"The chain's node answered with more than {limit} bytes")
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _parse(reply: bytes) -> Any:
    try:
        return orjson.loads(reply)
    except orjson.JSONDecodeError:
        raise UpstreamUnavailableError("The chain's node answered with something that is not JSON") from None


def _is_json_rpc(reply: bytes) -> bool:
    return len(reply) < _LARGE and b'"jsonrpc"' in reply and b'"error"' in reply


def _result_of(reply: Any) -> Any:
    answer = _result_or_error(reply)
    if isinstance(answer, SteadymintError):
        raise answer
    return answer


def _result_or_error(reply: Any) -> Any:
    if not isinstance(reply, dict):
        return UpstreamUnavailableError("The chain's node answered with something that is not JSON-RPC")
    if reply.get("error") is not None:
        return from_json_rpc(reply["error"])
    if "result" not in reply:
        return UpstreamUnavailableError("The chain's node answered without a result")
    return reply["result"]


def _int_or_none(value: Any) -> int | None:
    try:
        return int(value, 16)
    except (TypeError, ValueError):
        return None
