"""The flow of a token launch: from the form to the token in the catalog, with its holders."""

from __future__ import annotations

from typing import ClassVar

from temporalio import workflow

from workflows.intent import IntentFlow

with workflow.unsafe.imports_passed_through():
    from activities.preparing.launch import PrepareLaunch
    from steadymint.domain.intents.launch import LaunchOrder, LaunchTerms
    from steadymint.domain.intents.messages import FlowResult


@workflow.defn(name="LaunchToken")
class LaunchToken(IntentFlow[LaunchTerms]):
    """`launch:{intentId}`: calldata with the exact CREATE2 address -> the wallet's transaction or the deadline ->
    confirmations -> indexed -> ready."""

    preparing = PrepareLaunch
    checks: ClassVar[str] = "Predict the address, check that the factory accepts the call, and write the intent"

    @workflow.init
    def __init__(self, order: LaunchOrder) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: LaunchOrder) -> FlowResult:
        return await self._run()
