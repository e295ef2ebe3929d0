"""The subjects of the indexer, and which of them reads what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from steadymint.indexing.subjects.collections.subject import Collections
from steadymint.indexing.subjects.folding import Handler, RoleHandler
from steadymint.indexing.subjects.metadata.subject import Metadata
from steadymint.indexing.subjects.movements.subject import Movements
from steadymint.indexing.subjects.sightings.subject import Sightings
from steadymint.indexing.subjects.subject import Subject

SUBJECTS: Final[tuple[type[Subject], ...]] = (Collections, Movements, Metadata, Sightings)
"""In this order they write: tokens need their collection, and entries of the queue of metadata are written after the
tokens, since a refresh locks in that order. Where two read the same topic, the first one gets it."""

_LAST_FIRST: Final = SUBJECTS[::-1]

OURS: Final[Mapping[str, Handler]] = {
    topic: handler for subject in _LAST_FIRST for topic, handler in subject.ours.items()
}
"""Topic 0 -> what reads it of a collection that a factory of ours has made."""

IMPORTED: Final[Mapping[str, Handler]] = {
    topic: handler for subject in _LAST_FIRST for topic, handler in subject.imported.items()
}
"""The same of an imported collection."""

BY_ROLE: Final[Mapping[str, Mapping[str, RoleHandler]]] = {
    role: handlers for subject in _LAST_FIRST for role, handlers in subject.roles.items()
}
"""Role of a registered contract -> topic 0 -> what reads it. A role leads to one subject."""

FOLLOWED: Final[tuple[str, ...]] = (
    *dict.fromkeys((*(topic for handlers in BY_ROLE.values() for topic in handlers), *OURS, *IMPORTED)),
)
"""Topic 0 of every event that one `eth_getLogs` asks for: creations and what follows them come in one reply, in
order."""

UNREGISTERED: Final[Mapping[str, str]] = {
    topic: f"unregistered_{role}" for role, handlers in BY_ROLE.items() for topic in handlers if topic not in IMPORTED
}
"""Topic 0 -> why it does not count if a contract without its role emits it. Events of the standards are not in it:
anybody emits those."""

BELIEVED: Final[tuple[str, ...]] = (*IMPORTED,)
"""Topic 0 of every event that is believed of an imported contract."""
