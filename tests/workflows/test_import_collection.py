"""The flow that imports a collection: what its caller hears, what it outlives, and that it is one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle

from activities import importing as activities
from steadymint.domain.errors import (
    AlreadyInCatalogError,
    ContractNotFoundError,
    NotACollectionError,
    SteadymintError,
    UpstreamUnavailableError,
)
from steadymint.domain.importing import ImportResult, workflow_id_of
from tests.support.scripted_import import CHAIN, DROP, FOUND, ORDER, ScriptedImporter, importing


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activities, "LOOK_EVERY", 0.02)


def handle_of(client: Client) -> WorkflowHandle[Any, ImportResult]:
    return client.get_workflow_handle(workflow_id_of(CHAIN, DROP), result_type=ImportResult)


async def test_the_caller_hears_what_the_contract_is_and_the_flow_goes_on_without_them(
    temporal_client: Client,
) -> None:
    importer = ScriptedImporter()
    async with importing(temporal_client, importer) as flows:
        assert await flows.begin(ORDER) == FOUND
        importer.done.set()
        progress = (await handle_of(temporal_client).result()).progress

    assert progress is not None
    assert (progress.status, progress.cursor) == ("done", 99)


async def test_a_strangers_name_is_no_link_in_what_operators_read(temporal_client: Client) -> None:
    importer = ScriptedImporter()
    importer.found = FOUND.model_copy(
        update={"name": "**[Sign in](https://evil.example)** ![](https://evil.example/x)"}
    )
    async with importing(temporal_client, importer) as flows:
        await flows.begin(ORDER)
        importer.done.set()
        await handle_of(temporal_client).result()
        details = str((await handle_of(temporal_client).query("__temporal_workflow_metadata")).current_details)

    assert details == f"`{importer.found.name}` is in the catalog, up to block 99."


async def test_many_who_ask_at_once_and_again_join_one_import(temporal_client: Client) -> None:
    importer = ScriptedImporter()
    async with importing(temporal_client, importer) as flows:
        answers = await asyncio.gather(*(flows.begin(ORDER) for _ in range(10)))
        answers.append(await flows.begin(ORDER))
        importer.done.set()
        await handle_of(temporal_client).result()

    assert answers == [FOUND] * 11
    assert (importer.inspected, importer.registered) == (1, 1)


@pytest.mark.parametrize(
    "refusal",
    [ContractNotFoundError(), NotACollectionError(), AlreadyInCatalogError()],
    ids=lambda refusal: refusal.code,
)
async def test_the_caller_hears_why_a_contract_is_refused(temporal_client: Client, refusal: SteadymintError) -> None:
    importer = ScriptedImporter(refusal=refusal)
    async with importing(temporal_client, importer) as flows:
        with pytest.raises(type(refusal)):
            await flows.begin(ORDER)
        ended = await handle_of(temporal_client).result()
        assert ended.refusal is not None
        assert (ended.outcome, ended.refusal.code) == ("refused", refusal.code)
        importer.refusal = None  # it was deployed meanwhile: nothing is remembered against it
        assert await flows.begin(ORDER) == FOUND
        importer.done.set()
        await handle_of(temporal_client).result()


async def test_an_indexer_that_is_behind_delays_an_import_and_never_fails_it(temporal_client: Client) -> None:
    importer = ScriptedImporter(*[UpstreamUnavailableError(retry_after=0.02)] * 4)
    async with importing(temporal_client, importer) as flows:
        assert await flows.begin(ORDER) == FOUND
        importer.done.set()
        assert (await handle_of(temporal_client).result()).outcome == "ready"

    assert importer.registered == 5


async def test_an_import_whose_rows_are_deleted_ends(temporal_client: Client) -> None:
    importer = ScriptedImporter()
    async with importing(temporal_client, importer) as flows:
        await flows.begin(ORDER)
        importer.gone = True
        assert (await handle_of(temporal_client).result()).outcome == "cancelled"

    assert (await handle_of(temporal_client).describe()).status is WorkflowExecutionStatus.COMPLETED
