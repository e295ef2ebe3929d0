"""The record of what is done to webhooks: each leads to an address outside, so whoever holds a stolen session or a
terminal could have events sent to themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from steadymint.audit.entries import Entry, EventType, Severity, record


class Deed(StrEnum):
    CREATE = "create"
    REDIRECT = "redirect"
    """Another address."""
    CHANGE = "change"
    """Another description, other filters, paused or resumed."""
    ROTATE = "rotate"
    DELETE = "delete"
    REPLAY = "replay"
    RESEAL = "reseal"
    """Of all webhooks, those of users too."""


_WORDS: Final = {
    Deed.CREATE: "A webhook was made",
    Deed.REDIRECT: "A webhook leads to another address",
    Deed.CHANGE: "A webhook was changed",
    Deed.ROTATE: "The secret of a webhook was replaced",
    Deed.DELETE: "A webhook was deleted",
    Deed.REPLAY: "Events of a webhook are sent again",
    Deed.RESEAL: "The secrets of webhooks are sealed again",
}


_CHANGEABLE: Final = ("description", "event_names", "collections", "accounts", "status")
"""Columns of a webhook, besides its address."""


def changes_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Deed]:
    """What a change has done to a webhook, by its row before and after. Nothing if it names what is so already."""
    if after["url"] != before["url"]:
        yield Deed.REDIRECT
    if any(after[column] != before[column] for column in _CHANGEABLE):
        yield Deed.CHANGE


@dataclass(frozen=True, slots=True)
class By:
    """Who does it."""

    ip: str | None = None
    """Of the owner's request."""
    operator: str | None = None
    """The name of whoever does it at a terminal."""


UNKNOWN: Final = By()


async def note(
    connection: Any,
    deed: Deed,
    by: By,
    *,
    user_id: UUID | None = None,
    webhook_id: UUID | None = None,
    url: str | None = None,
    severity: Severity = "info",
) -> None:
    """Record the deed, in the transaction that does it. Without a user it is an operator's.

    Of the address only the origin is kept: a path may hold a token of the receiver.
    """
    details: dict[str, Any] = {"verb": deed.value}
    if webhook_id is not None:
        details["webhookId"] = str(webhook_id)
    if url is not None:
        parts = urlsplit(url)
        details["target"] = f"{parts.scheme}://{parts.hostname}"
    if user_id is None:
        details["operator"] = by.operator
    event = EventType.WEBHOOK_OPERATED if user_id is None else EventType.WEBHOOK_CHANGED
    await record(connection, Entry(event, _WORDS[deed], severity, user_id=user_id, ip=by.ip, details=details))
