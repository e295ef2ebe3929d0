"""What a node answered when it was asked for logs: the logs, or columns of them, and the text they came in."""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.indexing.reading.columns import Columns, Scanner
from steadymint.indexing.reading.logs import Log, logs_reply
from steadymint.indexing.subjects.movements.topics import CONSECUTIVE_TRANSFER


class Reply(NamedTuple):
    """One answer, and what it says."""

    logs: list[Log]
    """All of them, or the rest of those that are in `columns`."""
    text: bytes = b""
    """The whole answer to `eth_getLogs`; empty if the logs were put together from receipts."""
    columns: Columns | None = None
    """Its plain transfers, if it was read by columns."""

    @classmethod
    def of(cls, text: bytes, scanner: Scanner | None = None) -> Reply:
        """With a scanner it is read by columns if it can be. Raises UpstreamUnavailableError if these are no logs."""
        columns = None if scanner is None else scanner.scan(text)
        if columns is not None:
            return cls(columns.rest, text, columns)
        try:
            logs = logs_reply.decode(text).result
        except (msgspec.MsgspecError, UnicodeDecodeError):
            logs = None
        if logs is None:
            raise UpstreamUnavailableError("The chain's node answered with something that are no logs")
        return cls(logs, text)

    def __len__(self) -> int:
        return len(self.logs) + (0 if self.columns is None else len(self.columns))

    def ranges(self) -> int:
        """How many of the logs move a range of tokens at once (EIP-2309): a few bytes that make thousands of rows."""
        if self.text:
            return self.text.count(_RANGE)
        return sum(log.topics[:1] == [CONSECUTIVE_TRANSFER] for log in self.logs)

    def decoded(self) -> Reply:
        """The same, with every log as an object."""
        return self if self.columns is None else Reply.of(self.text)

    def blocks(self) -> tuple[int, int]:
        """The first and the last block that have a log. There must be one."""
        numbers = [int(log.block_number, 16) for log in self.logs]
        if self.columns is not None:
            numbers += [int(self.columns.blocks[0]), int(self.columns.blocks[-1])]
        return min(numbers), max(numbers)

    def addresses(self) -> set[str]:
        """Contracts that the logs are of."""
        return {log.address for log in self.logs}.union(() if self.columns is None else self.columns.contracts.names)

    def addresses_in(self, block: int) -> set[str]:
        """Contracts that have a log in this block."""
        found = {log.address for log in self.logs if int(log.block_number, 16) == block}
        if self.columns is not None:
            contracts = self.columns.contracts
            found.update(contracts.names[number] for number in set(contracts.numbers[self.columns.blocks == block]))
        return found

    def last(self) -> tuple[int, str] | None:
        """Number and hash of the block of the last log."""
        if self.columns is not None:
            return self.columns.last()
        return (int(self.logs[-1].block_number, 16), self.logs[-1].block_hash) if self.logs else None

    def timeless(self) -> set[str]:
        """Numbers (hex) of blocks whose time the logs do not say."""
        timeless = set() if self.columns is None else set(self.columns.timeless)
        return timeless.union(log.block_number for log in self.logs if log.block_timestamp is None)

    def array(self) -> bytes:
        """The JSON array of the logs, as the node wrote it."""
        return bytes(_array.decode(self.text).result) if self.text else _encoder.encode(self.logs)

    def texts(self) -> list[bytes]:
        """The JSON object of each log, as the node wrote it."""
        if not self.text:
            return [_encoder.encode(log) for log in self.logs]
        return [bytes(text) for text in _texts.decode(self.text).result or ()]


_RANGE: Final = CONSECUTIVE_TRANSFER.encode()


class _Array(msgspec.Struct):
    result: msgspec.Raw


class _Texts(msgspec.Struct):
    result: list[msgspec.Raw] | None = None


_array: Final = msgspec.json.Decoder(_Array)
_texts: Final = msgspec.json.Decoder(_Texts)
_encoder: Final = msgspec.json.Encoder()
