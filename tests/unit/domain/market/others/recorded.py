"""Logs of real transactions, each with the transaction and with where its bytes were found (`recorded.json`).

Topics and data are words in hex without leading zeros. Blur's `Execution`, which is rare, is not among them, nor is a
log of Seaport 1.2 to 1.4.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

_FILE: Final = Path(__file__).with_suffix(".json")


class Recorded(NamedTuple):
    topics: list[str]
    data: str
    role: str


def _words(text: str) -> list[str]:
    return [word.rjust(64, "0") for word in text.split()]


def _recorded(entry: dict[str, Any]) -> Recorded:
    return Recorded(
        ["0x" + word for word in _words(entry["topics"])], "0x" + "".join(_words(entry["data"])), entry["role"]
    )


LOGS: Final = {name: _recorded(entry) for name, entry in json.loads(_FILE.read_text()).items()}
