"""What a local stack decides for its processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from steadymint.settings import Settings
from steadymint.stack import configuration
from steadymint.stack.configuration import values
from steadymint.stack.embedded import EmbeddedStack


def test_front_ends_of_the_usual_development_servers_may_sign_in_and_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEADYMINT_AUTH__ALLOWED_ORIGINS", '["https://shop.example"]')
    monkeypatch.setattr(configuration, "load_settings", Settings)  # a process reads its settings once
    stack = EmbeddedStack(tmp_path, known_ports=False)
    decided = values(stack)
    usual = {f"http://{host}:{port}" for host in ("localhost", "127.0.0.1") for port in (3000, 5173, 4321, 8080)}
    for origins in (decided["auth"]["allowed_origins"], decided["api"]["cors_origins"]):
        assert usual | {"https://shop.example", stack.api_url} <= set(origins)
        assert len(origins) == len(set(origins))
