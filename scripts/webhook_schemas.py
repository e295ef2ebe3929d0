"""Writes `docs/webhook-events.schema.json`: `python scripts/webhook_schemas.py`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from api.http.messages import schemas_of  # noqa: E402
from api.market.bodies.webhook_events import MESSAGES  # noqa: E402

FILE = ROOT / "docs" / "webhook-events.schema.json"


def document() -> dict[str, Any]:
    """One JSON schema: any of the messages, each under its own name."""
    found: dict[str, Any] = {}
    for message in MESSAGES.values():
        found |= schemas_of(message, "#/$defs/{model}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What webhooks of Steadymint are sent",
        "oneOf": [{"$ref": f"#/$defs/{message.shape.__name__}"} for message in MESSAGES.values()],
        "$defs": dict(sorted(found.items())),
    }


def text() -> str:
    return json.dumps(document(), indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
