"""The logs of one block, in whichever way a node gives them: by `eth_getLogs`, or from the receipts.

A block cannot be asked for in a narrower range. So a refusal is asked at every endpoint, then of the block's receipts,
then of each transaction's receipt. What a node says with a refusal does not matter.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import msgspec

from steadymint.chain.nodes.errors import NodeRefusedError, NodeThrottledError, UnknownBlockError
from steadymint.chain.nodes.rpc import BACKGROUND_TIMEOUT
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.replies import Reply

DELAYS: Final = 3
"""Times in a row that a block may be unknown or throttled before that is taken for a refusal. Both usually pass by
themselves: the node catches up, or bears more calls later."""


class Rpc(Protocol):
    """What is used of `steadymint.chain.nodes.rpc.RpcClient`."""

    async def raw(
        self,
        method: str,
        params: Sequence[Any] = (),
        *,
        timeout: float | None = None,
        is_large: bool = False,
        anywhere: bool = False,
    ) -> bytes: ...

    async def batch(
        self, calls: Sequence[tuple[str, Sequence[Any]]], *, timeout: float | None = None
    ) -> list[Any | SteadymintError]: ...

    async def spare(self, calls: int) -> tuple[Rpc, int]: ...


class ForkedReplyError(UpstreamUnavailableError):
    """Two answers of the node belong to different forks, or to none. Ask again."""

    title = "The chain's node changed forks while we were reading"


class Filter(NamedTuple):
    """Which logs are wanted."""

    topics: Sequence[str]
    contract: str | None

    def query(self, **blocks: str) -> dict[str, Any]:
        """The parameter of `eth_getLogs`."""
        address = {} if self.contract is None else {"address": self.contract}
        return {"topics": [list(self.topics)], **address, **blocks}

    def of(self, receipts: Sequence[_Receipt]) -> list[Log]:
        """The wanted logs of some receipts."""
        topics = set(self.topics)
        logs = [log for receipt in receipts for log in receipt.logs if log.topics and log.topics[0] in topics]
        return logs if self.contract is None else [log for log in logs if log.address == self.contract]


class Block(NamedTuple):
    """A block to read. `hash` is None where any block of this number will do, because the caller checks the fork."""

    number: int
    hash: str | None = None


class BlockLogs:
    """Reads single blocks."""

    def __init__(self, rpc: Rpc, wanted: Filter) -> None:
        self._rpc = rpc
        self._filter = wanted
        self._takes_hashes = True
        """Whether the nodes take `blockHash` in a filter (EIP-234)."""
        self._delays: dict[Block, int] = {}

    async def read(self, block: Block, *, refused: bool = False) -> Reply:
        """The block's logs. With `refused` a well node is known not to take this block, so
        nothing that it says passes by waiting.

        Raises:
            ForkedReplyError: the logs are of another block of this number.
            UnknownBlockError, NodeThrottledError: the node lags, or bears no more calls; try again.
            SteadymintError: the block is refused in every way.
        """
        ways: list[_Way] = [self._by_number, self.from_receipts, self._from_each_receipt]
        if block.hash is not None and self._takes_hashes:
            ways.insert(0, self._by_hash)
        refusal: SteadymintError | None = None
        for way in ways:
            try:
                found = await way(block)
            except ForkedReplyError:
                raise
            except SteadymintError as error:
                if (
                    not refused
                    and isinstance(error, UnknownBlockError | NodeThrottledError)
                    and self._is_passing(block)
                ):
                    raise
                refusal = refusal or error
            else:
                self._delays.pop(block, None)
                if way == self._by_number and isinstance(refusal, NodeRefusedError):
                    self._takes_hashes = False
                return found
        assert refusal is not None
        raise refusal

    async def from_receipts(self, block: Block) -> Reply:
        """The logs in `eth_getBlockReceipts`, which is another index of the node than that of `eth_getLogs`."""
        reply = await self._raw("eth_getBlockReceipts", hex(block.number))
        try:
            receipts = _receipts.decode(reply).result
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise UpstreamUnavailableError("The chain's node answered with something that are no receipts") from None
        if receipts is None:
            raise UnknownBlockError
        return Reply(self._wanted(receipts, block))

    def _is_passing(self, block: Block) -> bool:
        """Whether a delay of this block may still pass by itself."""
        delays = self._delays.get(block, 0) + 1
        self._delays = {block: delays}
        return delays <= DELAYS

    async def _by_hash(self, block: Block) -> Reply:
        assert block.hash is not None
        return await self._logs(block, self._filter.query(blockHash=block.hash))

    async def _by_number(self, block: Block) -> Reply:
        return await self._logs(block, self._filter.query(fromBlock=hex(block.number), toBlock=hex(block.number)))

    async def _from_each_receipt(self, block: Block) -> Reply:
        (found,) = await self._batch([("eth_getBlockByNumber", (hex(block.number), False))])
        if found is None:
            raise UnknownBlockError
        hashes = _convert(found, _Transactions)
        if block.hash is not None and hashes.hash != block.hash:
            raise ForkedReplyError
        answers = await self._batch([("eth_getTransactionReceipt", (tx_hash,)) for tx_hash in hashes.transactions])
        if any(answer is None for answer in answers):
            raise UnknownBlockError
        receipts = [_convert(answer, _Receipt) for answer in answers]
        return Reply(self._wanted(receipts, Block(block.number, hashes.hash)))

    async def _logs(self, block: Block, query: dict[str, Any]) -> Reply:
        reply = Reply.of(await self._raw("eth_getLogs", query))
        if block.hash is not None and any(log.block_hash != block.hash for log in reply.logs):
            raise ForkedReplyError
        return reply

    def _wanted(self, receipts: Sequence[_Receipt], block: Block) -> list[Log]:
        logs = self._filter.of(receipts)
        told = {log.block_hash for log in logs} | {receipt.block_hash for receipt in receipts if receipt.block_hash}
        if len(told | ({block.hash} if block.hash is not None else set())) > 1:
            raise ForkedReplyError
        return logs

    async def _raw(self, method: str, *params: Any) -> bytes:
        return await self._rpc.raw(method, params, timeout=BACKGROUND_TIMEOUT, is_large=True, anywhere=True)

    async def _batch(self, calls: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        answers = await self._rpc.batch(calls, timeout=BACKGROUND_TIMEOUT) if calls else []
        for answer in answers:
            if isinstance(answer, SteadymintError):
                raise answer
        return answers


_Way = Callable[[Block], Awaitable[Reply]]


class _Receipt(msgspec.Struct, gc=False, rename="camel"):
    logs: list[Log]
    block_hash: str = ""


class _ReceiptsReply(msgspec.Struct):
    result: list[_Receipt] | None = None


class _Transactions(msgspec.Struct):
    """A block's hash and its transactions' hashes."""

    hash: str
    transactions: list[str]


_T = TypeVar("_T")
_receipts: Final = msgspec.json.Decoder(_ReceiptsReply)


def _convert(answer: Any, shape: type[_T]) -> _T:
    try:
        return msgspec.convert(answer, shape)
    except msgspec.ValidationError:
        raise UpstreamUnavailableError("The chain's node answered with something of another shape") from None
