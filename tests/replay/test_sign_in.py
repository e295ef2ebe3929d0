"""Sign-ins that were recorded still replay: a change of the flow that open ones would trip over fails here."""

from __future__ import annotations

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from steadymint.durable.client import data_converter
from steadymint.settings import Settings
from workers.sandbox import workflow_runner
from workflows.sign_in import SignIn

RECORDED = sorted((Path(__file__).parent / "histories").glob("sign-in-*.json"))


def test_every_way_a_sign_in_ends_is_recorded() -> None:
    assert {path.stem for path in RECORDED} >= {"sign-in-key", "sign-in-contract", "sign-in-refused"}


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
async def test_a_recorded_sign_in_replays(path: Path) -> None:
    replayer = Replayer(
        workflows=[SignIn],
        workflow_runner=workflow_runner(),
        data_converter=data_converter(Settings(_env_file=None)),  # type: ignore[call-arg]
    )
    await replayer.replay_workflow(_history(path))


def _history(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text())
