"""Giving an intent another transaction, and waiting for the verdict on it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final

from temporalio.client import WorkflowUpdateFailedError

from steadymint.domain.types import IntentId, TxHash
from steadymint.durable.failures import from_failure
from steadymint.durable.intents import IntentFlows
from steadymint.intents.repository import IntentRepository

PATIENCE: Final = 10.0
"""Seconds to wait for the verdict. A node that answers gives it at once."""
LOOK_EVERY: Final = 0.1
"""Seconds between two looks at the intent's row."""


async def rebind(
    flows: IntentFlows,
    intents: IntentRepository,
    intent_id: IntentId,
    workflow_id: str,
    tx_hash: TxHash,
    patience: float = PATIENCE,
) -> bool:
    """True once the intent is bound to the transaction; False where no verdict came within `patience` seconds, and the
    flow goes on trying.

    Raises why the transaction is refused (NotOwnerError, TransactionMismatchError, HashAlreadyTrackedError), or
    IntentFinalError.
    """
    before = await intents.get(intent_id)
    update = await flows.begin_rebinding(workflow_id, tx_hash)
    refused = asyncio.ensure_future(update.result())
    bound = asyncio.create_task(_bound(intents, intent_id, tx_hash, before.seq))
    try:
        await asyncio.wait((refused, bound), timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        if refused.done():
            await _raise_refusal(refused)
        return bound.done() or before.tx_hash == tx_hash
    finally:
        for task in (refused, bound):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


async def _bound(intents: IntentRepository, intent_id: IntentId, tx_hash: TxHash, after: int) -> None:
    """Until a line of the log says so. One that was there before says nothing of this try."""
    while True:
        if any(line.view.tx_hash == tx_hash for line in await intents.steps_after(intent_id, after)):
            return
        await asyncio.sleep(LOOK_EVERY)


async def _raise_refusal(refused: asyncio.Future[Any]) -> None:
    try:
        await refused
    except WorkflowUpdateFailedError as failed:
        raise from_failure(failed) from None
