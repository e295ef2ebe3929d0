"""The client of a chain: typed calls, and one client per chain that follows the registry."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

from steadymint.chain.nodes.budget import Budget, Redis, SharedBudget
from steadymint.chain.nodes.chain import Chain
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.errors import UnknownBlockError, is_nodes_fault, of_the_node
from steadymint.chain.nodes.registry import ChainRegistry
from steadymint.chain.nodes.rpc import Call, RpcClient
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.transactions import SeenTransaction
from steadymint.domain.types import Address, BlockHash, BlockNumber, ChainId, TxHash, Wei, parse_bytes32
from steadymint.domain.upstreams import Upstream

CLOSE_AFTER: Final = 60.0
"""Seconds for which a replaced client stays open, so that its running calls can end."""

BlockTag = Literal["latest", "safe", "finalized", "earliest"]
BlockRef = int | str
"""A number, a hash, or a `BlockTag`."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Header:
    """The part of a block's header that we use."""

    number: BlockNumber
    hash: BlockHash
    parent_hash: BlockHash
    timestamp: int
    """Unix seconds."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt of a transaction. `logs` are as the node sent them."""

    tx_hash: TxHash
    block_number: BlockNumber
    block_hash: BlockHash
    succeeded: bool
    logs: tuple[dict[str, Any], ...]


