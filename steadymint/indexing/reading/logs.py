"""Logs and headers as a node sends them, and topic 0 of an event.

Numbers stay hex until they are needed. `words` and the subjects read a log's topics and data.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec


class Log(msgspec.Struct, gc=False, rename="camel"):
    """One entry of `eth_getLogs`. Numbers stay hex until they are needed."""

    address: str
    topics: list[str]
    data: str
    block_number: str
    block_hash: str
    transaction_hash: str
    log_index: str
    transaction_index: str | None = None
    block_timestamp: str | None = None
    removed: bool = False


class Header(msgspec.Struct, gc=False, rename="camel"):
    """The part of a block's header that is needed."""

    number: str
    hash: str
    parent_hash: str
    timestamp: str
    logs_bloom: str = ""

    @property
    def height(self) -> int:
        return int(self.number, 16)

    @property
    def time(self) -> int:
        """Unix seconds."""
        return int(self.timestamp, 16)


class RpcFault(msgspec.Struct):
    """The `error` member of a JSON-RPC reply."""

    code: int = 0
    message: str = ""
    data: Any = None


class LogsReply(msgspec.Struct):
    result: list[Log] | None = None
    error: RpcFault | None = None


logs_reply: Final = msgspec.json.Decoder(LogsReply)
