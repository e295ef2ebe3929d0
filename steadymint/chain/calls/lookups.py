"""Small questions to many contracts, in one round trip.

They go out as one JSON-RPC batch, each of whose calls asks up to `multicall.CALLS` questions. A question that used up
its share of the gas is repeated alone, with all others of its kind in one more batch. Whatever a contract does, its
question ends as `Unanswered`, and those beside it are answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from steadymint.chain.calls.multicall import (
    GAS,
    TIMEOUT,
    Answer,
    Unanswered,
    answers_in,
    ask_plainly,
    calls_in_one,
    chunks_of,
    eth_call,
    outage,
    packed_call,
)
from steadymint.chain.nodes.client import BlockRef, EvmClient, Header, read_header
from steadymint.chain.nodes.errors import (
    ExecutionRevertedError,
    ExecutionTooLongError,
    NodeRefusedError,
)
from steadymint.chain.nodes.questions import Call
from steadymint.domain.types import Address

MAX_ANSWER: Final = 1024
"""Bytes of an answer. The longest that is read has four words; what is longer is no answer to these questions."""
LONE_GAS: Final = 8_000_000
"""Gas of a question that is repeated alone: enough for a wallet that checks a passkey in Solidity, and little for a
node that is sent fifty endless loops."""
LATEST: Final[Call] = ("eth_getBlockByNumber", ("latest", False))
"""The question for the newest header."""
CALL_GAS: Final = 60_000
"""Gas of a call before it runs anything: 21,000, 32,000 for creation code, and 2 for each word of it (EIP-3860)."""
BYTE_GAS: Final = 40
"""Gas for a byte of a call's data, at most (EIP-7623)."""
PLAIN_CALLS: Final = 50
"""Plain calls in one request, to nodes that run no creation code. They serve answers of a few words each."""


class Lookup(NamedTuple):
    """A question to a contract. Two that are equal have one answer."""

    to: Address
    data: bytes
    """The calldata. Without any, the answer is the size of the code at the address, in a word."""


async def look_up(
    client: EvmClient, lookups: Sequence[Lookup], *, block: BlockRef = "latest", gas_each: int | None = None
) -> dict[Lookup, Answer]:
    """The answers as of one block; "latest" may be two blocks, one after the other.

    `gas_each` is what a question may use, whatever the node. One that uses it up is not repeated: contracts of
    strangers must not order work by the list.

    Raises UpstreamUnavailableError when no node answers, UnknownBlockError when no node has the block's state.
    """
    answers, _ = await _look_up(client, lookups, block, gas_each=gas_each)
    return answers


async def look_up_now(
    client: EvmClient, lookups: Sequence[Lookup], *, gas_each: int | None = None
) -> tuple[dict[Lookup, Answer], Header]:
    """The answers as of the newest block, and the newest header, in the same round trip.

    The two may be several blocks apart, either way: behind one endpoint stand many nodes, each of which answers a part
    of the batch as of the newest block that it knows, and a question that is repeated is answered later than the
    header. Raises as `look_up` does.
    """
    answers, header = await _look_up(client, lookups, "latest", LATEST, gas_each=gas_each)
    return answers, read_header(header) if isinstance(header, dict) else await client.header("latest")


async def _look_up(
    client: EvmClient,
    lookups: Sequence[Lookup],
    block: BlockRef,
    beside: Call | None = None,
    *,
    gas_each: int | None,
) -> tuple[dict[Lookup, Answer], Any]:
    """The answers, and the reply to the call beside them."""
    asked = list(dict.fromkeys(lookups))
    calls = [packed_call(*lookup) for lookup in asked]
    chunks = [range(begin, end) for begin, end in chunks_of(calls)]
    answers, reply = await _in_chunks(client, calls, chunks, block, beside, gas_each=gas_each)
    again = [index for index in range(len(calls)) if answers.get(index) in (None, Unanswered.OUT_OF_GAS)]
    if again and gas_each is None:
        alone, _ = await _in_chunks(client, calls, [range(index, index + 1) for index in again], block, gas=LONE_GAS)
        answers |= alone
    answers |= {index: Unanswered.OUT_OF_GAS for index in again if index not in answers}
    return {lookup: answers[index] for index, lookup in enumerate(asked)}, reply


async def _in_chunks(
    client: EvmClient,
    calls: Sequence[bytes],
    chunks: Sequence[range],
    block: BlockRef,
    beside: Call | None = None,
    *,
    gas: int = GAS,
    gas_each: int | None = None,
) -> tuple[dict[int, Answer], Any]:
    """The answers by index, from one batch with a call for each chunk, and the reply to the call beside them. A chunk
    that has no answers as a whole, because it took too long, is left out."""
    if not chunks:
        return {}, None
    requests = [_request([calls[index] for index in chunk], block, gas, gas_each) for chunk in chunks]
    if beside is not None:
        requests.append(beside)
    try:
        replies: Sequence[Any] = await client.rpc.batch(requests, timeout=TIMEOUT)
    except (NodeRefusedError, ExecutionTooLongError) as refused:
        replies = [refused] * len(requests)
    found: dict[int, Answer] = {}
    for chunk, reply in zip(chunks, replies, strict=False):
        answers = await _read(client, [calls[index] for index in chunk], reply, block, gas_each)
        found |= zip(chunk, answers, strict=False)
    return found, None if beside is None else replies[-1]


def _request(calls: Sequence[bytes], block: BlockRef, gas: int, gas_each: int | None) -> Call:
    """The call that makes these calls. The creation code gives each an equal share, and keeps one for the answers."""
    data = calls_in_one(calls, MAX_ANSWER)
    if gas_each is not None:
        gas = min(gas, CALL_GAS + BYTE_GAS * len(data) + gas_each * (len(calls) + 1))
    return eth_call(None, data, block, gas)


async def _read(
    client: EvmClient, calls: Sequence[bytes], reply: Any, block: BlockRef, gas_each: int | None
) -> list[Answer]:
    """The answers in the reply for a chunk. None of them if the node gave up on it."""
    if isinstance(reply, ExecutionTooLongError):
        return []
    if isinstance(reply, ExecutionRevertedError) and (answers := answers_in(reply.data, len(calls))) is not None:
        return answers
    # The node takes no creation code in a call, or less of it, or leaves out the data of a revert.
    if isinstance(reply, ExecutionRevertedError | NodeRefusedError | str):
        return await _plainly(client, calls, block, LONE_GAS if gas_each is None else CALL_GAS + gas_each)
    raise outage(reply)


async def _plainly(client: EvmClient, calls: Sequence[bytes], block: BlockRef, gas: int) -> list[Answer]:
    found: list[Answer] = []
    for at in range(0, len(calls), PLAIN_CALLS):
        found += await _few_plainly(client, calls[at : at + PLAIN_CALLS], block, gas)
    return [Unanswered.TOO_LARGE if isinstance(one, bytes) and len(one) > MAX_ANSWER else one for one in found]


async def _few_plainly(client: EvmClient, calls: Sequence[bytes], block: BlockRef, gas: int) -> list[Answer]:
    """The answers from one request. If its reply is larger than we read, the calls are halved until those that make it
    so are alone: no contract costs another its answer."""
    answers = await ask_plainly(client, calls, block, gas=gas)
    if len(calls) == 1 or any(answer is not Unanswered.TOO_LARGE for answer in answers):
        return answers
    halves = calls[: len(calls) // 2], calls[len(calls) // 2 :]
    return [answer for half in halves for answer in await _few_plainly(client, half, block, gas)]
