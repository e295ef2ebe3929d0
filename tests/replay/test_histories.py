"""Flows that were begun by an older version go on under this one: each recorded history replays to the same commands.

If this fails, open flows of a deployment would fail the same way. Guard the change with `workflow.patched` and record
the new version beside the old one: see `scripts/record_histories.py`.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from pathlib import Path
from typing import Any, get_args

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

import workflows
from steadymint.domain.accounts import DELETE_ACCOUNT, DeletionResult
from tests.replay import (  # noqa: F401 - they fill CASES
    account_cases,
    check_cases,
    import_cases,
    index_cases,
    intent_cases,
    media_cases,
    refresh_cases,
    webhook_cases,
)
from tests.replay.stage import CASES
from workers.sandbox import workflow_runner

HISTORIES = Path(__file__).parent / "histories"
RECORDED = sorted(HISTORIES.rglob("*.json"))


def defined() -> dict[str, type]:
    """Every workflow class of the product, by the name that histories know it under."""
    modules = [importlib.import_module(f"workflows.{found.name}") for found in pkgutil.iter_modules(workflows.__path__)]
    classes = {one for module in modules for _, one in inspect.getmembers(module, inspect.isclass)}
    definitions = {one: vars(one).get("__temporal_workflow_definition") for one in classes}
    return {definition.name: one for one, definition in definitions.items() if definition is not None}


def replayer() -> Replayer:
    return Replayer(
        workflows=list(defined().values()), workflow_runner=workflow_runner(), data_converter=pydantic_data_converter
    )


def history(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text())


def workflow_of(recorded: dict[str, Any]) -> str:
    return recorded["events"][0]["workflowExecutionStartedEventAttributes"]["workflowType"]["name"]


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: str(file.relative_to(HISTORIES).with_suffix("")))
async def test_a_recorded_history_replays(file: Path) -> None:
    await replayer().replay_workflow(WorkflowHistory.from_json(file.stem, history(file)))


def test_every_workflow_has_a_recorded_history() -> None:
    assert {workflow_of(history(file)) for file in RECORDED} == set(defined())


def test_every_way_an_intent_goes_is_recorded() -> None:
    acted = {(workflow, name) for workflow, cases in CASES.items() for name in cases}
    assert acted <= {(file.parent.name, file.stem.partition(".")[0]) for file in RECORDED}


def test_every_way_a_proof_ends_is_recorded() -> None:
    assert {"key", "contract", "refused"} <= {file.stem for file in (HISTORIES / "SignIn").iterdir()}
    assert {"key", "contract-that-is-gone", "refused"} <= {file.stem for file in (HISTORIES / "LinkWallet").iterdir()}


def test_every_way_a_deletion_ends_is_recorded() -> None:
    outcomes = get_args(DeletionResult.model_fields["outcome"].annotation)
    recorded = {file.stem.replace("-", "_") for file in (HISTORIES / DELETE_ACCOUNT).iterdir()}
    assert {*outcomes} <= recorded


async def test_a_flow_that_would_do_something_else_now_is_found() -> None:
    recorded = json.dumps(history(HISTORIES / "Mint" / "happy.json"))
    other = recorded.replace("follow_transaction", "follow_the_sun")
    with pytest.raises(NondeterminismError):
        await replayer().replay_workflow(WorkflowHistory.from_json("other", other))


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: str(file.relative_to(HISTORIES).with_suffix("")))
def test_a_recorded_history_does_not_tell_where_it_was_made(file: Path) -> None:
    text = file.read_text()
    assert "stackTrace" not in text
    assert '"identity"' not in text
    assert "@" not in text
    assert ".py" not in text
