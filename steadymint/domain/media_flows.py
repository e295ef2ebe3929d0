"""What the flows of media are told and what they answer. All of it is in workflow history.

No user is among it: an asset is content, and who has uploaded it is in the asset's document.
"""

from __future__ import annotations

from typing import Final, Literal

from steadymint.domain.media import MediaId, MediaKind
from steadymint.domain.record import Record

PROCESS_MEDIA: Final = "ProcessMedia"
SWEEP_MEDIA: Final = "SweepMedia"


class ProcessOrder(Record):
    """Make of one asset what is to be made of it."""

    media_id: MediaId


class Rendered(Record):
    """What `render_variants` has left behind."""

    kind: MediaKind
    cid: str
    variants: int = 0
    refused: str | None = None
    """Why there are none and never will be: an error's code. The original is served all the same."""
    pin_to: tuple[str, ...] = ()
    """The services that the asset is to be pinned at."""


class PinOrder(Record):
    """Have one asset kept by one service."""

    media_id: MediaId
    target: str


class Processed(Record):
    """How a flow has ended."""

    media_id: MediaId
    variants: int
    pins: tuple[str, ...] = ()


class SweepOrder(Record):
    """One round of tidying up."""

    what: Literal["stalled", "orphans"]


class Swept(Record):
    """What a round has done."""

    started: int = 0
    """Flows of assets that had been waiting."""
    deleted: int = 0
    """Objects that nobody knew."""


def workflow_id_of(media_id: MediaId) -> str:
    return f"media:{media_id}"
