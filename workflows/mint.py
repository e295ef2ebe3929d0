"""The flow of a mint: from the click to the tokens in the catalog."""

from __future__ import annotations

from typing import ClassVar

from temporalio import workflow

from workflows.intent import IntentFlow

with workflow.unsafe.imports_passed_through():
    from activities.preparing.mint import PrepareMint
    from steadymint.domain.intents.messages import FlowResult
    from steadymint.domain.intents.mint import MintOrder, MintTerms


@workflow.defn(name="Mint")
class Mint(IntentFlow[MintTerms]):
    """`mint:{intentId}`: policy and eligibility -> calldata -> the wallet's transaction or the deadline ->
    confirmations -> indexed -> ready."""

    preparing = PrepareMint
    checks: ClassVar[str] = "Check that the contract accepts this mint, and write the intent"
    always_searchable: ClassVar[bool] = False  # mints are many: 20 events, not 21

    @workflow.init
    def __init__(self, order: MintOrder) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: MintOrder) -> FlowResult:
        return await self._run()
