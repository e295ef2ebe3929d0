"""The flow that imports a contract which others have deployed into the catalog."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.importing import Importing
    from steadymint.domain.errors import ImportAbandonedError
    from steadymint.domain.importing import (
        BEGIN,
        IMPORT_COLLECTION,
        ImportOrder,
        ImportProgress,
        ImportResult,
        Inspection,
        Registered,
        RegisterOrder,
    )
    from steadymint.domain.outcome import Outcome
    from steadymint.domain.texts import as_code
    from steadymint.durable import policies
    from steadymint.durable.failures import refusal_of
    from steadymint.durable.queues import Queues
    from steadymint.durable.search_attributes import OUTCOME
    from workflows.parts.attributes import show


@workflow.defn(name=IMPORT_COLLECTION)
class ImportCollection:
    """`import:{chainId}:{contract}`: inspect the contract -> create its rows -> the indexer reads its history -> done.

    Only the chain's indexer writes the chain's rows, so it reads the history; this flow requests that and watches it.
    """

    @workflow.init
    def __init__(self, order: ImportOrder) -> None:
        self._order = order
        self._found: Inspection | None = None
        self._refusal: ApplicationError | None = None

    @workflow.run
    async def run(self, order: ImportOrder) -> ImportResult:
        """A refusal completes the flow. It fails only where a part of ours has failed."""
        try:
            found = await self._inspect()
            self._found = found
            name = as_code(found.name or order.contract)
            self._tell(f"{name} ({found.standard}): looking for its first block.")
            registered = await self._register(found)
            self._tell(f"{name} ({found.standard}): reading from {registered.first_block}.")
            progress = await self._watch()
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            self._refusal = _refusal(error)
            return await self._not_imported(self._refusal)
        outcome = Outcome.READY if progress.status == "done" else Outcome.REFUSED
        if progress.status == "done":
            self._tell(f"{name} is in the catalog, up to block {progress.cursor}.")
        else:
            self._tell(f"{name} is not in the catalog: {as_code(progress.note or progress.status)}")
        show((OUTCOME, outcome))
        await workflow.wait_condition(workflow.all_handlers_finished)
        return ImportResult(outcome=outcome, progress=progress)

    async def _not_imported(self, failure: ApplicationError) -> ImportResult:
        """Raises the failure where a part of ours has failed."""
        refusal = refusal_of(failure)
        if refusal is None:
            self._tell(f"Not imported: {as_code(failure.message)}")
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise failure
        abandoned = refusal.code == ImportAbandonedError.code
        self._tell(f"{'Abandoned' if abandoned else 'Refused'} `{refusal.code}`: {as_code(refusal.detail)}")
        outcome = Outcome.CANCELLED if abandoned else Outcome.REFUSED
        show((OUTCOME, outcome))
        await workflow.wait_condition(workflow.all_handlers_finished)
        return ImportResult(outcome=outcome, refusal=refusal)

    @workflow.update(name=BEGIN, description="What the contract says about itself, or why it is not imported")
    async def begin(self) -> Inspection:
        """What the contract says about itself, or why it is not imported."""
        await workflow.wait_condition(lambda: self._found is not None or self._refusal is not None)
        if self._found is None:
            assert self._refusal is not None
            raise self._refusal
        return self._found

    async def _inspect(self) -> Inspection:
        return await workflow.execute_activity_method(
            Importing.inspect_contract,
            self._order,
            task_queue=self._queues.chain,
            start_to_close_timeout=policies.INSPECT_TIMEOUT,
            schedule_to_close_timeout=policies.INSPECT_BUDGET,
            retry_policy=policies.INSPECT_RETRY,
            summary="Ask the contract what it is",
        )

    async def _register(self, found: Inspection) -> Registered:
        return await workflow.execute_activity_method(
            Importing.register_import,
            RegisterOrder(order=self._order, inspection=found),
            task_queue=self._queues.chain,
            start_to_close_timeout=policies.BIRTH_TIMEOUT,
            retry_policy=policies.IMPORT_RETRY,
            summary="Find its first block, and make its rows",
        )

    async def _watch(self) -> ImportProgress:
        return await workflow.execute_activity_method(
            Importing.watch_import,
            self._order,
            task_queue=self._queues.chain_wait,
            start_to_close_timeout=policies.IMPORT_TIMEOUT,
            heartbeat_timeout=policies.IMPORT_HEARTBEAT,
            retry_policy=policies.IMPORT_RETRY,
            summary="Until the indexer has read its history",
        )

    @property
    def _queues(self) -> Queues:
        return Queues.beside(workflow.info().task_queue)

    def _tell(self, text: str) -> None:
        """The lines that the Temporal UI shows above the history."""
        workflow.set_current_details(text)


def _refusal(error: ActivityError) -> ApplicationError:
    """What the activity said, so that the caller of `begin` gets the same."""
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return ApplicationError(cause.message, *cause.details, type=cause.type, non_retryable=True)
    return ApplicationError(str(cause or error), type="upstream_unavailable", non_retryable=True)
