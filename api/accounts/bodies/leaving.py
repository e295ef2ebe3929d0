"""The bodies of deleting and exporting an account."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NotRequired
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from api.http.shown import EXACT, TIME_EXAMPLE, Time


class DeletionBody(TypedDict):
    """A deletion that was asked for."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    deletesAt: Annotated[Time, Field(description="Until then a sign-in with `takeBackDeletion` opens it again.")]


DELETION_EXAMPLE: Final[dict[str, Any]] = {"deletesAt": TIME_EXAMPLE}


class ExportBody(TypedDict):
    """The newest export."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    exportId: UUID
    status: Literal["preparing", "ready", "expired"]
    askedAt: Time
    readyAt: NotRequired[Time]
    expiresAt: NotRequired[Time]
    bytes: NotRequired[int]
    downloadUrl: NotRequired[
        Annotated[str, Field(description="Where it is while it is `ready`. Ask with your token.", examples=["/v1/x"])]
    ]


DOWNLOAD: Final = "/v1/me/export/archive"

EXPORT_EXAMPLE: Final[dict[str, Any]] = {
    "exportId": "0b7e4bd8-5d0e-4c3f-9a2e-1c1d6d1f2a3b",
    "status": "ready",
    "askedAt": TIME_EXAMPLE,
    "readyAt": TIME_EXAMPLE,
    "expiresAt": "2026-02-03T12:00:00Z",
    "bytes": 48210,
    "downloadUrl": DOWNLOAD,
}
