"""JSON-RPC to one chain over several endpoints: failover, rate limits, time limits, and the check of the chain."""

from __future__ import annotations

import asyncio
import copy
import random
from collections.abc import Callable, Sequence
from typing import Any, Final

from steadymint.chain.nodes.batch_size import LARGEST
from steadymint.chain.nodes.batch_work import BatchWork
from steadymint.chain.nodes.budget import Budget
from steadymint.chain.nodes.endpoint import Endpoint, EndpointConfig
from steadymint.chain.nodes.errors import (
    BatchThrottledError,
    NoCallsLeftError,
    NodeRefusedError,
    NodeThrottledError,
    RangeTooLargeError,
    ReplyTooLargeError,
    SilenceError,
    is_nodes_fault,
    of_the_node,
)
from steadymint.chain.nodes.outcomes import Outcomes
from steadymint.chain.nodes.proof import ChainProof
from steadymint.chain.nodes.questions import Answer, Call, OneCall, Question
from steadymint.chain.nodes.transport import MAX_REPLY, Transport, parse_reply, result_of
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.types import ChainId

DEFAULT_TIMEOUT: Final = 10.0
"""Seconds for one call over all endpoints."""
BACKGROUND_TIMEOUT: Final = 60.0
"""Seconds for one call for which nobody waits. Most of it may go by until a slow endpoint bears the call."""
LONGEST_ATTEMPT: Final = 10.0
"""Seconds for one endpoint's answer, however much time a call has."""
THROTTLES: Final = 3
"""Throttles of one call after which it is given up. An endpoint's pace is found by then, so more of them say that
the call itself is what the node refuses."""
BATCHES_IN_FLIGHT: Final = 3

Budgets = Callable[[EndpointConfig], Budget | None]
"""The budget of an endpoint; None for one that this process has alone."""


