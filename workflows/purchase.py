"""The flow of a purchase: from the click to the tokens in the buyer's wallet."""

from __future__ import annotations

from typing import ClassVar

from temporalio import workflow

from workflows.intent import IntentFlow

with workflow.unsafe.imports_passed_through():
    from activities.preparing.purchase import PreparePurchase
    from steadymint.domain.intents.messages import FlowResult
    from steadymint.domain.intents.purchase import PurchaseOrder, PurchaseTerms


@workflow.defn(name="Purchase")
class Purchase(IntentFlow[PurchaseTerms]):
    """`purchase:{intentId}`: which listings can be filled, and for how much -> calldata -> the wallet's transaction or
    the deadline -> confirmations -> indexed -> ready."""

    preparing = PreparePurchase
    checks: ClassVar[str] = "Find what can be filled, try the purchase out, and write the intent"
    always_searchable: ClassVar[bool] = False  # purchases and sales are many: 20 events, not 21

    @workflow.init
    def __init__(self, order: PurchaseOrder) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: PurchaseOrder) -> FlowResult:
        return await self._run()
