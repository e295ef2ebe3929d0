"""Folds the events of collections: creations, and the events that change a collection."""

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
    """A registered factory created a collection. Its logs count from the next one on."""
    creation, batch = creation_of(log), folding.batch
    standard = STANDARDS.get(creation.kind)
    if standard is None:
        raise UndecodableError("unknown kind of collection")
    contract = creation.collection
    if contract in folding.known or contract in batch.created:
        known = folding.known.get(contract)
        if known is not None and known.foreign:
            # Its import was done before its factory was registered. It stays an imported collection.
            batch.counts["imported"] += 1
            return
        # CREATE2 gives an address twice only if the first contract was destroyed.
        batch.counts["created_again"] += 1
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
    """The changes of owner of imported contracts in a batch."""

    last: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    """Contract -> the block of its last change of owner, and the index of that event in `batch.events`."""


def imported_owner(folding: Folding, log: Log, child: Child) -> None:
    """An imported contract changed its owner. Of several changes in a block only the result is kept, because the
    contract may emit any number."""
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
    """An event that changes nothing in the catalog. Only the raw store keeps it."""
    folding.batch.counts["noted"] += 1


def _add_event(folding: Folding, log: Log, contract: str, payload: dict[str, object]) -> None:
    name, index = topics.NAMES[log.topics[0]], int(log.log_index, 16)
    folding.batch.events.append(
        CollectionEvent(folding.block, index, log.transaction_hash, contract, name, payload, folding.at)
    )
