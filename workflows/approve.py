"""The flow of an approval: from the click to the contract's word, by the receipt."""

from __future__ import annotations

from typing import ClassVar

from temporalio import workflow

from workflows.intent import IntentFlow

with workflow.unsafe.imports_passed_through():
    from activities.preparing.approve import PrepareApprove
    from steadymint.domain.intents.approve import ApproveOrder, ApproveTerms
    from steadymint.domain.intents.messages import FlowResult


@workflow.defn(name="Approve")
class Approve(IntentFlow[ApproveTerms]):
    """`approve:{intentId}`: spender, contract and present approval -> calldata -> the wallet's transaction or the
    deadline -> confirmations -> ready."""

    preparing = PrepareApprove
    checks: ClassVar[str] = "Check spender and contract, try the approval out, and write the intent"

    @workflow.init
    def __init__(self, order: ApproveOrder) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: ApproveOrder) -> FlowResult:
        return await self._run()
