"""How the import of a collection goes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from steadymint.domain.errors import ContractNotFoundError, UpstreamUnavailableError
from steadymint.domain.importing import IMPORT_COLLECTION, workflow_id_of
from tests.replay.stage import Stage, case
from tests.support.scripted_import import CHAIN, DROP, ORDER, ScriptedImporter, importing


async def _imported(stage: Stage, importer: ScriptedImporter) -> str:
    importer.done.set()
    async with importing(stage.client, importer, prefix=f"{uuid4().hex[:8]}-") as flows:
        await flows.begin(ORDER)
        handle: Any = stage.client.get_workflow_handle(workflow_id_of(CHAIN, DROP))
        await handle.result()
        return handle.id


@case(IMPORT_COLLECTION, "imported")
async def imported(stage: Stage) -> str:
    return await _imported(stage, ScriptedImporter())


@case(IMPORT_COLLECTION, "the-indexer-was-behind")
async def behind(stage: Stage) -> str:
    return await _imported(stage, ScriptedImporter(UpstreamUnavailableError(retry_after=0.02)))


@case(IMPORT_COLLECTION, "refused")
async def refused(stage: Stage) -> str:
    importer = ScriptedImporter(refusal=ContractNotFoundError())
    async with importing(stage.client, importer, prefix=f"{uuid4().hex[:8]}-") as flows:
        try:
            await flows.begin(ORDER)
        except ContractNotFoundError:
            handle: Any = stage.client.get_workflow_handle(workflow_id_of(CHAIN, DROP))
            assert (await handle.result())["outcome"] == "refused"
            return handle.id
    raise AssertionError("it was not refused")
