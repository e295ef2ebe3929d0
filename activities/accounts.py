"""The activities of deleting and exporting an account.

Each is idempotent. Closing, looking and marking are one transaction each. What deletes goes on with what is left, so it
may be killed between any two lines. An export is written anew by each try, under the same key.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from temporalio import activity

from activities.background import heartbeating
from steadymint.domain.accounts import (
    Deletion,
    DeletionOrder,
    DueAnswer,
    DueOrder,
    ExportOrder,
    ExportReady,
    HistoriesPlace,
)
from steadymint.domain.types import UserId
from steadymint.durable.failures import activity_boundary

HEARTBEAT_EVERY: Final = 5.0
"""Seconds; a quarter of the heartbeat timeout."""


class Deletions(Protocol):
    """The record of deletions."""

    async def close(self, user_id: UserId) -> datetime:
        """Closes the account; when it is erased. Raises AccountClosedError if it is closed for another reason."""
        ...

    async def begin(self, user_id: UserId, at: datetime) -> DueAnswer:
        """Begins the erasure if it is due at this time and was not taken back."""
        ...

    async def finish(self, user_id: UserId) -> None: ...


class SessionEnds(Protocol):
    async def end_all(self, user_id: UserId, reason: str) -> int: ...


class Histories(Protocol):
    def forget(self, user_id: UserId, place: HistoriesPlace) -> AsyncIterator[HistoriesPlace]:
        """Deletes the histories of the user's sign-ins, links and closed intents, from a place on. Yields how far it
        has come."""
        ...


class Rows(Protocol):
    async def end_links(self, user_id: UserId) -> None:
        """Ends the links of the user's wallets."""
        ...

    async def forget(self, user_id: UserId) -> int:
        """Deletes or empties every row that holds something personal. Returns their number."""
        ...


class Media(Protocol):
    async def forget(self, user_id: UserId) -> int:
        """Deletes the user's pictures that nothing else needs, and disowns the others. Returns their number."""
        ...


class Exports(Protocol):
    async def write(self, export_id: UUID, user_id: UserId) -> ExportReady:
        """Stores the archive and says so in its row."""
        ...

    async def drop(self, export_id: UUID) -> None:
        """Deletes the archive."""
        ...

    async def drop_all(self, user_id: UserId) -> int:
        """Deletes every archive of the user. Returns their number."""
        ...


class Leaving:
    """The activities `close_account`, `look_whether_due`, `forget_histories` and `forget_rows`."""

    def __init__(self, deletions: Deletions, ends: SessionEnds, histories: Histories, rows: Rows) -> None:
        self._deletions = deletions
        self._ends = ends
        self._histories = histories
        self._rows = rows

    @activity.defn
    @activity_boundary
    async def close_account(self, order: DeletionOrder) -> Deletion:
        """Closes the account, then ends its sessions. Others do not find the user from then on."""
        due_at = await self._deletions.close(UserId(order.user_id))
        # After the commit: a sign-in that overlaps reads the status once more when its session is open.
        await self._ends.end_all(UserId(order.user_id), "account_deleted")
        return Deletion(due_at=due_at)

    @activity.defn
    @activity_boundary
    async def look_whether_due(self, order: DueOrder) -> DueAnswer:
        """Whether the deletion is due. If it is, it cannot be taken back from then on, and its wallets make another
        user: a sign-in that was refused as this one would leave traces behind the steps that look for them."""
        answer = await self._deletions.begin(UserId(order.user_id), order.at)
        if answer.state == "due":
            await self._rows.end_links(UserId(order.user_id))
        return answer

    @activity.defn
    @activity_boundary
    async def forget_histories(self, order: DeletionOrder) -> int:
        """Deletes the histories of the user's sign-ins and links, which hold IP addresses, and of closed intents, also
        of those that were refused.

        The rows that name them stay until the last step, and there may be millions of a stranger's. So an attempt goes
        on where the one before it was, which its heartbeats say."""
        said = activity.info().heartbeat_details
        place = HistoriesPlace.model_validate(said[0]) if said else HistoriesPlace()
        async with heartbeating(HEARTBEAT_EVERY, lambda: place):
            async for reached in self._histories.forget(UserId(order.user_id), place):
                place = reached
        return place.deleted

    @activity.defn
    @activity_boundary
    async def forget_rows(self, order: DeletionOrder) -> int:
        """Deletes or empties the rows, then records that the account is erased."""
        async with heartbeating(HEARTBEAT_EVERY):
            rows = await self._rows.forget(UserId(order.user_id))
            await self._deletions.finish(UserId(order.user_id))
            return rows


class Erasing:
    """The activity `forget_media`."""

    def __init__(self, media: Media, exports: Exports) -> None:
        self._media = media
        self._exports = exports

    @activity.defn
    @activity_boundary
    async def forget_media(self, order: DeletionOrder) -> int:
        """Deletes exports, and pictures that nothing but the account needs."""
        async with heartbeating(HEARTBEAT_EVERY):
            exports = await self._exports.drop_all(UserId(order.user_id))
            return exports + await self._media.forget(UserId(order.user_id))


class Exporting:
    """The activities `write_export` and `drop_export`."""

    def __init__(self, exports: Exports) -> None:
        self._exports = exports

    @activity.defn
    @activity_boundary
    async def write_export(self, order: ExportOrder) -> ExportReady:
        """Writes the archive to a file, page by page, and then to the object store."""
        async with heartbeating(HEARTBEAT_EVERY):
            return await self._exports.write(order.export_id, UserId(order.user_id))

    @activity.defn
    @activity_boundary
    async def drop_export(self, order: ExportOrder) -> None:
        """Deletes the archive."""
        async with heartbeating(HEARTBEAT_EVERY):
            await self._exports.drop(order.export_id)
