"""Records the histories that `tests/replay` replays: `python scripts/record_histories.py`.

    python scripts/record_histories.py                  what has no history yet
    python scripts/record_histories.py --again Mint     these workflows anew

A flow that is open when a new version is deployed was begun by the old one, so a change of a flow that is running
somewhere is guarded with `workflow.patched`, and its history is recorded beside the old ones. Nothing is deployed yet:
until then a changed flow is recorded anew.

Payloads are not sealed, so that a reviewer can read them. Nothing tells where they were recorded, or by whom.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from temporalio.client import Client  # noqa: E402
from temporalio.contrib.pydantic import pydantic_data_converter  # noqa: E402
from temporalio.testing import TimeSkipper, TimeSkippingConfig  # noqa: E402

from migrations.runner import migrate_postgres  # noqa: E402
from steadymint.database import create_pool  # noqa: E402
from steadymint.intents.repository import IntentRepository  # noqa: E402
from steadymint.stack.postgres import DISPOSABLE, Postgres  # noqa: E402
from steadymint.stack.temporal import Temporal  # noqa: E402
from tests.replay import (  # noqa: E402, F401 - they fill CASES
    account_cases,
    check_cases,
    import_cases,
    index_cases,
    intent_cases,
    media_cases,
    refresh_cases,
    webhook_cases,
)
from tests.replay.stage import CASES, Stage, act, scrubbed  # noqa: E402
from tests.workflows.flow_bench import FlowBench  # noqa: E402

HISTORIES = ROOT / "tests" / "replay" / "histories"


async def record(again: frozenset[str]) -> None:
    """Writes what is missing, and every case of the workflows `again`. Raises what goes wrong in a case."""
    files = {
        (workflow, name): HISTORIES / workflow / f"{name}.json" for workflow, cases in CASES.items() for name in cases
    }
    wanted = {key: file for key, file in files.items() if key[0] in again or not file.exists()}
    with tempfile.TemporaryDirectory() as directory:
        postgres = Postgres(Path(directory) / "postgres", settings=DISPOSABLE)
        temporal = Temporal(Path(directory) / "temporal", headless=True)
        await asyncio.gather(postgres.start(), temporal.start())
        try:
            await migrate_postgres(postgres.url)
            await _record(wanted, postgres.url, temporal.url)
        finally:
            await asyncio.gather(postgres.stop(), temporal.stop())


async def _record(wanted: dict[tuple[str, str], Path], dsn: str, address: str) -> None:
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False))
    pool = await create_pool(dsn, min_size=1, max_size=4)
    try:
        for (workflow, name), file in wanted.items():
            bench = FlowBench(skipper.client, IntentRepository(pool))
            workflow_id = await act(Stage(bench, skipper), workflow, name)
            history = await client.get_workflow_handle(workflow_id).fetch_history()
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(scrubbed(history.to_json_dict()), indent=1) + "\n")
            print(f"{file.relative_to(ROOT)}: {len(history.events)} events")  # noqa: T201
    finally:
        await pool.close()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--again", nargs="*", default=(), choices=sorted(CASES), metavar="WORKFLOW")
    asyncio.run(record(frozenset(options.parse_args().again)))
