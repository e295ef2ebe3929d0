"""Who sent the transactions of movements that are suspicious, or would be if somebody else sent them. A log does not
say it, so nodes are asked (`node_facts`), after the commit and beside the loop: no block waits for it.

Movements that contradict those before them are suspicious whoever sent them. Those that somebody else may have sent
than the account that they leave are found and judged by `unapproved`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import islice
from typing import Final

from steadymint.indexing.reading.lookups import Lookups, Question
from steadymint.indexing.store.writer import Writer
from steadymint.indexing.telling import node_facts
from steadymint.indexing.telling.node_facts import NodeFacts
from steadymint.indexing.telling.unapproved import Wanted, judged, sent_by_others
from steadymint.indexing.telling.unapproved_rows import UnapprovedRows, UnjudgedDepartures

ROWS_AT_ONCE: Final = 1_000
"""Suspicious movements that are looked at for their transactions."""
COLLECTIONS_AT_ONCE: Final = 50
"""Imported collections of which movements are read at once. The others take their turns."""
MOVEMENTS_AT_ONCE: Final = 2_000
"""Movements of all of these that are read at once: less than a tenth of a second in which the newest block waits."""
RECEIVED_AT_ONCE: Final = 500
"""Movements of one collection that somebody else sent, for which it is looked up at once how the token was received."""
OLD: Final = 0
"""Stands for the time of suspicious movements: no verdict depends on their senders, so they are given up soon."""

_UNSENT: Final = """
select s.collection, s.place, s.batch, catalog_service.hex(s.tx) as tx, c.contract_address
from catalog_service.suspicions s join catalog_service.collections c on c.no = s.collection
where s.chain = {chain} and s.tx_sender is null and s.tx <> all($1::bytea[]) order by s.place limit $2"""

_SENT: Final = """
update catalog_service.suspicions s set tx_sender = g.sender
from unnest($1::integer[], $2::bigint[], $3::integer[], $4::bytea[]) as g (collection, place, batch, sender)
where s.collection = g.collection and s.place = g.place and s.batch = g.batch"""


class TxSenders:
    """Of one chain, over the writer's connection."""

    def __init__(self, writer: Writer, lookups: Lookups) -> None:
        self._writer = writer
        self._rows = UnapprovedRows(writer)
        self._nodes = NodeFacts(writer.chain_id, lookups)
        self._is_due = True
        self._behind: dict[str, None] = {}
        """Imported contracts that may have movements which are not judged yet."""
        self._asking: asyncio.Task[None] | None = None
        self._looked_at = float("-inf")

    def due(self, imported: Iterable[str] = ()) -> None:
        """There are suspicious movements, perhaps, and new ones of these imported contracts."""
        self._is_due = True
        self._behind |= dict.fromkeys(imported)

    def forget_unknown(self) -> None:
        """Ask again for what no node knew."""
        self._nodes.forget_unknown()

    async def news(self) -> None:
        """Returns when `step` has something to do; never, if nothing is due."""
        if self._asking is not None:
            await asyncio.wait((self._asking,))
        elif not (self._is_due or self._behind):
            await asyncio.Event().wait()
        looks_at = max(self._looked_at + node_facts.EVERY, self._nodes.rests_until)
        await asyncio.sleep(looks_at - asyncio.get_running_loop().time())

    async def step(self) -> set[str]:
        """Write what was answered, and ask for more. Returns the contracts whose movements show something new.

        What goes wrong at the nodes is tried again.
        """
        now = asyncio.get_running_loop().time()
        if self._asking is not None and self._asking.done():
            asking, self._asking = self._asking, None
            asking.result()
        is_due = self._is_due or bool(self._behind)
        if self._asking is not None or not is_due or now - self._looked_at < node_facts.EVERY:
            return set()
        self._looked_at = now
        wanted: dict[str, Wanted] = {}
        shown = await self._name(wanted) | await self._judge(wanted)
        if chosen := self._nodes.next(wanted):
            self._asking = asyncio.create_task(self._nodes.ask(chosen), name=f"senders {self._writer.chain_id}")
        return shown

    async def close(self) -> None:
        """Stop asking."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
            self._asking = None

    async def _name(self, wanted: dict[str, Wanted]) -> set[str]:
        """Write who sent movements that are suspicious whoever sent them. What is wanted for it is one turn of many."""
        if not self._is_due:
            return set()
        connection, fill, senders = self._writer.connection, self._writer.tables.fill, self._nodes.facts.senders
        unknown = [bytes.fromhex(tx[2:]) for tx, sender in senders.items() if sender is None]
        rows = await connection.fetch(fill(_UNSENT), unknown, ROWS_AT_ONCE)
        self._is_due = bool(rows)
        wanted[""] = {Question("transaction", row["tx"]): OLD for row in rows if row["tx"] not in senders}
        given = [
            (row["collection"], row["place"], row["batch"], bytes.fromhex(sender[2:]))
            for row in rows
            if (sender := senders.get(row["tx"])) is not None
        ]
        if given:
            await connection.execute(_SENT, *map(list, zip(*given, strict=True)))
        return {row["contract_address"] for row in rows if row["tx"] in senders}

    async def _judge(self, wanted: dict[str, Wanted]) -> set[str]:
        """Judge movements of imported collections as far as it is known who sent them."""
        contracts = list(islice(filter(self._nodes.may_ask, self._behind), COLLECTIONS_AT_ONCE))
        if not contracts:
            return set()
        shown, most = set[str](), MOVEMENTS_AT_ONCE // len(contracts)
        found = {one.contract: one for one in await self._rows.unjudged(contracts, most)}
        for contract in contracts:
            is_done = contract not in found or await self._settle(found[contract], wanted, shown)
            del self._behind[contract]
            if not is_done or (contract in found and len(found[contract].departures) == most):
                self._behind[contract] = None  # behind those that wait for their turn
        return shown

    async def _settle(self, found: UnjudgedDepartures, wanted: dict[str, Wanted], shown: set[str]) -> bool:
        """Judge these as far as the facts go. Returns whether that is all of them."""
        facts = self._nodes.facts
        foreign = islice(sent_by_others(found.departures, facts), RECEIVED_AT_ONCE)
        received = await self._rows.received(found.collection, foreign)
        verdicts, upto, is_done = judged(found.departures, received, facts, wanted.setdefault(found.contract, {}))
        if upto is not None:
            await self._rows.write(found.collection, verdicts, upto)
        if verdicts:
            shown.add(found.contract)
        return is_done
