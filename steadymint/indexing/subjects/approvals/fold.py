"""What the event of operators adds to a batch. Pure."""

from __future__ import annotations

from steadymint.domain.types import ZERO_ADDRESS
from steadymint.indexing.batch import Child
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.words import address_of, expect, word
from steadymint.indexing.subjects.approvals.gathered import note
from steadymint.indexing.subjects.folding import Folding
from steadymint.indexing.subjects.orders.gathered import Touched, Touches
from steadymint.indexing.subjects.sightings.fold import PROOF_TOPICS, sight
from steadymint.market.checking.causes import CauseKind


def approval_for_all(folding: Folding, log: Log, child: Child) -> None:
    """EIP-721 and EIP-1155: all tokens of an account may be moved by somebody, or no longer. Orders depend on it."""
    expect(log, 3, 1)
    owner, operator, approved = address_of(log.topics[1]), address_of(log.topics[2]), word(log.data, 0)
    if log.topics[0] in PROOF_TOPICS:
        sight(folding, log)
    note(folding, log, owner, operator, child.standard, approved)
    if owner != ZERO_ADDRESS:
        folding.batch.of(Touches).blocks[Touched(CauseKind.APPROVAL, owner, log.address)] = folding.block
