"""Sightings: events that show that an intent may be fulfilled. The table of kinds says which events those are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from steadymint.chain.calls.table import PROOFS, Proof
from steadymint.domain.intents.identity import intent_of
from steadymint.domain.intents.kinds import KINDS
from steadymint.domain.intents.rows import Sighting
from steadymint.domain.keccak import topic_of
from steadymint.domain.types import Address, BlockHash, BlockNumber, Bytes32, ChainId, TxHash
from steadymint.indexing.batch import Child
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.folding import Folding

PROOF_TOPICS: Final[Mapping[str, Proof]] = {topic_of(proof.signature): proof for proof in PROOFS}


def proven(folding: Folding, log: Log, child: Child) -> None:
    """Fold an event that only proves an intent."""
    sight(folding, log)
    folding.taken()


def sight(folding: Folding, log: Log) -> None:
    """Add the sighting of the event, if it is about an intent of ours. Raises ValueError like `sighting_of`."""
    seen = sighting_of(log, folding.chain_id, folding.block)
    if seen is not None:
        folding.batch.sightings.append(seen)


def sighting_of(log: Log, chain_id: ChainId, block: int) -> Sighting | None:
    """The sighting of the event; None if it is about no intent of ours.

    The caller has checked that the contract's events count. The facts are compared with those of the intent when the
    sighting is settled. Raises ValueError for a log without the shape of its event.
    """
    proof = PROOF_TOPICS[log.topics[0]]
    if proof.reference_topic is not None and len(log.topics) <= proof.reference_topic:
        raise ValueError("the event lacks the topic of its reference")
    reference = None if proof.reference_topic is None else Bytes32(log.topics[proof.reference_topic])
    if reference is not None and intent_of(reference) is None:
        return None
    facts, effects = proof.read(Address(log.address), log.topics, log.data)
    return Sighting(
        match_key=reference or KINDS[proof.kind].key_of(chain_id, facts),
        kind=proof.kind,
        chain_id=chain_id,
        block_number=BlockNumber(block),
        block_hash=BlockHash(log.block_hash),
        log_index=int(log.log_index, 16),
        tx_hash=TxHash(log.transaction_hash),
        facts=facts,
        effects=effects,
    )
