"""The flow of a cancellation: from the click to Seaport's word, by the receipt."""

from __future__ import annotations

from typing import ClassVar

from temporalio import workflow

from workflows.intent import IntentFlow

with workflow.unsafe.imports_passed_through():
    from activities.preparing.cancel import PrepareCancel
    from steadymint.domain.intents.cancel import CancelOrder, CancelTerms
    from steadymint.domain.intents.messages import FlowResult


@workflow.defn(name="CancelOrders")
class CancelOrders(IntentFlow[CancelTerms]):
    """`cancel:{intentId}`: whose orders they are, and whether they stand -> calldata -> the wallet's transaction or the
    deadline -> confirmations -> ready."""

    preparing = PrepareCancel
    checks: ClassVar[str] = "Check that the orders are the caller's, try the cancellation out, and write the intent"

    @workflow.init
    def __init__(self, order: CancelOrder) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: CancelOrder) -> FlowResult:
        return await self._run()
