"""From a reported hash to the step `tracked`, or to the reason why it is refused, within the request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any, Final, Protocol

from temporalio.client import WorkflowUpdateFailedError

from steadymint.domain.errors import IntentFinalError, SteadymintError
from steadymint.domain.intents.kinds import KINDS, SettledBy
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.types import TxHash, UserId
from steadymint.durable.failures import from_failure
from steadymint.intents.repository import IntentRepository
from steadymint.live.feed import IntentFeed
from steadymint.live.viewer import End, ShownStep, Viewer

log = logging.getLogger(__name__)

PATIENCE: Final = 10.0
"""Seconds to wait for the flow's verdict. After that the caller gets the intent as it is: the flow has the hash and
goes on by itself."""


class Update(Protocol):
    """The running update: its result raises why the hash was refused, or that the flow has ended."""

    def result(self) -> Awaitable[Any]: ...


class Flows(Protocol):
    def begin_tracking(self, workflow_id: str, tx_hash: TxHash, seq: int) -> Awaitable[Update]:
        """Raises IntentFinalError if the flow has ended. `seq`: the last line of the intent's log that is known."""
        ...

    def is_running(self, workflow_id: str) -> Awaitable[bool]:
        """Whether the flow has not ended."""
        ...

    def track_late(self, row: IntentRow, tx_hash: TxHash, *, deadline: int) -> Awaitable[Update]:
        """Starts the flow of an expired intent again, for `deadline` seconds, with this hash."""
        ...


async def track(
    intents: IntentRepository, feed: IntentFeed, flows: Flows, row: IntentRow, tx_hash: TxHash, *, deadline: int
) -> IntentRow:
    """The intent once its flow follows the hash. `deadline`: seconds that a flow waits which is started again.

    Raises what the hash is refused for, IntentFinalError, or UpstreamUnavailableError.
    """
    if row.tx_hash == tx_hash and await _is_followed(flows, row):
        return row
    viewer = feed.join(row.intent_id, row.seq, PATIENCE)
    try:
        update = await flows.begin_tracking(row.workflow_id, tx_hash, row.seq)
        await _verdict(viewer, update, tx_hash)
    except IntentFinalError:
        # The indexer may have been faster than the report: then this hash is what the intent has ended with.
        now = await intents.get_owned(row.intent_id, UserId(row.user_id))
        if _may_be_forgotten(now):
            await _verdict(viewer, await flows.track_late(now, tx_hash, deadline=deadline), tx_hash)
        elif now.tx_hash == tx_hash:
            return now
        else:
            raise
    finally:
        feed.leave(viewer)
    return await intents.get_owned(row.intent_id, UserId(row.user_id))


async def _is_followed(flows: Flows, row: IntentRow) -> bool:
    """Whether nothing has to be done for the hash that the intent is bound to: it was reported before.

    The flow is not given the hash once more, because it would begin to follow it anew.
    """
    if not _may_be_forgotten(row):
        return True
    return not row.final and await flows.is_running(row.workflow_id)


def _may_be_forgotten(row: IntentRow) -> bool:
    """Whether the flow may have ended before the transaction has, and no indexer will find that: the deadline has
    passed, be it at the very moment of an earlier report."""
    by_receipt = KINDS[row.kind].settled_by is SettledBy.RECEIPT
    return by_receipt and (row.step is Step.EXPIRED or not row.final)


async def _verdict(viewer: Viewer, update: Update, tx_hash: TxHash) -> None:
    """Whichever comes first: the step in the log, the refusal, or the end of our patience."""
    seen = asyncio.create_task(_seen(viewer, tx_hash))
    ended = asyncio.ensure_future(update.result())
    try:
        await asyncio.wait((seen, ended), timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if ended.done() and not seen.done():
            await _raise_refusal(ended)
    finally:
        for task in (seen, ended):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


async def _raise_refusal(ended: asyncio.Future[Any]) -> None:
    try:
        await ended
    except WorkflowUpdateFailedError as failed:
        raise from_failure(failed) from None
    except SteadymintError:
        raise
    except Exception as error:
        # The flow has accepted the hash; that its answer got lost on the way changes nothing.
        log.warning("the verdict on a hash was not received: %s", type(error).__name__)


async def _seen(viewer: Viewer, tx_hash: TxHash) -> None:
    """Until a step with the hash is in the log. If the log ends without it, the refusal says why."""
    needle = f'"txHash":"{tx_hash}"'.encode()
    found = False

    async def look(step: ShownStep | None) -> None:
        nonlocal found
        if step is not None and needle in step.view:
            found = True
            viewer.end(End.CLOSED)

    await viewer.pump(look)
    if not found:
        await asyncio.Event().wait()
