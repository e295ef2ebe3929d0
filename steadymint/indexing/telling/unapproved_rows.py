"""The statements by which movements of imported collections are judged (`unapproved`).

They read the movements that are committed, in the chain's order, from a cursor of each collection on: a row of
`sync_state` of the source `senders`. A rollback moves the cursor back with the movements, so it makes no difference
whether they came in a first reading, an import or a block at a time.
"""

# ruff: noqa: S608 - what is put into these statements are constants of our own

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from steadymint.indexing.store.writer import Writer
from steadymint.indexing.telling.unapproved import Departure, Position, Verdict

EARLIER: Final = 100
"""Movements of a token before a departure that are looked through for the one that brought it. Of an ERC-721 it is the
last one; of an id of an ERC-1155 there may be millions."""

_OF_KIND: Final = """
    (select m.at, m.place, m.batch, m.sender, m.token_number, m.tx from {movements} m
     where m.collection = c.no and m.kind = %d and (m.at, m.place, m.batch) > (
        coalesce(split_part(s.cursor, ':', 1)::integer, -2147483648),
        coalesce(split_part(s.cursor, ':', 2)::bigint, 0), coalesce(split_part(s.cursor, ':', 3)::integer, 0))
     order by m.at, m.place, m.batch limit $3)"""

_DEPARTURES: Final = f"""
select c.no as collection, c.contract_address::text as contract, m.at, m.place, m.batch, m.sender as account,
    catalog_service.hex(a.address) as address, m.token_number::text as token, catalog_service.hex(m.tx) as tx,
    exists (select from catalog_service.suspicions u where u.collection = c.no and u.actor = m.sender)
    or exists (
        select from catalog_service.suspicions u
        where u.collection = c.no and u.place = m.place and u.batch = m.batch)
    or exists (
        select from wallet_service.approvals_history
        where owner = catalog_service.hex(a.address) and chain_id = $1 and contract = c.contract_address
            and approved and place < m.place) as explained
from unnest($2::text[]) with ordinality g (contract, nth)
join catalog_service.collections c on c.chain_id = $1 and c.contract_address = g.contract and c.source = 'import'
left join catalog_service.sync_state s on s.collection_id = c.id and s.source = 'senders'
cross join lateral (
    select * from ({_OF_KIND % 2} union all {_OF_KIND % 3}) m order by at, place, batch limit $3
) m
cross join lateral (select address from catalog_service.accounts where no = m.sender limit 1) a
order by g.nth, m.at, m.place, m.batch"""

# The first mint of a token is found by its row. One log may have minted ten thousand tokens at one place (EIP-2309, a
# batch of an ERC-1155): any of its movements will do, since they have their transaction and their recipient in common.
_RECEIVED: Final = f"""
select g.at, g.place, g.batch, catalog_service.hex(b.tx) as tx
from unnest($2::integer[], $3::bigint[], $4::integer[], $5::text[]::numeric[], $6::integer[])
    as g (at, place, batch, token, account)
left join lateral (
    select tx from (
        (select m.at, m.place, m.batch, m.recipient, m.tx from {{movements}} m
         where m.collection = $1 and m.token_number = g.token and m.kind > 0
            and (m.at, m.place, m.batch) < (g.at, g.place, g.batch)
         order by m.at desc, m.place desc, m.batch desc limit {EARLIER})
        union all
        select t.minted_at, t.minted_place, m.batch, m.recipient, m.tx from {{items}} t cross join lateral (
            select m.batch, m.recipient, m.tx from {{movements}} m
            where m.collection = $1 and m.at = t.minted_at and m.place = t.minted_place and m.kind <= 1 limit 1
        ) m where t.collection = $1 and t.token_number = g.token
    ) m where m.recipient = g.account order by m.at desc, m.place desc, m.batch desc limit 1
) b on true"""

_WRITE: Final = """
with said as (
    insert into catalog_service.suspicions (chain, collection, place, batch, tx, reason, actor, tx_sender)
    select {chain}, $1, * from unnest(
        $3::bigint[], $4::integer[], $5::bytea[], $6::smallint[], $7::integer[], $8::bytea[])
    on conflict do nothing
)
insert into catalog_service.sync_state as s (collection_id, source, cursor, last_run_at)
select id, 'senders', $2, now() from catalog_service.collections where no = $1
on conflict (collection_id, source) do update set cursor = excluded.cursor, last_run_at = now()"""


class UnjudgedDepartures(NamedTuple):
    """The next departures of a collection that are not judged."""

    collection: int
    contract: str
    departures: list[Departure]


class UnapprovedRows:
    """Of one chain, on the writer's connection. Its tables are attached."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def unjudged(self, contracts: Sequence[str], most: int) -> list[UnjudgedDepartures]:
        """The next departures of these contracts, at most so many of each. Those without any are left out, and so are
        contracts that are not imported."""
        found = await self._writer.connection.fetch(
            self._writer.tables.fill(_DEPARTURES), self._writer.chain_id, contracts, most
        )
        unjudged: dict[int, UnjudgedDepartures] = {}
        for row in found:
            of = unjudged.setdefault(row["collection"], UnjudgedDepartures(row["collection"], row["contract"], []))
            position = Position(row["at"], row["place"], row["batch"])
            of.departures.append(
                Departure(position, row["account"], row["address"], row["token"], row["tx"], row["explained"])
            )
        return list(unjudged.values())

    async def received(self, collection: int, departures: Iterable[Departure]) -> Mapping[Position, str | None]:
        """The transaction in which each account received the token, so far as that is found."""
        given = [(*one.position, one.token, one.account) for one in departures]
        if not given:
            return {}
        rows = await self._writer.connection.fetch(
            self._writer.tables.fill(_RECEIVED), collection, *map(list, zip(*given, strict=True))
        )
        return {Position(row["at"], row["place"], row["batch"]): row["tx"] for row in rows}

    async def write(self, collection: int, verdicts: Sequence[Verdict], upto: Position) -> None:
        """Write the verdicts, and that all up to there are judged."""
        columns = [
            [verdict.departure.position.place for verdict in verdicts],
            [verdict.departure.position.batch for verdict in verdicts],
            [bytes.fromhex(verdict.departure.tx[2:]) for verdict in verdicts],
            [verdict.reason for verdict in verdicts],
            [verdict.departure.account if verdict.reason is None else None for verdict in verdicts],
            [bytes.fromhex(verdict.sender[2:]) for verdict in verdicts],
        ]
        cursor = ":".join(map(str, upto))
        await self._writer.connection.execute(self._writer.tables.fill(_WRITE), collection, cursor, *columns)
