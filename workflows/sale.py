"""The flow of a sale: from the click on an offer to its money in the seller's wallet."""

from __future__ import annotations

from typing import ClassVar

from temporalio import workflow

from workflows.intent import IntentFlow

with workflow.unsafe.imports_passed_through():
    from activities.preparing.sale import PrepareSale
    from steadymint.domain.intents.messages import FlowResult
    from steadymint.domain.intents.sale import SaleOrder, SaleTerms


@workflow.defn(name="Sale")
class Sale(IntentFlow[SaleTerms]):
    """`sale:{intentId}`: whether the offer can be filled, and what it brings -> calldata -> the wallet's transaction or
    the deadline -> confirmations -> indexed -> ready."""

    preparing = PrepareSale
    checks: ClassVar[str] = "Check offer and token, try the sale out, and write the intent"
    always_searchable: ClassVar[bool] = False  # purchases and sales are many: 20 events, not 21

    @workflow.init
    def __init__(self, order: SaleOrder) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: SaleOrder) -> FlowResult:
        return await self._run()
