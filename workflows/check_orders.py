"""The flow that keeps the orders of a chain's market true.

Checking is one long activity after another. What has changed is in Postgres, so the flow decides nothing.
"""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.checking import Checking
    from steadymint.domain.checking import CHECK_ORDERS, CHECKING, CheckingOrder, CheckingSummary, StretchOrder
    from steadymint.domain.counting import counted
    from steadymint.durable import policies
    from steadymint.durable.search_attributes import STEP
    from workflows.parts.attributes import show


@workflow.defn(name=CHECK_ORDERS)
class CheckOrders:
    """`check-orders:{caip2}`: one for each chain with a market, on the queue `market`."""

    @workflow.run
    async def run(self, order: CheckingOrder) -> None:
        """Never returns; continues as new."""
        show((STEP, CHECKING))
        last: CheckingSummary | None = None
        for _ in range(policies.CHECK_STRETCHES):
            self._tell(order, last)
            last = await workflow.execute_activity_method(
                Checking.check_orders,
                StretchOrder(chain_id=order.chain_id, seconds=policies.CHECK_STRETCH.total_seconds()),
                start_to_close_timeout=policies.CHECK_TIMEOUT,
                heartbeat_timeout=policies.CHECK_HEARTBEAT,
                retry_policy=policies.CHECK_RETRY,
                summary=f"Check the orders of {order.chain_id}",
            )
            if workflow.info().is_continue_as_new_suggested():
                break
        workflow.continue_as_new(order)

    def _tell(self, order: CheckingOrder, last: CheckingSummary | None) -> None:
        """The lines that the Temporal UI shows above the history."""
        text = f"The orders of **{order.chain_id}** are checked; the heartbeat of the running activity says how many."
        if last is not None:
            checked, changed = counted(last.checked, "order"), counted(last.changed, "change")
            text += f" In the stretch before: {checked} checked, {changed}."
        workflow.set_current_details(text)
