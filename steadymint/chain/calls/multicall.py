"""Many calls in few requests, without a deployed contract of ours.

`contracts/src/Multicall.sol` is creation code that makes the calls and reverts with their answers. A call that uses up
its share of the gas, or has a long answer, is repeated alone. A call that the contract refuses is not repeated. Some
nodes run no creation code in an `eth_call`, or leave out the data of a revert. They get plain calls, a few per request.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from enum import Enum
from functools import cache
from typing import Any, Final

from eth_abi.abi import decode as abi_decode
from eth_abi.exceptions import DecodingError

from contracts import load_artifact
from steadymint.chain.nodes.client import BlockRef, EvmClient, block_ref, from_hex
from steadymint.chain.nodes.errors import (
    ExecutionRevertedError,
    ExecutionTooLongError,
    NodeRefusedError,
    ReplyTooLargeError,
)
from steadymint.chain.nodes.rpc import Call
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.types import Address
from steadymint.domain.upstreams import Upstream

CALLS: Final = 150
"""Calls in one `eth_call`. Each gets some 300,000 of its gas."""
GAS: Final = 50_000_000
"""Gas of one `eth_call`: the default of geth. A node without a limit would run hostile code for a long time."""
MAX_DATA: Final = 48 * 1024
"""Bytes of creation code that a node runs: EIP-3860 allows 49,152."""
MAX_ANSWER: Final = 16 * 1024
"""Bytes of one answer among many, enough for a long URI. A document written on the chain itself is asked for alone."""
MAX_LONE_ANSWER: Final = 1536 * 1024
"""Bytes of the answer to a lone call: a document of 1 MiB in base64 and its envelope."""
LONE_CALLS: Final = 8
"""Lone calls in one request. Their answers fit into the largest reply that we read."""
TIMEOUT: Final = 20.0
"""Seconds for one request. The code of some collections draws a picture."""


class Unanswered(Enum):
    """Why a call has no answer."""

    REVERTED = "reverted"
    """The call reverted, or a lone call ran out of gas."""
    OUT_OF_GAS = "out_of_gas"
    """The call used up its share of the gas. A lone call that does so counts as `REVERTED`."""
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    """A lone call took longer than the node allows. It may be faster on another day or another node."""


Answer = bytes | Unanswered


Piece = list[tuple[int, Answer]]
"""Answers, each with the index of its call."""


async def call_in_pieces(
    client: EvmClient, target: Address, calls: Sequence[bytes], *, block: BlockRef = "latest"
) -> AsyncIterator[Piece]:
    """The answers to `calls` (calldata for `target`), all as of one block.

    Each piece holds the answers of one request, because all answers together may be too large for memory. The order is
    not that of `calls`.

    Raises UpstreamUnavailableError when no node answers, UnknownBlockError when no node has the block's state.
    """
    packed = [packed_call(target, call) for call in calls]
    for begin, end in chunks_of(packed):
        chunk = range(begin, end)
        ask: _Ask = _alone
        at_once = LONE_CALLS
        failed: Sequence[int] = chunk
        try:
            together = await _together(client, [packed[index] for index in chunk], block)
        except NodeRefusedError:  # the node takes no creation code in a call, or less of it
            ask = ask_plainly
        except ExecutionTooLongError:  # some of the calls are too slow, and several of them would pass for silence
            at_once = 1
        else:
            answers = list(zip(chunk, together or (), strict=False))
            yield [(index, answer) for index, answer in answers if answer not in _AGAIN]
            if together is not None:
                failed = [index for index, answer in answers if answer in _AGAIN]
        for at in range(0, len(failed), at_once):
            few = failed[at : at + at_once]
            yield list(zip(few, await ask(client, [packed[index] for index in few], block), strict=True))


def packed_call(target: Address, data: bytes) -> bytes:
    """A call in the form that the creation code takes. Without data the answer is the size of the target's code."""
    return bytes.fromhex(target[2:]) + data


_Ask = Callable[[EvmClient, Sequence[bytes], BlockRef], Awaitable[list[Answer]]]


async def _together(client: EvmClient, calls: Sequence[bytes], block: BlockRef) -> list[Answer] | None:
    """The answers from one `eth_call`. None if its gas was not enough for them. Raises ExecutionTooLongError."""
    data = calls_in_one(calls, MAX_ANSWER)
    try:
        await client.call(None, data, block=block, gas=GAS, timeout=TIMEOUT)
    except ExecutionRevertedError as reverted:
        return answers_in(reverted.data, len(calls))
    raise NodeRefusedError("The node runs no creation code: ours can only revert")


async def _alone(client: EvmClient, calls: Sequence[bytes], block: BlockRef) -> list[Answer]:
    """The answers from one request with a few `eth_call`s. Each makes one call and limits the size of its answer. A
    plain call decides where the node leaves out the data of reverts."""
    found: list[Answer | None] = []
    requests = [eth_call(None, calls_in_one([call], MAX_LONE_ANSWER), block) for call in calls]
    for reply in await client.rpc.batch(requests, timeout=TIMEOUT):
        if isinstance(reply, ExecutionTooLongError):
            found.append(Unanswered.TOO_LONG)
            continue
        if not isinstance(reply, ExecutionRevertedError):
            raise outage(reply)
        (answer,) = answers_in(reply.data, 1) or [None]
        found.append(Unanswered.REVERTED if answer is Unanswered.OUT_OF_GAS else answer)
    silent = [index for index, answer in enumerate(found) if answer is None]
    plain = iter(await ask_plainly(client, [calls[index] for index in silent], block) if silent else ())
    return [next(plain) if answer is None else answer for answer in found]


