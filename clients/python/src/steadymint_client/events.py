"""Server-Sent Events, as the HTML standard has them."""

from __future__ import annotations

import codecs
import io
import json
from dataclasses import dataclass, field
from typing import Any

from steadymint_client.models import IntentView


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event of a stream."""

    id: str
    data: str


class StreamLines:
    """Makes lines of the bytes of a stream. A line ends with CR, LF or both, and with nothing else that ends lines
    elsewhere, such as U+2028."""

    def __init__(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
        self._decoder = io.IncrementalNewlineDecoder(decoder, translate=True)
        self._rest = ""

    def take(self, chunk: bytes) -> list[str]:
        """The lines that end in these bytes."""
        *lines, self._rest = (self._rest + self._decoder.decode(chunk)).split("\n")
        return lines


@dataclass(slots=True)
class EventLines:
    """Makes events of the lines of a stream that begins behind the event `last_id`."""

    last_id: str = ""
    """The last id that the stream has named, with an event or by itself."""
    _id: str = field(init=False)
    _data: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self._id = self.last_id

    def take(self, line: str) -> ServerEvent | None:
        """The event that ends with this line, if one does."""
        if not line:
            self.last_id = self._id
            event = ServerEvent(self._id, "\n".join(self._data)) if self._data else None
            self._data = []
            return event
        name, _, value = line.partition(":")
        if name == "id":
            self._id = value.removeprefix(" ")
        elif name == "data":
            self._data.append(value.removeprefix(" "))
        return None


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """A step of an intent."""

    seq: int
    """Its number, from 1. Give it as `after` to go on behind it."""
    data: dict[str, Any]
    """The intent as JSON."""
    sped_up_from: str | None = None
    """The hash that the wallet had given, where it has replaced the transaction by one that pays more."""

    @property
    def intent(self) -> IntentView:
        """The intent as a model."""
        return IntentView.model_validate(self.data)

    @property
    def step(self) -> str:
        return self.data["step"]

    @property
    def final(self) -> bool:
        """Whether the intent has ended."""
        return self.data["status"] != "pending"


def status_event(event: ServerEvent, hash_before: str | None) -> StatusEvent:
    """The event of an intent's stream. `hash_before` is the transaction's hash as the events before it had it."""
    data: dict[str, Any] = json.loads(event.data)
    changed = hash_before is not None and data.get("txHash", hash_before) != hash_before
    return StatusEvent(int(event.id), data, hash_before if changed else None)
