"""The flow of an airdrop: from the list to the tokens in the catalog."""

from __future__ import annotations

from typing import ClassVar

from temporalio import workflow

from workflows.intent import IntentFlow

with workflow.unsafe.imports_passed_through():
    from activities.preparing.airdrop import PrepareAirdrop
    from steadymint.domain.intents.airdrop import AirdropOrder, AirdropTerms
    from steadymint.domain.intents.messages import FlowResult


@workflow.defn(name="Airdrop")
class Airdrop(IntentFlow[AirdropTerms]):
    """`airdrop:{intentId}`: role, supply and receivers -> calldata -> the wallet's transaction or the deadline ->
    confirmations -> indexed -> ready."""

    preparing = PrepareAirdrop
    checks: ClassVar[str] = "Check that the contract accepts this airdrop, and write the intent"

    @workflow.init
    def __init__(self, order: AirdropOrder) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: AirdropOrder) -> FlowResult:
        return await self._run()
