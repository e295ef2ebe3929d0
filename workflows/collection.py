"""The flow of a collection: from the form to the collection in the catalog."""

from __future__ import annotations

from typing import ClassVar

from temporalio import workflow

from workflows.intent import IntentFlow

with workflow.unsafe.imports_passed_through():
    from activities.preparing.collection import PrepareCollection
    from steadymint.domain.intents.collection import CollectionOrder, CollectionTerms
    from steadymint.domain.intents.messages import FlowResult


@workflow.defn(name="CreateCollection")
class CreateCollection(IntentFlow[CollectionTerms]):
    """`collection:{intentId}`: calldata with the exact CREATE2 address -> the wallet's transaction or the deadline ->
    confirmations -> indexed -> ready."""

    preparing = PrepareCollection
    checks: ClassVar[str] = "Predict the address, check that the factory accepts the call, and write the intent"

    @workflow.init
    def __init__(self, order: CollectionOrder) -> None:
        super().__init__(order)

    @workflow.run
    async def run(self, order: CollectionOrder) -> FlowResult:
        return await self._run()
