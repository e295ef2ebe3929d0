"""The outcomes of entries that are not read or cannot be read. Pure."""

from __future__ import annotations

from typing import Final

from steadymint.domain.counting import counted
from steadymint.domain.metadata import DocumentFailure
from steadymint.metadata.entries import Entry
from steadymint.metadata.settle import EntryOutcome, EntryVerdict
from steadymint.settings import MetadataSettings

LONGEST_WAIT: Final = 86_400.0
"""Seconds between two tries of one document."""
PATIENCE: Final = 3 * 86_400.0
"""Seconds for which a server may throttle us before the document counts as failed. Throttling alone is no failure: of
10,000 tokens at a server that answers a hundred a minute, the last one is refused a hundred times."""
THROTTLED: Final = "throttled"


def without_reading(entry: Entry) -> EntryOutcome | None:
    """The outcome of an entry whose document is not read; None if the document must be read.

    A token that an operator has excluded from refreshes stays as it is. Frozen metadata is read until one reading
    succeeds, and on request. Events do not cause a reading, because a contract may go on emitting them.
    """
    if entry.kind == "token":
        if entry.token_number is None:
            return EntryOutcome(entry, EntryVerdict.LEFT)
        if entry.burned:
            return EntryOutcome(entry, EntryVerdict.GONE)
    if not entry.refreshable or (entry.frozen and entry.status == "ok" and entry.reason != "request"):
        return EntryOutcome(entry, EntryVerdict.LEFT)
    return None


def unread(
    entry: Entry,
    failure: DocumentFailure,
    settings: MetadataSettings,
    *,
    uri: str | None = None,
    doc_id: str | None = None,
    retry_after: float | None = None,
) -> EntryOutcome:
    """The outcome of a failed reading: failed, or delayed. The wait doubles with each try, or is the one that the
    server asked for.

    A throttled answer does not count as a try within `PATIENCE`.
    """
    told = failure.code == THROTTLED
    tries = entry.attempts + (0 if told else 1)
    spent = entry.age > PATIENCE if told else tries >= settings.max_attempts
    why = f"{failure.code}: {failure.detail}"
    if failure.permanent or spent:
        why = why if failure.permanent else f"{why} (tried {counted(entry.attempts + 1, 'time')})"
        return EntryOutcome(entry, EntryVerdict.FAILED, uri=uri, doc_id=doc_id, error=why)
    wait = max(settings.retry_first * 2**entry.attempts, retry_after or 0.0)
    return EntryOutcome(
        entry, EntryVerdict.DELAYED, uri=uri, doc_id=doc_id, error=why, wait=min(wait, LONGEST_WAIT), counts=not told
    )
