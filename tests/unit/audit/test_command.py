"""`steadymint audit` as an operator reads it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from typer.testing import CliRunner

from steadymint.audit.reading import Filter, SecurityEvent
from steadymint.cli import audit

EVENT = SecurityEvent(
    id=UUID(int=1),
    type="auth.sign_in_refused",
    description="A sign-in was refused: invalid_signature",
    severity="warning",
    user_id=UUID(int=2),
    wallet="0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
    ip="192.0.2.7",
    details={"result": "[red]x[/]"},
    at=datetime(2026, 1, 31, 12, tzinfo=UTC),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Filter]:
    """The filters of the command's searches, which find one event."""
    filters: list[Filter] = []

    async def search(wanted: Filter, limit: int) -> list[SecurityEvent]:
        filters.append(wanted)
        return [EVENT]

    monkeypatch.setattr(audit, "_search", search)
    return filters


async def run(*arguments: str) -> tuple[int, str]:
    result = await asyncio.to_thread(CliRunner().invoke, audit.app, list(arguments))
    return result.exit_code, result.output


async def test_events_are_a_table_for_people_and_a_line_of_json_each_for_programs(asked: list[Filter]) -> None:
    code, table = await run("--type", "auth", "--severity", "warning", "--ip", "192.0.2.0/24", "--since", "7d")
    assert code == 0
    assert "2026-01-31 12:00:00" in table
    assert "[red]x[/]" in table, "markup of strangers is no style"
    assert (asked[0].type, asked[0].at_least, asked[0].ip) == ("auth", "warning", "192.0.2.0/24")
    code, line = await run("--json")
    shown = json.loads(line)
    assert code == 0
    assert shown["at"] == "2026-01-31T12:00:00.000Z"
    assert shown["wallet"] == "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"


async def test_a_filter_that_means_nothing_is_refused(asked: list[Filter]) -> None:
    for arguments in (("--type", "nonsense"), ("--since", "soon"), ("--ip", "here"), ("--user", "me")):
        assert (await run(*arguments))[0] == 2, arguments
    assert asked == []
