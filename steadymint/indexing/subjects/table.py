"""The table of the indexer's subjects, and of the handler for each event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from steadymint.indexing.subjects.approvals.subject import Approvals
from steadymint.indexing.subjects.collections.subject import Collections
from steadymint.indexing.subjects.folding import Handler, RoleHandler
from steadymint.indexing.subjects.fungibles.subject import Fungibles
from steadymint.indexing.subjects.metadata.subject import Metadata
from steadymint.indexing.subjects.movements.subject import Movements
from steadymint.indexing.subjects.orders.subject import Orders
from steadymint.indexing.subjects.sightings.subject import Sightings
from steadymint.indexing.subjects.subject import Subject

SUBJECTS: Final[tuple[type[Subject], ...]] = (
    Collections,
    Movements,
    Orders,
    Approvals,
    Metadata,
    Fungibles,
    Sightings,
)
"""The order in which they write. Tokens need their collection. Entries of the refresh queue are written after the
tokens, since a refresh locks in that order. If two subjects have a handler for a topic, the first one gets it."""

_LAST_FIRST: Final = SUBJECTS[::-1]

OURS: Final[Mapping[str, Handler]] = {
    topic: handler for subject in _LAST_FIRST for topic, handler in subject.ours.items()
}
"""Topic 0 -> the handler, for collections that our factories made."""

IMPORTED: Final[Mapping[str, Handler]] = {
    topic: handler for subject in _LAST_FIRST for topic, handler in subject.imported.items()
}
"""Topic 0 -> the handler, for imported collections."""

BY_ROLE: Final[Mapping[str, Mapping[str, RoleHandler]]] = {
    role: handlers for subject in _LAST_FIRST for role, handlers in subject.roles.items()
}
"""Role of a registered contract -> topic 0 -> the handler. A role belongs to one subject."""

LAUNCHED: Final[Mapping[str, RoleHandler]] = {
    topic: handler for subject in _LAST_FIRST for topic, handler in subject.launched.items()
}
"""Topic 0 -> the handler, for fungible tokens that our token factories launched."""

FOLLOWED: Final[tuple[str, ...]] = (
    *dict.fromkeys((*(topic for handlers in BY_ROLE.values() for topic in handlers), *OURS, *IMPORTED, *LAUNCHED)),
)
"""Topic 0 of every event that one `eth_getLogs` asks for. Creations and the events after them come in one reply, in
order."""

UNREGISTERED: Final[Mapping[str, str]] = {
    topic: f"unregistered_{role}"
    for role, handlers in reversed(BY_ROLE.items())
    for topic in handlers
    if topic not in IMPORTED
}
"""Topic 0 -> the reason for which an event does not count if its contract lacks the role, the first one that reads it.
Events of the standards are not in it, since any contract emits those."""

BELIEVED: Final[tuple[str, ...]] = tuple(IMPORTED)
"""Topic 0 of every event that is read of an imported contract's history."""
