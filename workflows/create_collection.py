"""The create-collection flow: from the form to the collection in the catalog."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from temporalio import workflow

from workflows.intent_flow import IntentFlow

with workflow.unsafe.imports_passed_through():
    from activities.preparing import Preparing
    from steadymint.domain import flows
    from steadymint.domain.flows import CollectionOrder, FlowResult, Prepared
    from steadymint.domain.types import show_address
    from steadymint.durable import policies
    from steadymint.durable.search_attributes import COLLECTION


@workflow.defn(name=flows.CREATE_COLLECTION)
class CreateCollection(IntentFlow):
    """`collection:{intentId}`: calldata with the exact CREATE2 address -> the wallet's transaction or the deadline ->
    confirmations -> indexed -> ready."""

    always_searchable_by_hash: ClassVar[bool] = True

    @workflow.init
    def __init__(self, order: CollectionOrder) -> None:
        super().__init__(order)
        self._collection = order

    @workflow.run
    async def run(self, order: CollectionOrder) -> FlowResult:
        return await self._run()

    async def _prepare(self, deadline_at: datetime) -> Prepared:
        prepared = await workflow.execute_local_activity_method(
            Preparing.prepare_collection,
            args=[self._collection, deadline_at],
            start_to_close_timeout=policies.PREPARE_TIMEOUT,
            schedule_to_close_timeout=policies.PREPARE_BUDGET,
            retry_policy=policies.PREPARE_RETRY,
            summary="Predict the address, check that the factory accepts the call, and write the intent",
        )
        if prepared.preview_address is not None:
            workflow.upsert_search_attributes([COLLECTION.value_set(show_address(prepared.preview_address))])
        return prepared
