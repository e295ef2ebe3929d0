"""A watch that looks often."""

from __future__ import annotations

import pytest

from activities import index_watch
from steadymint.domain import index_standing


@pytest.fixture
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_watch, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(index_watch, "SAY_AGAIN", 0.3)
    monkeypatch.setattr(index_watch, "LOOK_AT_NODES", 0.3)
    monkeypatch.setattr(index_standing, "STUCK_AFTER", 0.2)
