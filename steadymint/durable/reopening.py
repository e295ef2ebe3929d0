"""The indexer's signals to the flows of intents. A closed flow is started again."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from steadymint.domain.intents import messages
from steadymint.domain.intents.kinds import kind_of
from steadymint.domain.intents.machine import FINAL_STEPS
from steadymint.domain.intents.messages import Landed, TakenBack
from steadymint.domain.intents.order import Reopened
from steadymint.domain.intents.rows import Settled
from steadymint.domain.intents.view import IntentView
from steadymint.durable.intents import intent_attributes, reopened_order
from steadymint.durable.queues import Queues

_ALWAYS: Final = WorkflowIDReusePolicy.ALLOW_DUPLICATE
"""Closed flows run again, however they have ended."""


class Reopening:
    """The indexer's `FlowTeller`. A repeated signal changes nothing in a flow.

    `deadline`: seconds that a reopened flow waits for its transaction.
    """

    def __init__(self, client: Client, queues: Queues, *, deadline: int) -> None:
        self._client = client
        self._queues = queues
        self._deadline = deadline

    async def landed(self, settled: Settled) -> None:
        """Tells a flow that its intent is ready. The flow waits for the wallet, follows another hash, or has closed.

        A flow that was open when the intent became ready, and has completed since, has completed as ready. It heard of
        it on another way, or has been told already, so it does not run again.
        """
        reopened = Reopened(reason="landed", tx_hash=settled.tx_hash)
        reuse = _ALWAYS if settled.previous in FINAL_STEPS else WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY
        with suppress(WorkflowAlreadyStartedError):
            await self._tell(settled, reopened, messages.LANDED, Landed(view=_by_its_transaction(settled)), reuse)

    async def reorged(self, settled: Settled) -> None:
        """Tells a flow that the block in which its intent ended has left the chain. The flow is closed or closing."""
        reopened = Reopened(reason="reorged", tx_hash=settled.tx_hash)
        await self._tell(settled, reopened, messages.TAKEN_BACK, TakenBack(view=_by_its_transaction(settled)), _ALWAYS)

    async def _tell(
        self,
        settled: Settled,
        reopened: Reopened,
        signal: str,
        told: Landed | TakenBack,
        reuse: WorkflowIDReusePolicy,
    ) -> None:
        order = reopened_order(settled, reopened, self._deadline)
        await self._client.start_workflow(
            kind_of(order).workflow,
            order,
            id=settled.workflow_id,
            task_queue=self._queues.flows,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=reuse,
            start_signal=signal,
            start_signal_args=[told],
            search_attributes=intent_attributes(order, settled.view.contract, settled.view.step),
            static_summary=f"Reopened: {reopened.reason}",
        )


def _by_its_transaction(settled: Settled) -> IntentView:
    """The intent as its flow is told, with the hash. The row may have lost the hash to another intent."""
    return settled.view.model_copy(update={"tx_hash": settled.tx_hash})
