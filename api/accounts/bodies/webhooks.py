"""Webhooks: what their owners say, and what they are shown."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BeforeValidator, Field
from typing_extensions import TypedDict

from api.http.fields import Body, text
from api.http.pagination import PageQuery, plain_decimal
from api.http.queries import NoQuery
from api.http.shown import ADDRESS_EXAMPLE, CONTRACT_EXAMPLE, EXACT, TIME_EXAMPLE, AddressText, ChainIdText, Time
from steadymint.domain.slugs import ContractField
from steadymint.domain.types import AddressField, ChainIdField
from steadymint.domain.webhooks import DeliveryStatus, EventName, PausedBecause
from steadymint.webhooks.history import MAX_REPLAYED

MAX_FILTER: Final = 100
"""Entries of one filter."""
MAX_EVENTS: Final = 1_000
"""Events of one answer. A body may have 30 kB, and most have less than one."""
SECRET_EXAMPLE: Final = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="  # noqa: S105 - an example
_SEQUENCE: Final = 2**53 - 1
WEBHOOK_ID_EXAMPLE: Final = "3f1e1a52-8a0e-4b57-9a52-0f2b7f7f3a10"


def _left_out() -> Any:
    """The value of a member that the request leaves out. Nothing reads it: `model_fields_set` decides."""
    return None


TargetUrl = Annotated[str, Field(max_length=2048, examples=["https://shop.example/steadymint"])]
"""An `https` address at port 443, of a host of the public internet: `Targets` reads it."""
Description = Annotated[str, Field(max_length=800), text(200)]


class CollectionFilter(Body):
    """A collection by chain, and by contract or slug."""

    chain_id: ChainIdField
    contract: ContractField = Field(description="The contract, or the slug of the collection")


_NAMES: Final = "Events to be told of; all if it is empty or left out"
_COLLECTIONS: Final = "Collections that events must be about; any if it is empty or left out"
_ACCOUNTS: Final = "Accounts of which one must take part in an event; any if it is empty or left out"


class CreateWebhookBody(Body):
    """A new subscription."""

    url: TargetUrl
    description: Description | None = None
    events: Annotated[list[EventName], Field(max_length=MAX_FILTER)] = Field([], description=_NAMES)
    collections: Annotated[list[CollectionFilter], Field(max_length=MAX_FILTER)] = Field([], description=_COLLECTIONS)
    accounts: Annotated[list[AddressField], Field(max_length=MAX_FILTER)] = Field([], description=_ACCOUNTS)


class ChangeWebhookBody(Body):
    """What is to change. Members that are left out stay; null clears the description."""

    url: TargetUrl = Field(default_factory=_left_out)
    description: Description | None = None
    events: Annotated[list[EventName], Field(max_length=MAX_FILTER)] = Field(
        default_factory=_left_out, description=_NAMES
    )
    collections: Annotated[list[CollectionFilter], Field(max_length=MAX_FILTER)] = Field(
        default_factory=_left_out, description=_COLLECTIONS
    )
    accounts: Annotated[list[AddressField], Field(max_length=MAX_FILTER)] = Field(
        default_factory=_left_out, description=_ACCOUNTS
    )
    active: bool = Field(
        default_factory=_left_out,
        strict=True,
        description="false pauses it; true sends what has waited, also after we have paused it",
    )


class RotateBody(Body):
    """How the secret is replaced."""

    stolen: bool = Field(
        False,
        strict=True,
        description="The old secret is worth nothing at once. Otherwise it signs as well for 24 hours",
    )


Number = Annotated[int, Field(ge=1, le=_SEQUENCE, strict=True)]


class ReplayBody(Body):
    """Which events are to be sent again, by their numbers."""

    first: Number = Field(examples=[17])
    last: Number | None = Field(
        None, description=f"All behind `first`, if it is left out. At most {MAX_REPLAYED} are sent by one request"
    )
    dead_only: bool = Field(False, strict=True, description="Only those that were given up")


class CollectionRefView(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    contract: AddressText


class WebhookView(TypedDict):
    """A subscription."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    webhookId: UUID
    url: str
    description: str | None
    events: list[EventName]
    collections: list[CollectionRefView]
    accounts: list[AddressText]
    active: bool
    pausedBecause: Annotated[
        PausedBecause | None,
        Field(description="`owner`, `unreachable` (it took nothing for three days) or `gone` (410)."),
    ]
    lastSequence: Annotated[int, Field(description="The number of its last event.", examples=[42])]
    failingSince: Annotated[Time | None, Field(description="Since when it has taken nothing.")]
    secretOverlapEnds: Annotated[Time | None, Field(description="Until when the secret before this one signs as well.")]
    createdAt: Time


class NewWebhookView(WebhookView):
    """A new subscription, with its secret."""

    secret: Annotated[str, Field(description="Shown this once.", examples=[SECRET_EXAMPLE])]


class WebhookPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[WebhookView]
    nextCursor: str | None


class SecretView(TypedDict):
    """The new secret."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    secret: Annotated[str, Field(description="Shown this once.", examples=[SECRET_EXAMPLE])]


class DeliveryView(TypedDict):
    """One event for one webhook, and what has come of it."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    sequence: Annotated[int, Field(examples=[17])]
    id: Annotated[str, Field(description="`webhook-id`.", examples=["msg_7f0c1c527a0e4b579a520f2b7f7f3a10"])]
    type: EventName
    status: DeliveryStatus
    attempts: Annotated[int, Field(examples=[1])]
    nextAttemptAt: Time | None
    responseStatus: Annotated[int | None, Field(description="Of the last try.", examples=[204])]
    error: Annotated[
        str | None,
        Field(description="Of the last try: `refused`, `timeout`, `unreachable`, `forbidden_host`, and others."),
    ]
    deliveredAt: Time | None
    createdAt: Time


class DeliveryPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[DeliveryView]
    nextCursor: str | None


class ReplayView(TypedDict):
    """What is sent again."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    events: Annotated[int, Field(examples=[3])]
    first: Annotated[int | None, Field(examples=[17])]
    last: Annotated[int | None, Field(description="If there are more, ask again from behind it.", examples=[19])]


class SentTestView(TypedDict):
    """The event that was sent."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    sequence: Annotated[int, Field(examples=[43])]


class EventView(TypedDict):
    """An event as the webhook got it, or will get it. `webhooks` of this document has the shape of each type."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    id: str
    type: EventName
    sequence: int
    timestamp: Time
    data: dict[str, Any]


class EventPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[EventView]
    lastSequence: Annotated[
        int, Field(description="The number of the webhook's last event: if it is higher, ask for more.")
    ]


class DeliveriesQuery(PageQuery):
    status: DeliveryStatus | None = Field(None, description="Only those of this status; `dead` are the dead letters.")


class EventsQuery(NoQuery):
    webhook_id: UUID = Field(description="Whose events.")
    after: Annotated[int, BeforeValidator(plain_decimal)] = Field(
        0, ge=0, description="The number behind which to begin: the last one before a gap."
    )
    limit: Annotated[int, BeforeValidator(plain_decimal)] = Field(
        100, ge=1, le=MAX_EVENTS, description=f"Events per answer, 1 to {MAX_EVENTS}."
    )


WEBHOOK_EXAMPLE: Final[dict[str, Any]] = {
    "webhookId": WEBHOOK_ID_EXAMPLE,
    "url": "https://shop.example/steadymint",
    "description": "Stock of the shop",
    "events": ["mints.domain upserted", "sales.events sold"],
    "collections": [{"chainId": "eip155:31337", "contract": CONTRACT_EXAMPLE}],
    "accounts": [ADDRESS_EXAMPLE],
    "active": True,
    "pausedBecause": None,
    "lastSequence": 42,
    "failingSince": None,
    "secretOverlapEnds": None,
    "createdAt": TIME_EXAMPLE,
}
NEW_WEBHOOK_EXAMPLE: Final[dict[str, Any]] = WEBHOOK_EXAMPLE | {"lastSequence": 0, "secret": SECRET_EXAMPLE}
WEBHOOK_PAGE_EXAMPLE: Final[dict[str, Any]] = {"items": [WEBHOOK_EXAMPLE], "nextCursor": None}
SECRET_VIEW_EXAMPLE: Final[dict[str, Any]] = {"secret": SECRET_EXAMPLE}
DELIVERY_PAGE_EXAMPLE: Final[dict[str, Any]] = {
    "items": [
        {
            "sequence": 17,
            "id": "msg_7f0c1c527a0e4b579a520f2b7f7f3a10",
            "type": "sales.events sold",
            "status": "pending",
            "attempts": 2,
            "nextAttemptAt": TIME_EXAMPLE,
            "responseStatus": 503,
            "error": "refused",
            "deliveredAt": None,
            "createdAt": TIME_EXAMPLE,
        }
    ],
    "nextCursor": None,
}
REPLAY_EXAMPLE: Final[dict[str, Any]] = {"events": 3, "first": 17, "last": 19}
TEST_EXAMPLE: Final[dict[str, Any]] = {"sequence": 43}
EVENT_PAGE_EXAMPLE: Final[dict[str, Any]] = {
    "items": [
        {
            "id": "msg_7f0c1c527a0e4b579a520f2b7f7f3a10",
            "type": "webhook.test",
            "sequence": 43,
            "timestamp": "2026-01-31T12:00:00.000Z",
            "data": {"webhookId": WEBHOOK_ID_EXAMPLE},
        }
    ],
    "lastSequence": 43,
}