async def ask_plainly(client: EvmClient, calls: Sequence[bytes], block: BlockRef, *, gas: int = GAS) -> list[Answer]:
    """The answers to packed calls from plain calls, for nodes that require a recipient. Only our limit for a node's
    reply bounds an answer. If a reply passes the limit, all its calls count as too large: finding out which one it was
    would take more requests."""
    try:
        replies = await client.rpc.batch([_plain_request(call, block, gas) for call in calls], timeout=TIMEOUT)
    except ReplyTooLargeError:
        return [Unanswered.TOO_LARGE] * len(calls)
    answers = [_plain_answer(reply) for reply in replies]
    return [
        len(answer).to_bytes(32) if len(call) == _ADDRESS and isinstance(answer, bytes) else answer
        for call, answer in zip(calls, answers, strict=True)
    ]


def _plain_request(call: bytes, block: BlockRef, gas: int) -> Call:
    target, data = Address("0x" + call[:_ADDRESS].hex()), call[_ADDRESS:]
    return eth_call(target, data, block, gas) if data else ("eth_getCode", (target, block_ref(block)))


def _plain_answer(reply: Any) -> Answer:
    if isinstance(reply, ExecutionRevertedError):
        return Unanswered.REVERTED
    if isinstance(reply, ExecutionTooLongError):
        return Unanswered.TOO_LONG
    if not isinstance(reply, str):
        raise outage(reply)
    try:
        answer = from_hex(reply)
    except ValueError:
        raise UpstreamUnavailableError(
            "The chain's node answered with something of another shape", upstream=Upstream.NODE
        ) from None
    return answer if len(answer) <= MAX_LONE_ANSWER else Unanswered.TOO_LARGE


def text_of(answer: Answer) -> str | None:
    """The string that a function returned. Old contracts return `bytes32` for a string, which is read too. None for any
    other answer. Bytes that are not UTF-8 become U+FFFD."""
    if isinstance(answer, Unanswered):
        return None
    if len(answer) == 32:
        return answer.rstrip(b"\0").decode("utf-8", "replace")
    try:
        (text,) = abi_decode(("bytes",), answer, strict=False)
    except (DecodingError, OverflowError, ValueError):
        return None
    return text.decode("utf-8", "replace")


def chunks_of(calls: Sequence[bytes]) -> list[tuple[int, int]]:
    """The first index and the end of each request. A request holds as many calls as fit, by number and by bytes."""
    chunks: list[tuple[int, int]] = []
    begin, size = 0, 0
    room = MAX_DATA - len(_creation_code()) - 4 * 32
    for index, call in enumerate(calls):
        needs = 64 + -(-len(call) // 32) * 32
        if index > begin and (index - begin == CALLS or size + needs > room):
            chunks.append((begin, index))
            begin, size = index, 0
        size += needs
    return [*chunks, (begin, len(calls))] if calls else []


def answers_in(data: bytes, count: int) -> list[Answer] | None:
    """The answers in the creation code's revert data; None if the data is something else."""
    answers: list[Answer] = []
    at = 0
    while at + 5 <= len(data) and len(answers) < count:
        status, size = data[at], int.from_bytes(data[at + 1 : at + 5], "big")
        answer = data[at + 5 : at + 5 + size]
        if status not in _STATUSES or len(answer) != size:
            return None
        answers.append(_STATUSES[status] or answer)
        at += 5 + size
    return answers if len(answers) == count and at == len(data) else None


def calls_in_one(calls: Sequence[bytes], max_answer: int) -> bytes:
    """The creation code that makes the packed calls. An answer of more than `max_answer` bytes is left out.

    Its arguments, `(uint256, bytes[])`, are written out: 4 us for ten calls, where `eth_abi` takes 43.
    """
    places: list[bytes] = []
    bodies: list[bytes] = []
    at = 32 * len(calls)
    for call in calls:
        bodies.append(len(call).to_bytes(32) + call + bytes(-len(call) % 32))
        places.append(at.to_bytes(32))
        at += len(bodies[-1])
    words = max_answer.to_bytes(32), (64).to_bytes(32), len(calls).to_bytes(32)
    return b"".join((_creation_code(), *words, *places, *bodies))


def eth_call(to: Address | None, data: bytes, block: BlockRef, gas: int = GAS) -> Call:
    """The request. Without `to` the data is creation code."""
    call = {"data": "0x" + data.hex(), "gas": hex(gas)} | ({} if to is None else {"to": to})
    return "eth_call", (call, block_ref(block))


def outage(reply: Any) -> UpstreamUnavailableError:
    """The error for a reply without an answer of the contract. It is retryable, whatever the node said."""
    if isinstance(reply, UpstreamUnavailableError):
        return reply
    words = reply.detail if isinstance(reply, SteadymintError) else "A node answered with something else"
    return UpstreamUnavailableError(words, upstream=Upstream.NODE)


_ADDRESS: Final = 20
"""Bytes of a packed call that name its target."""
_STATUSES: Final[dict[int, Unanswered | None]] = {
    0: Unanswered.REVERTED,
    1: None,
    2: Unanswered.TOO_LARGE,
    3: Unanswered.OUT_OF_GAS,
}
_AGAIN: Final = frozenset({Unanswered.TOO_LARGE, Unanswered.OUT_OF_GAS})
"""Answers after which the call is repeated alone."""


@cache
def _creation_code() -> bytes:
    return bytes.fromhex(load_artifact("Multicall").bytecode[2:])
