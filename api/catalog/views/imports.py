"""Turns the progress of an import into the body that HTTP shows."""

from __future__ import annotations

from api.catalog.bodies.imports import ImportAnswer
from steadymint.domain.importing import ImportProgress, Inspection
from steadymint.domain.types import Address, ChainId, show_address


def import_answer(
    chain_id: ChainId, contract: Address, progress: ImportProgress | None, found: Inspection | None = None
) -> ImportAnswer:
    body: ImportAnswer = {
        "chainId": chain_id,
        "contract": show_address(contract),
        "status": "checking" if progress is None else progress.status,
        "blocksDone": 0 if progress is None else progress.done,
        "blocksTotal": 0 if progress is None else progress.total,
        "eventsNotUnderstood": 0 if progress is None else progress.failed,
    }
    if found is not None:
        body["standard"] = found.standard
        body["name"] = found.name
    if progress is not None and progress.note:
        body["note"] = progress.note
    return body