class EvmClient:
    """Typed calls over an `RpcClient`. All of them raise its errors. A reply of the wrong shape counts as an outage.

    `timeout` is in seconds and covers all endpoints.
    """

    def __init__(self, rpc: RpcClient) -> None:
        self.rpc = rpc

    async def block_number(self, *, timeout: float | None = None) -> BlockNumber:
        return BlockNumber(_read(quantity, await self.rpc.call("eth_blockNumber", timeout=timeout)))

    async def heads(self, *, timeout: float | None = None) -> dict[int, BlockNumber | SteadymintError]:
        """The newest block of each endpoint, by the endpoint's number; the error of one that does not tell it."""
        answers = await self.rpc.of_each("eth_blockNumber", timeout=timeout)
        return {number: _number_or_error(answer) for number, answer in answers.items()}

    async def header(self, block: BlockRef, *, timeout: float | None = None) -> Header:
        """Raises UnknownBlockError if the node does not have the block."""
        found = await self.rpc.call(*_header_call(block), timeout=timeout)
        if found is None:
            raise UnknownBlockError
        return _read(header_of, found)

    async def headers(self, blocks: Sequence[BlockRef], *, timeout: float | None = None) -> list[Header]:
        """The headers in the order of `blocks`. Raises UnknownBlockError if one of them is missing."""
        found = await self._batch([_header_call(block) for block in blocks], timeout)
        if any(block is None for block in found):
            raise UnknownBlockError
        return [_read(header_of, block) for block in found]

    async def answered_receipts(self, hashes: Sequence[TxHash]) -> dict[TxHash, Receipt | None]:
        """The receipts that nodes have answered, None where there is no receipt. On a node that bears few calls some
        may be left out. Raises only if none was answered."""
        answers = await self.rpc.batch([("eth_getTransactionReceipt", (tx_hash,)) for tx_hash in hashes])
        return {
            tx_hash: _read(receipt_of, receipt) if receipt and receipt.get("blockNumber") else None
            for tx_hash, receipt in zip(hashes, answers, strict=True)
            if not isinstance(receipt, SteadymintError)
        }

    async def receipts(self, hashes: Sequence[TxHash], *, timeout: float | None = None) -> list[Receipt | None]:
        """The receipts in the order of `hashes`; None where there is no receipt."""
        found = await self._batch([("eth_getTransactionReceipt", (tx_hash,)) for tx_hash in hashes], timeout)
        return [_read(receipt_of, receipt) if receipt and receipt.get("blockNumber") else None for receipt in found]

    async def transactions(
        self, hashes: Sequence[TxHash], *, timeout: float | None = None
    ) -> list[SeenTransaction | None]:
        """The transactions in the order of `hashes`, pending ones included; None where the node knows none."""
        found = await self._batch([("eth_getTransactionByHash", (tx_hash,)) for tx_hash in hashes], timeout)
        return [None if seen is None else _read(transaction_of, seen) for seen in found]

    async def block_transactions(self, block: BlockRef) -> list[SeenTransaction]:
        """All transactions of a block. Raises UnknownBlockError."""
        method, (ref, _) = _header_call(block)
        found = await self.rpc.call(method, (ref, True))
        if found is None:
            raise UnknownBlockError
        return _read(lambda block: [transaction_of(seen) for seen in block["transactions"]], found)

    async def transaction_count(self, address: Address, block: BlockRef = "latest") -> int:
        """The next nonce of `address` after `block`."""
        return _read(quantity, await self.rpc.call("eth_getTransactionCount", (address, block_ref(block))))

    async def transaction_counts(self, addresses: Sequence[Address], block: BlockRef) -> list[int]:
        found = await self._batch(
            [("eth_getTransactionCount", (address, block_ref(block))) for address in addresses], None
        )
        return [_read(quantity, count) for count in found]

    async def call(
        self,
        to: Address | None,
        data: str | bytes,
        *,
        from_: Address | None = None,
        value: int = 0,
        block: BlockRef = "latest",
        gas: int | None = None,
        timeout: float | None = None,
    ) -> bytes:
        """`eth_call`. Without `to`, the node runs the data as creation code. Raises ExecutionRevertedError with the
        data."""
        request: dict[str, str] = {"data": data if isinstance(data, str) else "0x" + data.hex()}
        if to is not None:
            request["to"] = to
        if from_ is not None:
            request["from"] = from_
        if value:
            request["value"] = hex(value)
        if gas is not None:
            request["gas"] = hex(gas)
        return _read(from_hex, await self.rpc.call("eth_call", (request, block_ref(block)), timeout=timeout))

    async def code(self, address: Address, block: BlockRef = "latest", *, timeout: float | None = None) -> bytes:
        return _read(from_hex, await self.rpc.call("eth_getCode", (address, block_ref(block)), timeout=timeout))

    async def logs(self, query: dict[str, Any], *, timeout: float | None = None) -> bytes:
        """The reply of `eth_getLogs` in bytes, for the caller's own decoder. Raises RangeTooLargeError."""
        return await self.rpc.raw("eth_getLogs", (query,), timeout=timeout)

    async def _batch(self, calls: Sequence[Call], timeout: float | None) -> list[Any]:
        if not calls:
            return []
        answers = await self.rpc.batch(calls, timeout=timeout)
        refused = next((answer for answer in answers if isinstance(answer, SteadymintError)), None)
        if refused is not None:
            raise of_the_node(refused) if is_nodes_fault(refused) else refused
        return answers


