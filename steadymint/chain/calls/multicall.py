"""Many calls to one contract in few requests, without a contract of ours on the chain.

`contracts/src/Multicall.sol` is creation code that makes the calls and reverts with their answers. A call that uses up
its share of the gas there, or answers at length, is asked again by itself; one that is refused is not. Nodes that run
no creation code in an `eth_call`, or keep what a revert holds to themselves, are asked one plain call at a time, some
to a request.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from enum import Enum
from functools import cache
from typing import Any, Final

from eth_abi.abi import decode as abi_decode
from eth_abi.abi import encode as abi_encode
from eth_abi.exceptions import DecodingError

from contracts import load_artifact
from steadymint.chain.nodes.client import BlockRef, EvmClient, block_ref, from_hex
from steadymint.chain.nodes.errors import (
    ExecutionRevertedError,
    ExecutionTooLongError,
    NodeRefusedError,
    ReplyTooLargeError,
)
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.types import Address

CALLS: Final = 150
"""In one `eth_call`. The gas for all of them leaves each some 300,000."""
GAS: Final = 50_000_000
"""For one `eth_call`: what geth grants by default. A node that grants any amount would run hostile code for long."""
MAX_DATA: Final = 48 * 1024
"""Bytes of creation code that a node runs (EIP-3860), of which 49,152 are the limit."""
MAX_ANSWER: Final = 16 * 1024
"""Bytes of one answer among many: a long URI. What is written on the chain itself is asked for alone."""
MAX_LONE_ANSWER: Final = 1536 * 1024
"""Bytes of one answer by itself: a document of 1 MiB in base64, and its envelope."""
LONE_CALLS: Final = 8
"""Lone calls in one request: their answers are within what we read of a node."""
TIMEOUT: Final = 20.0
"""Seconds for one request: the code of some collections draws a picture."""


class Unanswered(Enum):
    """Why a call has no answer."""

    REVERTED = "reverted"
    """Or ran out of gas, alone."""
    OUT_OF_GAS = "out_of_gas"
    """Of its share among many; alone, `REVERTED`."""
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    """It took longer, alone, than the node lets a call take. Another day or another node may be faster."""


Answer = bytes | Unanswered


Piece = list[tuple[int, Answer]]
"""Answers with the places of their calls."""


async def call_in_pieces(
    client: EvmClient, target: Address, calls: Sequence[bytes], *, block: BlockRef = "latest"
) -> AsyncIterator[Piece]:
    """The answers to `calls` (calldata for `target`), all as of one block: the answers of one request at a time and in
    no particular order, since all of them may be too large to be held together.

    Raises UpstreamUnavailableError when no node answers, UnknownBlockError when none has the block's state.
    """
    for begin, end in _chunks(calls):
        chunk = range(begin, end)
        ask: _Ask = _alone
        failed: Sequence[int] = chunk
        try:
            together = await _together(client, target, [calls[index] for index in chunk], block)
        except NodeRefusedError:  # no creation code in a call, or not so much of it
            ask = _plainly
        else:
            answers = list(zip(chunk, together or (), strict=False))
            yield [(index, answer) for index, answer in answers if answer not in _AGAIN]
            if together is not None:
                failed = [index for index, answer in answers if answer in _AGAIN]
        for at in range(0, len(failed), LONE_CALLS):
            few = failed[at : at + LONE_CALLS]
            yield list(zip(few, await ask(client, target, [calls[index] for index in few], block), strict=True))


_Ask = Callable[[EvmClient, Address, Sequence[bytes], BlockRef], Awaitable[list[Answer]]]


async def _together(client: EvmClient, target: Address, calls: Sequence[bytes], block: BlockRef) -> list[Answer] | None:
    """One `eth_call` for all. None if it had not enough gas for their answers, or took the node too long."""
    data = _creation_code() + abi_encode(_ARGUMENTS, (target, MAX_ANSWER, list(calls)))
    try:
        await client.call(None, data, block=block, gas=GAS, timeout=TIMEOUT)
    except ExecutionRevertedError as reverted:
        return _parse(reverted.data, len(calls))
    except ExecutionTooLongError:  # some of them are at fault: each is asked by itself
        return None
    raise NodeRefusedError("The node runs no creation code: ours can only revert")


async def _alone(client: EvmClient, target: Address, calls: Sequence[bytes], block: BlockRef) -> list[Answer]:
    """One request for a few `eth_call`s, each of which makes one call and bounds its answer. Where that says nothing
    (out of gas, or the node leaves out the data of reverts), a plain call decides."""
    found: list[Answer | None] = []
    code = _creation_code()
    requests = [
        _request(None, code + abi_encode(_ARGUMENTS, (target, MAX_LONE_ANSWER, [call])), block) for call in calls
    ]
    for reply in await client.rpc.batch(requests, timeout=TIMEOUT):
        if isinstance(reply, ExecutionTooLongError):
            found.append(Unanswered.TOO_LONG)
            continue
        if not isinstance(reply, ExecutionRevertedError):
            raise _outage(reply)
        (answer,) = _parse(reply.data, 1) or [None]
        found.append(Unanswered.REVERTED if answer is Unanswered.OUT_OF_GAS else answer)
    silent = [index for index, answer in enumerate(found) if answer is None]
    plain = iter(await _plainly(client, target, [calls[index] for index in silent], block) if silent else ())
    return [next(plain) if answer is None else answer for answer in found]


async def _plainly(client: EvmClient, target: Address, calls: Sequence[bytes], block: BlockRef) -> list[Answer]:
    """The same for nodes that want a recipient. Nothing bounds an answer but what we read of a node; whose it was that
    passed it is not worth more requests."""
    try:
        replies = await client.rpc.batch([_request(target, call, block) for call in calls], timeout=TIMEOUT)
    except ReplyTooLargeError:
        return [Unanswered.TOO_LARGE] * len(calls)
    return [_plain_answer(reply) for reply in replies]


def _plain_answer(reply: Any) -> Answer:
    if isinstance(reply, ExecutionRevertedError):
        return Unanswered.REVERTED
    if isinstance(reply, ExecutionTooLongError):
        return Unanswered.TOO_LONG
    if not isinstance(reply, str):
        raise _outage(reply)
    try:
        answer = from_hex(reply)
    except ValueError:
        raise UpstreamUnavailableError("The chain's node answered with something of another shape") from None
    return answer if len(answer) <= MAX_LONE_ANSWER else Unanswered.TOO_LARGE


def text_of(answer: Answer) -> str | None:
    """The string that a function returned; also the `bytes32` that old contracts return for one. None for what is
    neither. Text that is not UTF-8 keeps what can be read of it."""
    if isinstance(answer, Unanswered):
        return None
    if len(answer) == 32:
        return answer.rstrip(b"\0").decode("utf-8", "replace")
    try:
        (text,) = abi_decode(("bytes",), answer, strict=False)
    except (DecodingError, OverflowError, ValueError):
        return None
    return text.decode("utf-8", "replace")


def _chunks(calls: Sequence[bytes]) -> list[tuple[int, int]]:
    """Where each request begins and ends: as many calls as fit into one, by number and by bytes."""
    chunks: list[tuple[int, int]] = []
    begin, size = 0, 0
    room = MAX_DATA - len(_creation_code()) - 5 * 32
    for index, call in enumerate(calls):
        needs = 64 + -(-len(call) // 32) * 32
        if index > begin and (index - begin == CALLS or size + needs > room):
            chunks.append((begin, index))
            begin, size = index, 0
        size += needs
    return [*chunks, (begin, len(calls))] if calls else []


def _parse(data: bytes, count: int) -> list[Answer] | None:
    """What the creation code reverted with; None if that is not it."""
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


def _request(to: Address | None, data: bytes, block: BlockRef) -> tuple[str, tuple[Any, ...]]:
    call = {"data": "0x" + data.hex(), "gas": hex(GAS)} | ({} if to is None else {"to": to})
    return "eth_call", (call, block_ref(block))


def _outage(reply: Any) -> UpstreamUnavailableError:
    """No answer of the contract: worth trying again, whatever the node's words were."""
    if isinstance(reply, UpstreamUnavailableError):
        return reply
    words = reply.detail if isinstance(reply, SteadymintError) else "A node answered with something else"
    return UpstreamUnavailableError(words)


_ARGUMENTS: Final = ("address", "uint256", "bytes[]")
_STATUSES: Final[dict[int, Unanswered | None]] = {
    0: Unanswered.REVERTED,
    1: None,
    2: Unanswered.TOO_LARGE,
    3: Unanswered.OUT_OF_GAS,
}
_AGAIN: Final = frozenset({Unanswered.TOO_LARGE, Unanswered.OUT_OF_GAS})
"""What is worth asking by itself."""


@cache
def _creation_code() -> bytes:
    return bytes.fromhex(load_artifact("Multicall").bytecode[2:])
