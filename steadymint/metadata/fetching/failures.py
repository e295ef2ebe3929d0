"""What a stranger's server did, in the words of documents."""

from __future__ import annotations

from steadymint.domain.metadata import DocumentUnreadableError, unreadable
from steadymint.outbound.errors import OutboundError


def document_error(error: OutboundError) -> DocumentUnreadableError:
    """The same failure, of the document that was asked for."""
    failure = error.failure
    return unreadable(failure.code, failure.detail, permanent=failure.permanent, retry_after=error.retry_after)
