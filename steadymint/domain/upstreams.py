"""The parts that an answer of ours depends on, by the names that a 503 calls them."""

from __future__ import annotations

from enum import StrEnum


class Upstream(StrEnum):
    """The member `upstream` of a problem. It names a kind of part, never an address."""

    POSTGRES = "postgres"
    REDIS = "redis"
    MONGO = "mongo"
    TEMPORAL = "temporal"
    """Temporal, or no worker serves the flow's queue."""
    NODE = "node"
    """The nodes of the chain."""
    INDEX = "index"
    """The index of the chain has not come so far yet."""
    MEDIA_STORE = "media_store"
    PINNING = "pinning"
    DECODER = "decoder"
    """The process that decodes pictures, or the disk that it writes to."""
    STREAM = "stream"
    """The stream of events itself: it is as old as it may get, its reader was too slow, or its process is stopping."""
