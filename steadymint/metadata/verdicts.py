"""What becomes of an entry that is not read, or cannot be. Pure."""

from __future__ import annotations

from typing import Final

from steadymint.domain.metadata import DocumentFailure
from steadymint.metadata.entries import Entry
from steadymint.metadata.settle import Outcome, Verdict
from steadymint.settings import MetadataSettings

LONGEST_WAIT: Final = 86_400.0
"""Seconds between two tries of one document."""
PATIENCE: Final = 3 * 86_400.0
"""Seconds for which a server may tell us to come later. That alone is no failure of the document: of 10,000 tokens at a
server that gives out a hundred a minute, the last has been turned away a hundred times."""
THROTTLED: Final = "throttled"


def without_reading(entry: Entry) -> Outcome | None:
    """The outcome of an entry whose document is not to be asked for; None if it is.

    What an operator has taken out of refreshing stays as it is. Frozen metadata is read until it was read well once,
    and when somebody asks for it, not because of an event: a contract may go on emitting them.
    """
    if entry.kind == "token":
        if entry.token_number is None:
            return Outcome(entry, Verdict.LEFT)
        if entry.burned:
            return Outcome(entry, Verdict.GONE)
    if not entry.refreshable or (entry.frozen and entry.status == "ok" and entry.reason != "request"):
        return Outcome(entry, Verdict.LEFT)
    return None


def unread(
    entry: Entry,
    failure: DocumentFailure,
    settings: MetadataSettings,
    *,
    uri: str | None = None,
    doc_id: str | None = None,
    retry_after: float | None = None,
) -> Outcome:
    """Failed for good, or to be tried again after a wait that doubles with each try, or that the server has asked for.

    Only such an answer costs a try as is one: being told to come later costs none, within `PATIENCE`.
    """
    told = failure.code == THROTTLED
    tries = entry.attempts + (0 if told else 1)
    spent = entry.age > PATIENCE if told else tries >= settings.max_attempts
    why = f"{failure.code}: {failure.detail}"
    if failure.permanent or spent:
        why = why if failure.permanent else f"{why} (tried {entry.attempts + 1} times)"
        return Outcome(entry, Verdict.FAILED, uri=uri, doc_id=doc_id, error=why)
    wait = max(settings.retry_first * 2**entry.attempts, retry_after or 0.0)
    return Outcome(
        entry, Verdict.DELAYED, uri=uri, doc_id=doc_id, error=why, wait=min(wait, LONGEST_WAIT), counts=not told
    )