class RpcClient:
    """The JSON-RPC client of one chain. Share one per process; any number of tasks may use it.

    Each method raises `UpstreamUnavailableError` (or a narrower error of `nodes.errors`) when no endpoint answers in
    time. It raises the typed error of the error table when the chain itself refuses. `timeout` is in seconds and covers
    everything: the wait for the rate limit, the check of the chain, and all endpoints. Half of it at most goes by until
    an endpoint bears the call; a longer wait is raised at once, as `NoCallsLeftError` with `retry_after`.
    """

    def __init__(
        self,
        chain_id: ChainId,
        endpoints: Sequence[EndpointConfig],
        *,
        genesis_hash: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        max_reply: int = MAX_REPLY,
        budgets: Budgets | None = None,
    ) -> None:
        self.chain_id = chain_id
        self._timeout = timeout
        self._endpoints = [Endpoint(config, budgets(config) if budgets else None) for config in endpoints]
        self._transport = Transport(chain_id, max_reply)
        self._proof = ChainProof(chain_id, self._transport, genesis_hash)
        self._outcomes = Outcomes(chain_id)

    async def __aenter__(self) -> RpcClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._transport.close()

    @property
    def endpoints(self) -> Sequence[Endpoint]:
        """The endpoints with what this process knows of them: pace, batch size, last error."""
        return self._endpoints

    @property
    def rate(self) -> float | None:
        """Calls per second that the fastest endpoint bears; None if one of them bears any number."""
        rates = [endpoint.rate for endpoint in self._endpoints]
        return None if not rates or None in rates else max(rate for rate in rates if rate is not None)

    async def spare(self, calls: int) -> tuple[RpcClient, int]:
        """One of the endpoints that have calls to spare, as `only` it, and how many, up to so many: they are taken, and
        to be sent to it next. Others are not to be asked instead, since they may have none."""
        in_turn = random.sample(self._endpoints, len(self._endpoints))
        for endpoint in sorted(in_turn, key=lambda one: one.config.priority):
            taken = 0
            while taken < calls and endpoint.take_spare():
                taken += 1
            if taken:
                return self.only(endpoint.config.id), taken
        return self, 0

    async def call(self, method: str, params: Sequence[Any] = (), *, timeout: float | None = None) -> Any:
        """The `result` of one call."""
        return result_of(parse_reply(await self.raw(method, params, timeout=timeout)))

    async def raw(
        self,
        method: str,
        params: Sequence[Any] = (),
        *,
        timeout: float | None = None,
        is_large: bool = False,
        anywhere: bool = False,
    ) -> bytes:
        """The whole reply `{"jsonrpc", "id", "result"}` in bytes, for callers that decode it into their own types.

        A reply with an error is raised as that error. With `is_large` the call asks for so much that a failure, or a
        throttle that names no wait, says nothing of the endpoint: the caller asks for less, or for something small to
        know; what is refused in words that do not speak of size is asked at the next endpoint. With `anywhere` each
        endpoint is asked before a refusal is raised: for what a chain cannot refuse.
        """
        return (await self.answer(method, params, timeout=timeout, is_large=is_large, anywhere=anywhere)).text

    async def answer(
        self,
        method: str,
        params: Sequence[Any] = (),
        *,
        timeout: float | None = None,
        is_large: bool = False,
        anywhere: bool = False,
    ) -> Answer:
        """The same, with the endpoint that answered."""
        question = OneCall(method, params, is_large=is_large, anywhere=anywhere)
        text = await self._over_endpoints(question, timeout)
        return Answer(text, question.asked)

    def only(self, number: int) -> RpcClient:
        """This client with one endpoint, sharing its state and its connections. It is not to be closed."""
        one = copy.copy(self)
        one._endpoints = [endpoint for endpoint in self._endpoints if endpoint.config.id == number]
        return one

    async def of_each(
        self, method: str, params: Sequence[Any] = (), *, timeout: float | None = None
    ) -> dict[int, Any | SteadymintError]:
        """The result of one call from each endpoint, by the endpoint's number; the typed error of one that gives none.
        An endpoint that is paused is not asked: its last error stands for an answer."""
        question = OneCall(method, params)

        async def ask(endpoint: Endpoint) -> Any | SteadymintError:
            if endpoint.cooling() and endpoint.last_error is not None:
                return endpoint.last_error
            try:
                return result_of(parse_reply(await self._attempt(endpoint, question, timeout or self._timeout)))
            except SteadymintError as error:
                return error

        answers = await asyncio.gather(*(ask(endpoint) for endpoint in self._endpoints))
        return {endpoint.config.id: answer for endpoint, answer in zip(self._endpoints, answers, strict=True)}

    async def batch(self, calls: Sequence[Call], *, timeout: float | None = None) -> list[Any | SteadymintError]:
        """The results in the order of `calls`. A call that the node refused has its typed error in place of a result.

        The calls are sent in batches of the size that the endpoint takes. An error is raised only if no call has an
        answer; a call without an answer among others has the error in its place. `timeout` starts again with each
        answer.
        """
        work = BatchWork(calls)
        workers = min(BATCHES_IN_FLIGHT, -(-len(calls) // LARGEST))
        asking = (self._work(work, timeout) for _ in range(workers))
        ended = [await next(asking)] if workers == 1 else await asyncio.gather(*asking)  # one needs no task of its own
        error = next((error for error in ended if error is not None), None)
        if error is not None and not work.answered:
            raise error
        return work.answers(error)

    async def _work(self, work: BatchWork, timeout: float | None) -> SteadymintError | None:
        """Ask until no call is open. Returns what ended the work before that."""
        asked_again_at = -1  # how many calls had an answer then
        while work.has_open:
            answered = work.answered
            try:
                await self._over_endpoints(work, timeout)
            except BatchThrottledError as error:
                if asked_again_at == work.answered:
                    return error
                asked_again_at = work.answered  # the next calls go out in another way
            except NodeThrottledError as error:
                if work.answered == answered:
                    return error
            except SteadymintError as error:
                return error
        return None

    async def _over_endpoints(self, question: Question, timeout: float | None) -> Any:
        """Ask one endpoint after another until one answers. A refusal by the chain is an answer.

        Where all of them throttle, they are asked again as soon as their pace allows.
        """
        deadline = asyncio.get_running_loop().time() + (timeout or self._timeout)
        throttle: NodeThrottledError | None = None
        for _ in range(THROTTLES):
            last: SteadymintError | None = None
            throttle = None
            candidates = self._candidates(question)
            for index, endpoint in enumerate(candidates):
                remaining = deadline - asyncio.get_running_loop().time()
                if remaining <= 0:
                    break
                try:
                    # A node that hangs must leave time for the endpoints after it.
                    return await self._attempt(endpoint, question, remaining / (len(candidates) - index))
                except SteadymintError as error:
                    if is_nodes_fault(error):
                        of_the_node(error)
                    if not question.anywhere and not _may_pass_elsewhere(question, error):
                        raise
                    last = error
                    throttle = error if isinstance(error, NodeThrottledError) else throttle
            if throttle is None:
                raise last or of_the_node(self._no_endpoint())
            if question.is_large and not throttle.retry_after:
                raise throttle
            wait = min((endpoint.wait_for(1) for endpoint in candidates), default=0.0)
            if wait > (deadline - asyncio.get_running_loop().time()) / 2:
                break
        assert throttle is not None
        raise throttle

    async def _attempt(self, endpoint: Endpoint, question: Question, seconds: float) -> Any:
        calls = question.calls_for(endpoint)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        sent_at = await self._admitted(endpoint, calls, seconds / 2)
        seconds = min(LONGEST_ATTEMPT, deadline - loop.time())
        ends = loop.time() + seconds
        started = endpoint.now()
        try:
            async with asyncio.timeout_at(ends):
                await self._proof.demand(endpoint, seconds)
                answer, borne = await question.ask(
                    endpoint, calls, lambda body: self._transport.post(endpoint, body, seconds), ends - loop.time()
                )
        except TimeoutError:
            silence = SilenceError(f"{endpoint.name} of {self.chain_id} did not answer in time")
            self._outcomes.ended(endpoint, question, silence, started, sent_at)
            raise silence from None
        except SteadymintError as error:
            self._outcomes.ended(endpoint, question, error, started, sent_at)
            raise
        self._outcomes.answered(endpoint, borne, sent_at)
        return answer

    async def _admitted(self, endpoint: Endpoint, calls: int, seconds: float) -> float:
        """Wait until the endpoint bears so many calls. Raises NoCallsLeftError if that takes longer."""
        wait = endpoint.wait_for(calls)
        if wait < seconds:
            try:
                async with asyncio.timeout(seconds):
                    return await endpoint.admit(calls)
            except TimeoutError:
                wait = endpoint.wait_for(calls)
        raise NoCallsLeftError(f"{endpoint.name} bears no more calls just now", retry_after=wait)

    def _candidates(self, question: Question) -> list[Endpoint]:
        """Endpoints that may be asked, by priority. Within one priority the order is random by weight. Endpoints that
        must wait for their rate limit come last."""

        def rank(endpoint: Endpoint) -> tuple[bool, int, float]:
            waits = endpoint.wait_for(question.calls_for(endpoint)) > 0
            # Exponential variates with rate `weight`: the smallest is the weighted random choice.
            return waits, endpoint.config.priority, random.expovariate(max(1, endpoint.config.weight))

        return sorted((e for e in self._endpoints if not e.cooling()), key=rank)

    def _no_endpoint(self) -> UpstreamUnavailableError:
        pauses = [endpoint.cooling() for endpoint in self._endpoints]
        if not pauses:
            return UpstreamUnavailableError(f"{self.chain_id} has no active endpoint")
        return UpstreamUnavailableError(f"All endpoints of {self.chain_id} are paused", retry_after=min(pauses))


def _may_pass_elsewhere(question: Question, error: SteadymintError) -> bool:
    """Whether another endpoint may answer what this one did not. What a large question asks for may be what only this
    one lacks."""
    if isinstance(error, ReplyTooLargeError | RangeTooLargeError):
        return False
    return is_nodes_fault(error) or (question.is_large and isinstance(error, NodeRefusedError))
