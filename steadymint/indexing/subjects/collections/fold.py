"""What the events of collections come to: creations, and the lines of each collection's history."""

from __future__ import annotations

from dataclasses import dataclass, field

from steadymint.indexing.batch import Child, CollectionEvent, collection_id_of
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.words import UndecodableError
from steadymint.indexing.subjects.collections import topics
from steadymint.indexing.subjects.collections.creations import STANDARDS, creation_payload
from steadymint.indexing.subjects.collections.decode import collection_event, creation_of
from steadymint.indexing.subjects.folding import Folding
from steadymint.indexing.subjects.sightings.fold import sight


def created(folding: Folding, log: Log) -> None:
    """A registered factory has made a collection: its logs count from the next one on."""
    creation, batch = creation_of(log), folding.batch
    standard = STANDARDS.get(creation.kind)
    if standard is None:
        raise UndecodableError("unknown kind of collection")
    contract = creation.collection
    if contract in folding.known or contract in batch.created:
        known = folding.known.get(contract)
        if known is not None and known.foreign:
            # Imported before its factory was registered: it stays what it is.
            batch.counts["imported"] += 1
            return
        # CREATE2 cannot give a living address twice: the first contract was destroyed.
        batch.counts["reborn"] += 1
        batch.inconsistent.add(contract)
        return
    batch.created[contract] = Child(collection_id_of(folding.chain_id, contract), standard)
    _add_event(folding, log, contract, creation_payload(creation, standard, log))
    sight(folding, log)
    folding.taken()


def changed(folding: Folding, log: Log, child: Child) -> None:
    """A setting of the collection has changed."""
    _add_event(folding, log, log.address, collection_event(log))
    folding.taken()


def base_uri_set(folding: Folding, log: Log, child: Child) -> None:
    changed(folding, log, child)
    folding.batch.announcements.of_all_tokens(folding.block, log.address)


def metadata_frozen(folding: Folding, log: Log, child: Child) -> None:
    changed(folding, log, child)
    folding.batch.announcements.of_frozen(folding.block, log.address)


def contract_uri_updated(folding: Folding, log: Log, child: Child) -> None:
    changed(folding, log, child)
    folding.batch.announcements.of_contract(folding.block, log.address)


@dataclass(slots=True)
class ImportedOwners:
    """Where the batch keeps the owners that imported contracts named."""

    last: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    """Contract -> the block of its last change of owner, and the place of that in `batch.events`."""


def imported_owner(folding: Folding, log: Log, child: Child) -> None:
    """Of many in one block only what they come to is kept: a contract of somebody else may emit what it likes."""
    payload, events = collection_event(log), folding.batch.events
    last = folding.batch.of(ImportedOwners).last
    kept = last.get(log.address)
    if kept is not None and kept[0] == folding.block:
        at = kept[1]
        payload["previousOwner"] = events[at].payload["previousOwner"]
        events[at] = events[at]._replace(payload=payload)
    else:
        last[log.address] = folding.block, len(events)
        _add_event(folding, log, log.address, payload)
    folding.taken()


def noted(folding: Folding, log: Log, child: Child) -> None:
    """Kept in the raw store only: it changes nothing that the catalog holds."""
    folding.batch.counts["noted"] += 1


def _add_event(folding: Folding, log: Log, contract: str, payload: dict[str, object]) -> None:
    name, index = topics.NAMES[log.topics[0]], int(log.log_index, 16)
    folding.batch.events.append(
        CollectionEvent(folding.block, index, log.transaction_hash, contract, name, payload, folding.at)
    )
