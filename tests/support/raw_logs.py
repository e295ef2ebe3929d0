"""What stands in a document of `events.raw`."""

from __future__ import annotations

import json
import zlib
from typing import Any

from steadymint.documents import Document


def unpacked(document: Document) -> list[dict[str, Any]]:
    """The logs as the node wrote them. Their blocks must be those that the document speaks of."""
    logs = json.loads(zlib.decompress(document["logs"]))
    blocks = [int(log["blockNumber"], 16) for log in logs]
    assert (document["firstBlock"], document["lastBlock"]) == (min(blocks), max(blocks))
    return logs
