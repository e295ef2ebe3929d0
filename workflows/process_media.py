"""The flow of an asset: variants first, because people are waiting to see them; then pins, however long they take."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.media_flows import Processing
    from steadymint.domain import media_flows
    from steadymint.domain.counting import counted
    from steadymint.domain.media_flows import PinOrder, Processed, ProcessOrder, Rendered
    from steadymint.domain.outcome import Outcome
    from steadymint.durable import policies
    from steadymint.durable.search_attributes import OUTCOME
    from workflows.parts.attributes import show


@workflow.defn(name=media_flows.PROCESS_MEDIA)
class ProcessMedia:
    """`media:{mediaId}`: variants -> ready -> pinned at each service that is configured.

    The asset itself is stored and served before the flow begins, so nothing here can lose it. Twelve events without
    pins, six more for each pin.
    """

    @workflow.init
    def __init__(self, order: ProcessOrder) -> None:
        self._order = order
        self._rendered: Rendered | None = None
        self._pins: list[str] = []

    @workflow.run
    async def run(self, order: ProcessOrder) -> Processed:
        self._tell("Making the variants.")
        self._rendered = await self._render()
        for target in self._rendered.pin_to:
            self._tell(f"Waiting for {target} to have it.")
            await self._pin(target)
        self._tell("Done.")
        show((OUTCOME, Outcome.READY))
        return Processed(media_id=order.media_id, variants=self._rendered.variants, pins=tuple(self._pins))

    # -- steps --------------------------------------------------------------------------------------------------------

    async def _render(self) -> Rendered:
        return await workflow.execute_activity_method(
            Processing.render_variants,
            self._order,
            start_to_close_timeout=policies.RENDER_TIMEOUT,
            schedule_to_close_timeout=policies.RENDER_BUDGET,
            heartbeat_timeout=policies.RENDER_HEARTBEAT,
            retry_policy=policies.RENDER_RETRY,
            summary="Make the variants",
        )

    async def _pin(self, target: str) -> None:
        """A pin that fails for good ends the flow as failed, for an operator to see; the asset stays ready."""
        try:
            await workflow.execute_activity_method(
                Processing.pin,
                PinOrder(media_id=self._order.media_id, target=target),
                start_to_close_timeout=policies.PIN_TIMEOUT,
                schedule_to_close_timeout=policies.PIN_BUDGET,
                heartbeat_timeout=policies.RENDER_HEARTBEAT,
                retry_policy=policies.PIN_RETRY,
                summary=f"Pin at {target}",
            )
        except ActivityError as error:
            self._tell(f"{target} does not have it: {error.__cause__ or error}.")
            raise
        self._pins.append(target)

    def _tell(self, what: str) -> None:
        """Current details: what an operator reads at the top of the page in the Temporal UI. No history event."""
        lines = [what, "", f"- asset `{self._order.media_id}`"]
        if self._rendered is not None:
            lines.append(f"- CID `{self._rendered.cid}`")
            lines.append(f"- {counted(self._rendered.variants, 'variant')}")
            if self._rendered.refused is not None:
                lines.append(f"- no variants can be made: `{self._rendered.refused}`")
            lines.append(f"- pinned at {', '.join(self._pins) or 'no service'}")
        workflow.set_current_details("\n".join(lines))
