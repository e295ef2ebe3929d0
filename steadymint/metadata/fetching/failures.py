"""Turns the failure of a request into the failure of the document that it asked for."""

from __future__ import annotations

from steadymint.domain.metadata import DocumentUnreadableError, unreadable
from steadymint.outbound.errors import OutboundError


def document_error(error: OutboundError) -> DocumentUnreadableError:
    """The failure of the document, with the same code, detail and waiting time."""
    failure = error.failure
    return unreadable(failure.code, failure.detail, permanent=failure.permanent, retry_after=error.retry_after)
