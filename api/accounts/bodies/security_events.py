"""The body of `/v1/me/security-events`."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NotRequired
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from api.http.shown import ADDRESS_EXAMPLE, EXACT, TIME_EXAMPLE, AddressText, NextCursor, Time
from steadymint.audit.entries import EventType


class SecurityEventBody(TypedDict):
    """One event."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    id: UUID
    type: EventType
    severity: Literal["info", "warning", "error", "critical"]
    description: Annotated[str, Field(description="A sentence for people.")]
    at: Time
    address: NotRequired[AddressText]
    ipAddress: NotRequired[Annotated[str, Field(description="Where it came from.", examples=["192.0.2.7"])]]


class SecurityEventPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[SecurityEventBody]
    nextCursor: NextCursor


SECURITY_EVENT_PAGE_EXAMPLE: Final[dict[str, Any]] = {
    "items": [
        {
            "id": "0b7e4bd8-5d0e-4c3f-9a2e-1c1d6d1f2a3b",
            "type": "auth.sign_in_refused",
            "severity": "warning",
            "description": "A sign-in was refused: invalid_signature",
            "at": TIME_EXAMPLE,
            "address": ADDRESS_EXAMPLE,
            "ipAddress": "192.0.2.7",
        }
    ],
    "nextCursor": None,
}
