"""Which refusals of a request are security events. Of a flood one entry an hour is kept for each peer."""

from __future__ import annotations

from typing import Final

from starlette.requests import HTTPConnection

from api.root import services_of
from steadymint.audit.entries import Entry, EventType, Severity
from steadymint.domain import errors
from steadymint.domain.errors import RateLimitedError, SteadymintError
from steadymint.domain.peers import bucket_of

_UPLOADS: Final[dict[str, Severity]] = {
    errors.UnsupportedMediaError.code: "info",
    errors.MediaRefusedError.code: "warning",
}
"""Files that are no pictures, or that would cost a decoder too much."""


async def note_refusal(request: HTTPConnection, error: SteadymintError) -> None:
    """Record the refusal if it is one of those. Never fails."""
    entry = _entry(request, error)
    if entry is not None:
        await services_of(request).refusals.note(entry)


def _entry(request: HTTPConnection, error: SteadymintError) -> Entry | None:
    peer = request.client.host if request.client else None
    user_id = getattr(request.state, "user_id", None)
    who = str(user_id) if user_id is not None else bucket_of(peer)
    if isinstance(error, RateLimitedError):
        limit = str(error.extra.get("limit", "other"))
        return Entry(
            EventType.RATE_LIMITED,
            f"The limit {limit} was reached",
            "warning",
            user_id=user_id,
            ip=peer if bucket_of(peer) != "unknown" else None,
            details={"limit": limit},
            key=f"{limit}:{who}",
        )
    if error.code in _UPLOADS:
        return Entry(
            EventType.UPLOAD_REFUSED,
            f"An upload was refused: {error.code}",
            _UPLOADS[error.code],
            user_id=user_id,
            ip=peer if bucket_of(peer) != "unknown" else None,
            details={"code": error.code},
            key=f"{error.code}:{who}",
        )
    return None