class ChainClients:
    """The clients of a process, one per chain. A client is replaced when the registry changes the chain's endpoints."""

    def __init__(self, registry: ChainRegistry, *, timeout: float | None = None, redis: Redis | None = None) -> None:
        """With `redis`, processes share the limits of endpoints that have one. Without it this process has them
        alone."""
        self.registry = registry
        self._timeout = timeout
        self._redis = redis
        self._clients: dict[ChainId, tuple[_Identity, EvmClient]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    async def of(self, chain_id: ChainId) -> EvmClient:
        """The client of an enabled chain. Raises UnknownChainError."""
        chain = await self.registry.get(chain_id)
        identity = (await self.registry.endpoints(chain_id), chain.genesis_hash)
        known = self._clients.get(chain_id)
        if known is not None and known[0] == identity:
            return known[1]
        client = EvmClient(self._open(chain, identity[0]))
        self._clients[chain_id] = (identity, client)
        if known is not None:
            self._close_later(known[1])
        return client

    async def close(self) -> None:
        for task in self._closing:
            task.cancel()
        await asyncio.gather(*self._closing, return_exceptions=True)
        clients = [client for _, client in self._clients.values()]
        self._clients.clear()
        await asyncio.gather(*(client.rpc.close() for client in clients))

    def _open(self, chain: Chain, endpoints: Sequence[EndpointConfig]) -> RpcClient:
        options: dict[str, Any] = {} if self._timeout is None else {"timeout": self._timeout}
        return RpcClient(chain.chain_id, endpoints, genesis_hash=chain.genesis_hash, budgets=self._budget, **options)

    def _budget(self, endpoint: EndpointConfig) -> Budget | None:
        if self._redis is None or endpoint.rate_limit is None:
            return None
        return SharedBudget(self._redis, endpoint.id, endpoint.rate_limit)

    def _close_later(self, client: EvmClient) -> None:
        async def close() -> None:
            try:
                await asyncio.sleep(CLOSE_AFTER)
            finally:
                await client.rpc.close()

        task = asyncio.create_task(close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


_Identity = tuple[tuple[EndpointConfig, ...], str | None]


def read_header(block: Any) -> Header:
    """The header in a block that a node has answered. Raises UpstreamUnavailableError for another shape."""
    return _read(header_of, block)


def block_ref(block: BlockRef) -> str | dict[str, str]:
    """A block in the form of state queries: a hex number, a tag, or a hash (EIP-1898)."""
    if isinstance(block, int):
        return hex(block)
    return {"blockHash": block} if block.startswith("0x") else block


def quantity(value: Any) -> int:
    return int(value, 16)


def from_hex(value: Any) -> bytes:
    if value[:2] != "0x":
        raise ValueError("not hex data")
    return bytes.fromhex(value[2:])


def header_of(block: Any) -> Header:
    """The header in an answer of `eth_getBlockBy*` or in a `newHeads` notification."""
    return Header(
        number=BlockNumber(quantity(block["number"])),
        hash=BlockHash(parse_bytes32(block["hash"])),
        parent_hash=BlockHash(parse_bytes32(block["parentHash"])),
        timestamp=quantity(block["timestamp"]),
    )


def receipt_of(receipt: Any) -> Receipt:
    return Receipt(
        tx_hash=TxHash(receipt["transactionHash"]),
        block_number=BlockNumber(quantity(receipt["blockNumber"])),
        block_hash=BlockHash(receipt["blockHash"]),
        succeeded=quantity(receipt["status"]) == 1,
        logs=tuple(receipt["logs"]),
    )


def transaction_of(seen: Any) -> SeenTransaction:
    mined = seen.get("blockNumber")
    return SeenTransaction(
        tx_hash=TxHash(seen["hash"]),
        sender=Address(seen["from"].lower()),
        to=Address(seen["to"].lower()) if seen["to"] else None,
        data=seen["input"].lower(),
        value=Wei(quantity(seen["value"])),
        nonce=quantity(seen["nonce"]),
        block_number=None if mined is None else quantity(mined),
    )


def _number_or_error(answer: Any | SteadymintError) -> BlockNumber | SteadymintError:
    if isinstance(answer, SteadymintError):
        return answer
    try:
        return BlockNumber(_read(quantity, answer))
    except UpstreamUnavailableError as error:
        return error


def _header_call(block: BlockRef) -> tuple[str, tuple[str, bool]]:
    if isinstance(block, str) and block.startswith("0x"):
        return "eth_getBlockByHash", (block, False)
    return "eth_getBlockByNumber", (hex(block) if isinstance(block, int) else block, False)


def _read(parse: Callable[[Any], _T], value: Any) -> _T:
    try:
        return parse(value)
    except (TypeError, ValueError, KeyError, AttributeError, IndexError):
        raise UpstreamUnavailableError(
            "The chain's node answered with something of another shape", upstream=Upstream.NODE
        ) from None
