"""The subject `sightings`: events that show that an intent may be fulfilled. They are settled after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from steadymint.indexing.subjects.folding import Handler
from steadymint.indexing.subjects.sightings.fold import PROOF_TOPICS, proven
from steadymint.indexing.subjects.subject import RenderedBatch, Subject, Undoing

_INSERT: Final = """
insert into indexer_service.intent_sightings (
    chain_id, block_number, log_index, block_hash, tx_hash, match_key, kind, facts, effects)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (chain_id, block_hash, log_index) do update set status = 'landed', settled_at = null"""

_ORPHAN: Final = """
update indexer_service.intent_sightings set status = 'orphaned', settled_at = null
where chain_id = $1 and block_number > $2 and status = 'landed'"""


class Sightings(Subject):
    """Writes sightings. If another subject has a handler for the event, that handler adds the sighting."""

    ours: ClassVar[Mapping[str, Handler]] = dict.fromkeys(PROOF_TOPICS, proven)

    async def write(self, rendered: RenderedBatch) -> None:
        sightings = rendered.batch.sightings
        if not sightings:
            return
        await self._connection.executemany(
            _INSERT,
            [
                (
                    self._chain_id,
                    seen.block_number,
                    seen.log_index,
                    seen.block_hash,
                    seen.tx_hash,
                    seen.match_key,
                    seen.kind.value,
                    seen.facts,
                    seen.effects,
                )
                for seen in sightings
            ],
        )
        self._fault("sightings")

    async def undo(self, undoing: Undoing) -> None:
        """Mark the sightings as orphaned. They are not deleted, so that their intents are moved back."""
        await self._connection.execute(_ORPHAN, self._chain_id, undoing.ancestor)
