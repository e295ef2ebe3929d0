"""What is asked of an endpoint, and one call as such a question."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, NamedTuple, Protocol

import orjson

from steadymint.chain.nodes.endpoint import Endpoint
from steadymint.chain.nodes.transport import LONGEST_ERROR, parse_reply, result_or_error
from steadymint.domain.errors import SteadymintError

_ERROR_FIRST: Final = re.compile(rb'"error"\s*:')

Call = tuple[str, Sequence[Any]]
"""Method and parameters."""
Post = Callable[[bytes], Awaitable[bytes]]
"""Sends a body to the endpoint that is asked, and returns its reply."""


class Answer(NamedTuple):
    """A whole reply in bytes, and the number of the endpoint that gave it."""

    text: bytes
    endpoint: int


class Question(Protocol):
    """Something to ask of one endpoint or another."""

    @property
    def is_large(self) -> bool:
        """Whether it asks for so much that a failure says more of the question than of the endpoint."""
        ...

    @property
    def anywhere(self) -> bool:
        """Whether a refusal is asked at the next endpoint, too: no chain can refuse it."""
        ...

    def calls_for(self, endpoint: Endpoint) -> int:
        """How many calls go to this endpoint at once."""
        ...

    async def ask(self, endpoint: Endpoint, calls: int, post: Post, seconds: float) -> tuple[Any, int]:
        """The answer, which must come within `seconds`, and how many of the calls were answered. Raises what the
        endpoint answered instead of one."""
        ...


class OneCall:
    """One call, answered by the whole reply in bytes. A reply with an error is raised as that error."""

    def __init__(self, method: str, params: Sequence[Any], *, is_large: bool = False, anywhere: bool = False) -> None:
        self._method = method
        self._body = single((method, params))
        self._throttles = 0
        self.is_large = is_large
        self.anywhere = anywhere
        self.asked = 0
        """The number of the endpoint that was asked last: that of the answer, once there is one."""

    def calls_for(self, endpoint: Endpoint) -> int:
        return 1

    async def ask(self, endpoint: Endpoint, calls: int, post: Post, seconds: float) -> tuple[bytes, int]:
        self.asked = endpoint.config.id
        reply = await post(self._body)
        may_be_error = len(reply) < LONGEST_ERROR or _ERROR_FIRST.search(reply, 0, 256)
        answer = result_or_error(parse_reply(reply)) if may_be_error else reply
        meant = endpoint.meant(self._method, answer, self._throttles)
        self._throttles += meant is not answer
        if isinstance(meant, SteadymintError):
            raise meant
        return reply, 1


def body_of(number: int, call: Call) -> dict[str, Any]:
    method, params = call
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def single(call: Call) -> bytes:
    return orjson.dumps(body_of(1, call))
