"""The inputs and results of the media flows. All of them are in workflow history.

They name no user: an asset is content, and its owners are in the asset's record.
"""

from __future__ import annotations

from typing import Final, Literal

from steadymint.domain.media import MediaId, MediaKind
from steadymint.domain.record import Record

PROCESS_MEDIA: Final = "ProcessMedia"
SWEEP_MEDIA: Final = "SweepMedia"


class ProcessOrder(Record):
    """The order to render and pin one asset."""

    media_id: MediaId


class Rendered(Record):
    """The result of `render_variants`."""

    kind: MediaKind
    cid: str
    variants: int = 0
    refused: str | None = None
    """The code of the error because of which there are no variants. The original is still served."""
    pin_to: tuple[str, ...] = ()
    """The services at which the asset must be pinned."""


class PinOrder(Record):
    """The order to pin one asset at one service."""

    media_id: MediaId
    target: str


class Processed(Record):
    """The result of a flow."""

    media_id: MediaId
    variants: int
    pins: tuple[str, ...] = ()


class SweepOrder(Record):
    """The order for one round of a sweep."""

    what: Literal["stalled", "orphans"]


class Swept(Record):
    """The result of a round."""

    started: int = 0
    """The number of flows started for stalled assets."""
    deleted: int = 0
    """The number of objects without a record that were deleted."""


def workflow_id_of(media_id: MediaId) -> str:
    return f"media:{media_id}"
