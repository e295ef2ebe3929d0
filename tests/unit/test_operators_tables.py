"""Operators are shown strangers' texts to the letter, whatever is in them."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from steadymint.cli import collections, intents
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.machine import Step

MARKUP = "[/red] [bold]Lights[/bold] :warning:"
"""Square brackets and colons are a language of the table's maker; a closing tag of nothing is a mistake in it, which
ended the command."""
NOW = datetime(2026, 1, 31, tzinfo=UTC)


async def test_a_contracts_reason_is_shown_to_the_letter(capsys: pytest.CaptureFixture[str]) -> None:
    refused = SimpleNamespace(detail=f"The contract refused: {MARKUP}")
    await show(IntentKind.MINT, error=refused, step=Step.FAILED)
    assert MARKUP in capsys.readouterr().out


async def test_an_operator_sees_how_much_of_a_sweep_was_bought(capsys: pytest.CaptureFixture[str]) -> None:
    fills = [SimpleNamespace()] * 2
    await show(
        IntentKind.PURCHASE, step=Step.READY, fills=fills, order_hashes=("0xa", "0xb"), missed_order_hashes=("0xc",)
    )
    assert "2 orders filled, 1 missed" in capsys.readouterr().out


async def show(kind: IntentKind, **said: Any) -> None:
    """Print an intent whose log has one line that says so."""
    view = SimpleNamespace(**({"error": None, "updated_at": NOW, "tx_hash": None, "fills": None} | said))

    async def steps_after(*_: Any) -> list[Any]:
        return [SimpleNamespace(seq=1, view=view)]

    desk: Any = SimpleNamespace(
        settings=SimpleNamespace(temporal=SimpleNamespace(ui_url="http://ui", namespace="default")),
        intents=SimpleNamespace(steps_after=steps_after),
    )
    found: Any = SimpleNamespace(
        intent_id=UUID(int=1),
        kind=kind,
        chain_id="eip155:1",
        account="0x" + "11" * 20,
        tx_hash=None,
        deadline_at=NOW,
        workflow_id="mint:1",
    )
    await intents._print_intent(desk, found)


def test_a_collections_name_is_shown_to_the_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"chain_id": "eip155:1", "contract_address": "0x" + "11" * 20, "name": MARKUP, "status": "done"}

    async def rows(_: int) -> list[dict[str, Any]]:
        return [row | {"done": 1, "total": 1, "failed": 0, "note": None}]

    monkeypatch.setattr(collections, "_rows", rows)
    shown = CliRunner().invoke(collections.app, ["imports"])
    assert shown.exit_code == 0
    assert MARKUP in shown.output
