"""Documents that were refused because of what they try: security events, one a day for each collection and reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from steadymint.audit.entries import Entry, EventType, record

HOSTILE: Final = frozenset({"bad_scheme", "bad_port", "forbidden_host", "too_large", "too_many_redirects"})
"""Codes of `steadymint.outbound.errors` for addresses that lead inwards, and for answers without end."""


async def note(connection: Any, collection_id: UUID, errors: Sequence[str], at: datetime) -> None:
    """Record the hostile ones among the errors (`code: why`) of documents that are not tried again."""
    for code in sorted({error.partition(":")[0] for error in errors} & HOSTILE):
        entry = Entry(
            EventType.DOCUMENT_REFUSED,
            f"A document of a collection was refused: {code}",
            "warning",
            details={"collectionId": str(collection_id), "code": code},
            key=f"{collection_id}:{code}:{at:%Y-%m-%d}",
        )
        await record(connection, entry)
