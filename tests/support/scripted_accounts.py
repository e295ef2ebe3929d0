"""Deleting and exporting accounts for tests of flows: a fake of everything behind the activities, and workers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from temporalio.client import Client
from temporalio.worker import Worker

from activities.accounts import Erasing, Exporting, Leaving
from steadymint.domain.accounts import DueAnswer, ExportReady, HistoriesPlace
from steadymint.domain.errors import AccountClosedError
from steadymint.domain.types import UserId
from steadymint.durable.queues import Queues
from workers.sandbox import workflow_runner
from workflows.delete_account import DeleteAccount
from workflows.export_account import ExportAccount

GRACE = timedelta(days=14)


class ScriptedAccounts:
    """The record of deletions in memory, and a list of what was done."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.due_at: datetime | None = None
        """None: nobody has asked, or it was taken back."""
        self.now = datetime.now(UTC)
        self.is_banned = False

    async def close(self, user_id: UserId) -> datetime:
        if self.is_banned:
            raise AccountClosedError
        if self.due_at is None:
            self.due_at = self.now + GRACE
            self.done.append("closed")
        return self.due_at

    async def end_all(self, user_id: UserId, reason: str) -> int:
        self.done.append("sessions ended")
        return 1

    async def begin(self, user_id: UserId, at: datetime) -> DueAnswer:
        self.now = at
        if self.due_at is None:
            return DueAnswer(state="taken_back", due_at=at)
        return DueAnswer(state="due" if self.due_at <= at else "waiting", due_at=self.due_at)

    async def finish(self, user_id: UserId) -> None:
        self.done.append("finished")


class ScriptedStore:
    """Rows, or media."""

    def __init__(self, name: str, done: list[str]) -> None:
        self._name = name
        self._done = done

    async def forget(self, user_id: UserId) -> int:
        self._done.append(self._name)
        return 3

    async def end_links(self, user_id: UserId) -> None:
        self._done.append("links")


class ScriptedHistories:
    """Histories that are deleted at once."""

    def __init__(self, done: list[str]) -> None:
        self._done = done

    async def forget(self, user_id: UserId, place: HistoriesPlace) -> AsyncIterator[HistoriesPlace]:
        self._done.append("histories")
        yield HistoriesPlace(deleted=3)


class ScriptedExports:
    """Archives that take no time."""

    def __init__(self, done: list[str], expires_at: datetime) -> None:
        self._done = done
        self._expires_at = expires_at

    async def write(self, export_id: UUID, user_id: UserId) -> ExportReady:
        self._done.append("written")
        return ExportReady(bytes=100, expires_at=self._expires_at)

    async def drop(self, export_id: UUID) -> None:
        self._done.append("dropped")

    async def drop_all(self, user_id: UserId) -> int:
        self._done.append("exports")
        return 1


@asynccontextmanager
async def serving_accounts(client: Client, queues: Queues, accounts: ScriptedAccounts) -> AsyncIterator[None]:
    """Workers of both queues for as long as the block runs."""
    done = accounts.done
    leaving = Leaving(accounts, accounts, ScriptedHistories(done), ScriptedStore("rows", done))
    exports = ScriptedExports(done, accounts.now + timedelta(days=3))
    erasing, exporting = Erasing(ScriptedStore("media", done), exports), Exporting(exports)
    flows = Worker(
        client,
        task_queue=queues.flows,
        workflows=[DeleteAccount, ExportAccount],
        workflow_runner=workflow_runner(),
        activities=[
            leaving.close_account,
            leaving.look_whether_due,
            leaving.forget_histories,
            leaving.forget_rows,
        ],
    )
    media = Worker(
        client,
        task_queue=queues.media,
        activities=[erasing.forget_media, exporting.write_export, exporting.drop_export],
    )
    async with flows, media:
        yield
