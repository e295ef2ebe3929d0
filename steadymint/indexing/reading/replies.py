"""What a node answered when it was asked for logs: the logs, and the text they came in."""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.indexing.reading.logs import Log, logs_reply


class Reply(NamedTuple):
    """One answer, and what it says."""

    logs: list[Log]
    text: bytes = b""
    """The whole answer to `eth_getLogs`; empty if the logs were put together from receipts."""

    @classmethod
    def of(cls, text: bytes) -> Reply:
        """Raises UpstreamUnavailableError if these are no logs."""
        try:
            return cls(logs_reply.decode(text).result or [], text)
        except msgspec.MsgspecError:
            raise UpstreamUnavailableError("The chain's node answered with something that are no logs") from None

    def array(self) -> bytes:
        """The JSON array of the logs, as the node wrote it."""
        return bytes(_array.decode(self.text).result) if self.text else _encoder.encode(self.logs)

    def texts(self) -> list[bytes]:
        """The JSON object of each log, as the node wrote it."""
        if not self.text:
            return [_encoder.encode(log) for log in self.logs]
        return [bytes(text) for text in _texts.decode(self.text).result or ()]


class _Array(msgspec.Struct):
    result: msgspec.Raw


class _Texts(msgspec.Struct):
    result: list[msgspec.Raw] | None = None


_array: Final = msgspec.json.Decoder(_Array)
_texts: Final = msgspec.json.Decoder(_Texts)
_encoder: Final = msgspec.json.Encoder()
