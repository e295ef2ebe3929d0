"""Who sent the transactions of suspicious movements. A log does not say it, so the node is asked, after the commit.

Only suspicious movements have it, a hundred transactions in one request, at most once a second: blocks do not wait for
it, and a contract that lies a thousand times a block costs no more requests than one that lies once.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from steadymint.domain.errors import SteadymintError
from steadymint.indexing.reading.source import LogSource
from steadymint.indexing.store.writer import Writer

log = logging.getLogger(__name__)

AT_ONCE: Final = 100
"""Transactions of one request."""
ROWS_AT_ONCE: Final = 1_000
"""Movements that are looked at for them."""
EVERY: Final = 1.0
"""Seconds between two requests."""
UNKNOWN: Final = 1_000
"""Transactions that are remembered since the node did not know them; past that they are asked for again."""

_UNSENT: Final = """
select s.collection, s.place, s.batch, s.tx, c.contract_address from catalog_service.suspicions s
join catalog_service.collections c on c.no = s.collection
where s.chain = {chain} and s.tx_sender is null and s.tx <> all($1::bytea[]) order by s.place limit $2"""

_SENT: Final = """
update catalog_service.suspicions s set tx_sender = g.sender
from unnest($1::integer[], $2::bigint[], $3::integer[], $4::bytea[]) as g (collection, place, batch, sender)
where s.collection = g.collection and s.place = g.place and s.batch = g.batch"""


class TxSenders:
    """Of one chain, over the writer's connection."""

    def __init__(self, writer: Writer, source: LogSource) -> None:
        self._writer = writer
        self._source = source
        self._due = True
        self._asked_at = float("-inf")
        self._unknown: set[bytes] = set()

    def due(self) -> None:
        """There are suspicious movements, perhaps."""
        self._due = True

    async def step(self) -> set[str]:
        """Ask for some of those that lack it. Returns the contracts whose movements have it now.

        What goes wrong at the node is tried again with the next step.
        """
        now = asyncio.get_running_loop().time()
        if not self._due or now - self._asked_at < EVERY:
            return set()
        self._asked_at = now
        connection, fill = self._writer.connection, self._writer.tables.fill
        rows = await connection.fetch(fill(_UNSENT), list(self._unknown), ROWS_AT_ONCE)
        if not rows:
            self._due = False
            return set()
        asked = list(dict.fromkeys(row["tx"] for row in rows))[:AT_ONCE]
        try:
            senders = await self._source.senders(["0x" + tx.hex() for tx in asked])
        except SteadymintError as error:
            log.warning("%s: senders of transactions stay unknown for now: %s", self._writer.chain_id, error.code)
            return set()
        if len(self._unknown) > UNKNOWN:
            self._unknown.clear()
        self._unknown.update(tx for tx in asked if "0x" + tx.hex() not in senders)
        given = [
            (row["collection"], row["place"], row["batch"], bytes.fromhex(senders["0x" + row["tx"].hex()][2:]))
            for row in rows
            if "0x" + row["tx"].hex() in senders
        ]
        if given:
            await connection.execute(_SENT, *map(list, zip(*given, strict=True)))
        return {row["contract_address"] for row in rows if "0x" + row["tx"].hex() in senders}
