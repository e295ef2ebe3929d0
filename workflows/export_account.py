"""The flow that exports an account: the archive is written, can be downloaded for a time, and is deleted."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.accounts import Exporting
    from steadymint.domain import accounts
    from steadymint.domain.accounts import ExportOrder, ExportResult
    from steadymint.domain.counting import counted
    from steadymint.domain.outcome import Outcome
    from steadymint.durable import policies
    from steadymint.durable.queues import Queues
    from steadymint.durable.search_attributes import OUTCOME
    from workflows.parts.attributes import show


@workflow.defn(name=accounts.EXPORT_ACCOUNT)
class ExportAccount:
    """`export-account:{exportId}`: write the archive -> wait until it expires -> delete it.

    The activities read page by page. Nothing of the archive is in this history.
    """

    @workflow.run
    async def run(self, order: ExportOrder) -> ExportResult:
        media = Queues.beside(workflow.info().task_queue).media  # where the object store is
        ready = await workflow.execute_activity_method(
            Exporting.write_export,
            order,
            task_queue=media,
            start_to_close_timeout=policies.EXPORT_TIMEOUT,
            heartbeat_timeout=policies.ERASE_HEARTBEAT,
            retry_policy=policies.ERASE_RETRY,
            summary="Write the archive",
        )
        workflow.set_current_details(
            f"{counted(ready.bytes, 'byte')}, to be downloaded until {ready.expires_at:%Y-%m-%d %H:%M} UTC."
        )
        await workflow.sleep(max(ready.expires_at - workflow.now(), timedelta()), summary="Until it expires")
        await workflow.execute_activity_method(
            Exporting.drop_export,
            order,
            task_queue=media,
            start_to_close_timeout=policies.ERASE_TIMEOUT,
            heartbeat_timeout=policies.ERASE_HEARTBEAT,
            retry_policy=policies.ERASE_RETRY,
            summary="Delete the archive",
        )
        show((OUTCOME, Outcome.READY))
        return ExportResult(bytes=ready.bytes)
