"""The inputs and results of the flows that delete and export an account. They name a user by id only, because histories
outlive what they tell of."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from steadymint.domain.record import Record

DELETE_ACCOUNT: Final = "DeleteAccount"
EXPORT_ACCOUNT: Final = "ExportAccount"
ASK: Final = "ask"
LOOK: Final = "look"


class DeletionOrder(Record):
    """The order to delete one account."""

    user_id: UUID


class Deletion(Record):
    """A deletion that was asked for."""

    due_at: datetime
    """Until then it can be taken back."""


class DueOrder(Record):
    """The question whether a deletion is due."""

    user_id: UUID
    at: datetime


class DueAnswer(Record):
    """Whether a deletion is due. Once it has been `due` it cannot be taken back."""

    state: Literal["due", "waiting", "taken_back"]
    due_at: datetime


class HistoriesPlace(Record):
    """How far the histories of a user are deleted."""

    deleted: int = 0
    """Their number so far."""
    walk: str = ""
    """The walk over rows, in alphabetical order. What comes before it is done."""
    after: tuple[datetime, UUID] | None = None
    """The time and the id of the last row that is done."""


class DeletionResult(Record):
    """The result of a flow."""

    outcome: Literal["erased", "taken_back", "refused"]
    histories: int = 0
    """Histories of flows that were deleted."""
    media: int = 0
    """Pictures and exports that were deleted, or are the user's no longer."""
    rows: int = 0
    """Rows that were deleted or emptied."""


class ExportOrder(Record):
    """The order for one export."""

    export_id: UUID
    user_id: UUID


class ExportReady(Record):
    """An archive that can be downloaded."""

    bytes: int
    expires_at: datetime


class ExportResult(Record):
    """The result of a flow: the archive has been there, and is gone."""

    bytes: int


def workflow_id_of_deletion(user_id: UUID) -> str:
    return f"delete-account:{user_id}"


def workflow_id_of_export(export_id: UUID) -> str:
    return f"export-account:{export_id}"
