"""The progress of a metadata refresh as HTTP shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from api.http.shown import EXACT, TIME_EXAMPLE, Time


class ProgressBody(TypedDict):
    """The progress of reading the documents of a collection or of one token."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    status: Annotated[
        Literal["idle", "due", "running", "done"],
        Field(description="`due`: requested, not begun. `running`: also while it waits for servers. `idle`: never."),
    ]
    total: Annotated[int, Field(examples=[10_001])]
    done: Annotated[int, Field(description="Finished, failed ones included.", examples=[9_480])]
    failed: Annotated[int, Field(description="Failed. Each token has the reason.", examples=[20])]
    waiting: Annotated[int, Field(description="To be tried again, since their servers did not answer.", examples=[112])]
    startedAt: Annotated[datetime | None, Field(description="RFC 3339, UTC.", examples=[TIME_EXAMPLE])]
    updatedAt: Annotated[datetime | None, Field(description="The time of the last write.")]
    nextTryAt: NotRequired[Time]
    error: NotRequired[
        Annotated[str, Field(description="Of one token, `code: why`.", examples=["not_json: The document is not JSON"])]
    ]


REFRESH_EXAMPLE: Final[dict[str, Any]] = {
    "status": "running",
    "total": 10_001,
    "done": 9_480,
    "failed": 20,
    "waiting": 112,
    "startedAt": TIME_EXAMPLE,
    "updatedAt": "2026-01-31T12:01:40Z",
    "nextTryAt": "2026-01-31T12:02:10Z",
}


TOKEN_REFRESH_EXAMPLE: Final[dict[str, Any]] = {
    "status": "done",
    "total": 1,
    "done": 1,
    "failed": 1,
    "waiting": 0,
    "startedAt": TIME_EXAMPLE,
    "updatedAt": TIME_EXAMPLE,
    "error": "timeout: No answer within 10 seconds (tried 8 times)",
}
