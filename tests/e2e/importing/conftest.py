"""Imports in small pieces."""

from __future__ import annotations

import pytest

from steadymint.indexing.importing import backfill, pieces
from tests.support.indexing import Index


@pytest.fixture(autouse=True)
def small_pieces(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that an import of a few blocks has many pieces, of the deep past and of the newest blocks."""
    index.chain["reorg_window"] = 8
    index.options["source"] = {"target_bytes": 2_000}
    monkeypatch.setattr(backfill, "TAIL_AT_ONCE", 3)
    monkeypatch.setattr(pieces, "LOGS_PER_PIECE", 4)
    monkeypatch.setattr(backfill, "LOOK_EVERY", 0.05)
