"""The settings that an operator changes while everything runs."""

from __future__ import annotations

import asyncio
import os
import sys

import httpx
import pytest

from steadymint.audit.keys import AUDIT_RETENTION, DELETION_GRACE, NOTICE
from steadymint.audit.operator_settings import OperatorSettings
from tests.support.sign_in import Desk


async def _shown(visitor: httpx.AsyncClient) -> dict[str, int | str]:
    answer = await visitor.get("/v1/settings")
    assert answer.status_code == 200
    return answer.json()["settings"]


async def test_a_change_on_the_command_line_is_seen_by_a_running_process_with_who_and_why(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    before = await _shown(visitor)
    assert before[NOTICE.name] == ""
    assert AUDIT_RETENTION.name not in before, "not public"
    environment = {"STEADYMINT_POSTGRES__DSN": desk.settings.postgres.dsn.get_secret_value()}
    arguments = ("setting", "set", NOTICE.name, "We move house", "--reason", "a new database")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "steadymint.cli", *arguments, env=os.environ | environment, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert (process.returncode, output.decode()) == (0, "site.notice is We move house\n")
    for _ in range(100):
        if (shown := await _shown(visitor))[NOTICE.name]:
            break
        await asyncio.sleep(0.1)
    assert shown[NOTICE.name] == "We move house"
    settings = OperatorSettings(desk.pool)
    (change,) = await settings.history(NOTICE, limit=9)
    assert (change.old, change.new, change.reason) == (None, "We move house", "a new database")
    assert await settings.reset(NOTICE, reason="done", operator="test")
    assert not await settings.reset(NOTICE, reason="done", operator="test")
    assert await settings.get(NOTICE) == ""
    recorded = await desk.pool.fetch(
        "SELECT metadata FROM audit_service.security_events WHERE event_type = 'settings.changed' ORDER BY created_at"
    )
    assert [row["metadata"]["to"] for row in recorded] == ["We move house", None]


async def test_a_value_of_another_type_or_out_of_bounds_changes_nothing(desk: Desk) -> None:
    settings = OperatorSettings(desk.pool)
    for text in ("0", "91", "-1", "1.5", "many", "", "٣"):
        with pytest.raises(ValueError, match="whole number from 1 to 90"):
            await settings.set(DELETION_GRACE, text, reason="a test", operator="test")
    assert await settings.get(DELETION_GRACE) == DELETION_GRACE.default
    assert await settings.history(DELETION_GRACE, limit=9) == []
