"""Who sent the transactions of movements that are suspicious, or would be if somebody else sent them. A log does not
say it, so nodes are asked, after the commit and beside the loop: no block waits for it.

Movements that contradict those before them are suspicious whoever sent them. Those that somebody else may have sent
than the account that they leave are found and judged by `unapproved`. At most a hundred transactions are asked for at
once, at most once a second, and of endpoints with a limit no more than they have to spare: a contract that lies a
thousand times a block costs no more requests than one that lies once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final, TypeVar

from steadymint.domain.errors import SteadymintError
from steadymint.indexing.reading.lookups import Lookups
from steadymint.indexing.store.writer import Writer
from steadymint.indexing.telling.unapproved import Facts, Wanted, doubted, judged
from steadymint.indexing.telling.unapproved_rows import UnapprovedRows

log = logging.getLogger(__name__)

_T = TypeVar("_T")

AT_ONCE: Final = 100
"""Transactions, and accounts, of one request."""
ROWS_AT_ONCE: Final = 1_000
"""Suspicious movements that are looked at for their transactions."""
EVERY: Final = 1.0
"""Seconds between two requests, and between two looks."""
COLLECTIONS_AT_ONCE: Final = 50
"""Imported collections of which movements are read at once. The others take their turns."""
MOVEMENTS_AT_ONCE: Final = 2_000
"""Movements of all of these that are read at once: less than a tenth of a second in which the newest block waits."""
TRIES: Final = 5
"""Times that nodes are asked for a transaction that they do not know. One may lag behind the others; some forget old
transactions."""
REMEMBERED: Final = 20_000
"""Facts that are kept in memory. When there are more, all are dropped and asked for again."""

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
        self._lookups = lookups
        self._facts = Facts()
        self._tries = Counter[str]()
        """Of what no node knows so far."""
        self._is_due = True
        self._behind: dict[str, None] = {}
        """Imported contracts that may have movements which are not judged yet."""
        self._asking: asyncio.Task[None] | None = None
        self._asked_at = self._looked_at = float("-inf")

    def due(self, imported: Iterable[str] = ()) -> None:
        """There are suspicious movements, perhaps, and new ones of these imported contracts."""
        self._is_due = True
        self._behind |= dict.fromkeys(imported)

    async def news(self) -> None:
        """Returns when `step` has something to do; never, if nothing is due."""
        if self._asking is not None:
            await asyncio.wait((self._asking,))
        elif self._is_due or self._behind:
            await asyncio.sleep(self._looked_at + EVERY - asyncio.get_running_loop().time())
        else:
            await asyncio.Event().wait()

    async def step(self) -> set[str]:
        """Write what was answered, and ask for more. Returns the contracts whose movements show something new.

        What goes wrong at the nodes is tried again.
        """
        now = asyncio.get_running_loop().time()
        if self._asking is not None:
            if not self._asking.done():
                return set()
            self._asking.result()
            self._asking = None
        elif not (self._is_due or self._behind) or now - self._looked_at < EVERY:
            return set()
        self._looked_at = now
        wanted = Wanted()
        shown = await self._name(wanted) | await self._judge(wanted)
        if (wanted.transactions or wanted.accounts) and now - self._asked_at >= EVERY:
            self._asked_at = now
            self._asking = asyncio.create_task(self._ask(wanted), name=f"senders {self._writer.chain_id}")
        return shown

    async def close(self) -> None:
        """Stop asking."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
            self._asking = None

    async def _name(self, wanted: Wanted) -> set[str]:
        """Write who sent movements that are suspicious whoever sent them."""
        if not self._is_due:
            return set()
        connection, fill, senders = self._writer.connection, self._writer.tables.fill, self._facts.senders
        unknown = [bytes.fromhex(tx[2:]) for tx, sender in senders.items() if sender is None]
        rows = await connection.fetch(fill(_UNSENT), unknown, ROWS_AT_ONCE)
        self._is_due = bool(rows)
        unsent = (row["tx"] for row in rows if row["tx"] not in senders)
        wanted.transactions.update(dict.fromkeys(islice(unsent, AT_ONCE // 2)))
        given = [
            (row["collection"], row["place"], row["batch"], bytes.fromhex(sender[2:]))
            for row in rows
            if (sender := senders.get(row["tx"])) is not None
        ]
        if given:
            await connection.execute(_SENT, *map(list, zip(*given, strict=True)))
        return {row["contract_address"] for row in rows if row["tx"] in senders}

    async def _judge(self, wanted: Wanted) -> set[str]:
        """Judge movements of imported collections as far as it is known who sent them."""
        contracts = list(islice(self._behind, COLLECTIONS_AT_ONCE))
        if not contracts:
            return set()
        shown, most = set[str](), MOVEMENTS_AT_ONCE // len(contracts)
        found = await self._rows.behind(contracts, most)
        for contract in contracts:
            del self._behind[contract]
        for collection, contract, departures in found:
            foreign = islice(doubted(departures, self._facts), AT_ONCE)
            brought = await self._rows.brought(collection, foreign)
            verdicts, upto, is_done = judged(departures, brought, self._facts, wanted)
            if upto is not None:
                await self._rows.settle(collection, verdicts, upto)
            if not is_done or len(departures) == most:
                self._behind[contract] = None  # behind those that wait for their turn
            if verdicts:
                shown.add(contract)
        return shown

    async def _ask(self, wanted: Wanted) -> None:
        """Take the answers down as facts."""
        facts = self._facts
        if len(facts.senders) + len(facts.code) > REMEMBERED:
            facts.senders.clear()
            facts.code.clear()
            self._tries.clear()
        try:
            spare = await self._lookups.to_spare(AT_ONCE)
            accounts = list(islice(wanted.accounts, (spare + 1) // 2))
            transactions = list(islice(wanted.transactions, spare - len(accounts)))
            self._take(await self._lookups.have_code(accounts), facts.code)
            self._take(await self._lookups.senders(transactions), facts.senders)
        except SteadymintError as error:
            log.warning("%s: senders of transactions stay unknown for now: %s", self._writer.chain_id, error.code)

    def _take(self, answers: Mapping[str, _T | None], facts: dict[str, _T | None]) -> None:
        for key, answer in answers.items():
            self._tries[key] += answer is None
            if answer is not None or self._tries[key] >= TRIES:
                facts[key] = answer
                del self._tries[key]
