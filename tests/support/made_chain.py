"""A made-up chain that answers JSON-RPC calls by the book: what a fake provider serves where no real node is needed."""

from __future__ import annotations

from typing import Any

import msgspec

from steadymint.indexing.reading.logs import Log
from tests.support.forged_logs import ALICE, ZERO, transfer

CHAIN_NUMBER = 31337


class MadeChain:
    """Blocks 0 to `height` with `per_block` transfers each, one to a transaction."""

    def __init__(self, height: int, per_block: int = 1) -> None:
        self.height = height
        self.per_block = per_block

    def answer(self, call: dict[str, Any]) -> dict[str, Any]:
        """The reply to one call. What the chain does not have is null; an unknown method is an error."""
        method, params = call["method"], call["params"]
        known = {
            "eth_chainId": lambda: hex(CHAIN_NUMBER),
            "eth_blockNumber": lambda: hex(self.height),
            "eth_getBlockByNumber": lambda: self._block(self._number(params[0])),
            "eth_getBlockByHash": lambda: self._block(number_of(params[0])),
            "eth_getLogs": lambda: [_json(log) for log in self._asked(params[0])],
            "eth_getBlockReceipts": lambda: self._receipts(self._number(params[0])),
            "eth_getTransactionReceipt": lambda: self._receipt(params[0]),
        }
        if method not in known:
            return {"error": {"code": -32601, "message": f"the method {method} does not exist/is not available"}}
        return {"result": known[method]()}

    def logs(self, block: int) -> list[Log]:
        return [
            transfer(ZERO, ALICE, block, block=block, index=index, block_hash=hash_of(block))
            for index in range(self.per_block)
        ]

    def _number(self, tag: str) -> int:
        return self.height if tag == "latest" else int(tag, 16)

    def _asked(self, query: dict[str, Any]) -> list[Log]:
        first, last = blocks_of(query)
        return [log for block in range(first, min(last, self.height) + 1) for log in self.logs(block)]

    def _block(self, number: int) -> dict[str, Any] | None:
        if number > self.height:
            return None
        transactions = [log.transaction_hash for log in self.logs(number)]
        return {
            "number": hex(number),
            "hash": hash_of(number),
            "parentHash": hash_of(number - 1),
            "timestamp": hex(1_700_000_000 + number * 12),
            "logsBloom": "0x",
            "transactions": transactions,
        }

    def _receipts(self, number: int) -> list[dict[str, Any]] | None:
        if number > self.height:
            return None
        return [_receipt(log, hash_of(number)) for log in self.logs(number)]

    def _receipt(self, tx_hash: str) -> dict[str, Any] | None:
        block = int(tx_hash, 16) >> 32
        found = [log for log in self.logs(block) if log.transaction_hash == tx_hash]
        return _receipt(found[0], hash_of(block)) if found else None


def hash_of(block: int) -> str:
    return "0x" + (f"ff{block:062x}" if block >= 0 else "0" * 64)


def number_of(block_hash: str) -> int:
    return int(block_hash[4:], 16)


def blocks_of(query: dict[str, Any]) -> tuple[int, int]:
    """The first and the last block that a filter of `eth_getLogs` asks for."""
    if "blockHash" in query:
        return number_of(query["blockHash"]), number_of(query["blockHash"])
    return int(query["fromBlock"], 16), int(query["toBlock"], 16)


def _receipt(log: Log, block_hash: str) -> dict[str, Any]:
    return {"blockHash": block_hash, "transactionHash": log.transaction_hash, "logs": [_json(log)]}


def _json(log: Log) -> Any:
    return msgspec.to_builtins(log)
