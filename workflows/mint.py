"""The mint flow: from the click to the tokens in the catalog."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from temporalio import workflow

from workflows.intent_flow import IntentFlow

with workflow.unsafe.imports_passed_through():
    from activities.preparing import Preparing
    from steadymint.domain import flows
    from steadymint.domain.flows import FlowResult, MintOrder, Prepared
    from steadymint.durable import policies


@workflow.defn(name=flows.MINT)
class Mint(IntentFlow):
    """`mint:{intentId}`: policy and eligibility -> calldata -> the wallet's transaction or the deadline ->
    confirmations -> indexed -> ready."""

    always_searchable_by_hash: ClassVar[bool] = False  # mints are many: 20 events, not 21

    @workflow.init
    def __init__(self, order: MintOrder) -> None:
        super().__init__(order)
        self._mint = order

    @workflow.run
    async def run(self, order: MintOrder) -> FlowResult:
        return await self._run()

    async def _prepare(self, deadline_at: datetime) -> Prepared:
        return await workflow.execute_local_activity_method(
            Preparing.prepare_mint,
            args=[self._mint, deadline_at],
            start_to_close_timeout=policies.PREPARE_TIMEOUT,
            schedule_to_close_timeout=policies.PREPARE_BUDGET,
            retry_policy=policies.PREPARE_RETRY,
            summary="Check that the contract accepts this mint, and write the intent",
        )
