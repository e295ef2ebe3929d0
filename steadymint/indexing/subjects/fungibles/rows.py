"""Writes the fungible tokens of a batch, what happened to them and who holds them, and takes it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from steadymint.domain.types import ZERO_ADDRESS, ChainId
from steadymint.indexing.batch import fungible_id_of
from steadymint.indexing.subjects.fungibles.fold import Changes, LaunchRow, TransactionRow

# Description and icon are not on chain. They are those of the intent whose reference is the salt. Its facts name the
# address, which only its creator can use. The intent outlives the account of its creator. What an erased user said must
# not come back when the launch is written again after a rewind.
_INTENTS: Final = """
select l.contract, i.created_by, i.req_payload_json ->> 'description' as description,
    i.req_payload_json ->> 'icon' as icon
from unnest($2::text[], $3::text[]) as l (contract, salt)
join orchestrator_service.tx_intents i
    on i.match_key = l.salt and i.chain_id = $1::text and i.facts ->> 'contract' = l.contract
where not exists (
    select from user_service.deletions d where d.user_id = i.created_by and d.begun_at is not null)"""

_LAUNCHES: Final = """
insert into token_service.fungible_tokens (id, network_id, contract_address, name, symbol, decimals, cap, mint_once,
    burnable, permit, contract_uri, creator_id, creator_address, description, icon_media_id, tx_hash, place, status,
    created_at)
select id, $1::text, contract, name, symbol, decimals, cap::numeric, mint_once, burnable, permit, contract_uri,
    creator_id, creator, description, icon, tx_hash, place, 'confirmed', at
from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::text[], $8::boolean[], $9::boolean[],
    $10::boolean[], $11::text[], $12::uuid[], $13::text[], $14::text[], $15::text[], $16::text[], $17::bigint[],
    $18::timestamptz[])
    as l (id, contract, name, symbol, decimals, cap, mint_once, burnable, permit, contract_uri, creator_id, creator,
        description, icon, tx_hash, place, at)"""

_TRANSACTIONS: Final = """
insert into token_service.transactions (network_id, place, token_id, tx_hash, tx_type, from_address, to_address, amount,
    occurred_at)
select $1::text, place, token_id, tx_hash, tx_type, sender, recipient, amount::numeric, at
from unnest($2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])
    as t (place, token_id, tx_hash, tx_type, sender, recipient, amount, at)"""

# A row that was there keeps its own `xmax`; a new one has none. Most balances neither begin nor end.
_BALANCES: Final = """
with written as (
    insert into token_service.fungible_holders as h (token_id, address, balance)
    select token_id, address, change::numeric
    from unnest($1::uuid[], $2::text[], $3::text[]) as c (token_id, address, change)
    on conflict (token_id, address) do update set balance = h.balance + excluded.balance
    returning token_id, address, xmax = 0 as is_new, balance = 0 as is_empty
)
select * from written where is_new or is_empty"""

_EMPTIED: Final = """
delete from token_service.fungible_holders h using unnest($1::uuid[], $2::text[]) as c (token_id, address)
where h.token_id = c.token_id and h.address = c.address"""

_TOTALS: Final = """
update token_service.fungible_tokens t set supply = t.supply + c.supply::numeric,
    holders_count = t.holders_count + c.holders, transactions_count = t.transactions_count + c.transactions
from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[]) as c (id, supply, holders, transactions)
where t.id = c.id"""

_UNDO_LAUNCHES: Final = "delete from token_service.fungible_tokens where network_id = $1 and place >= $2"

_UNDO_TRANSACTIONS: Final = """
with gone as (
    delete from token_service.transactions where network_id = $1 and place >= $2
    returning token_id, from_address, to_address, amount
)
select t.contract_address, gone.from_address, gone.to_address, gone.amount
from gone join token_service.fungible_tokens t on t.id = gone.token_id"""


class FungibleRows:
    """Writes on the writer's connection, in the caller's transaction."""

    def __init__(self, connection: asyncpg.Connection, chain_id: ChainId) -> None:
        self._connection = connection
        self._chain_id = chain_id

    async def write_launches(self, rows: Sequence[LaunchRow]) -> None:
        if not rows:
            return
        keys = _turned([(row.launch.token, row.launch.salt) for row in rows])
        found = await self._connection.fetch(_INTENTS, self._chain_id, *keys)
        intents = {row["contract"]: (row["created_by"], row["description"], row["icon"]) for row in found}
        columns = [
            (
                self._id(row.launch.token),
                row.launch.token,
                row.launch.name,
                row.launch.symbol,
                row.launch.decimals,
                str(row.launch.cap) if row.launch.cap else None,
                row.launch.owner == ZERO_ADDRESS,
                row.launch.burnable,
                row.launch.permit,
                row.launch.contract_uri,
                creator_id,
                row.launch.creator,
                description,
                icon,
                row.tx_hash,
                row.place,
                _time(row.at),
            )
            for row in rows
            for creator_id, description, icon in (intents.get(row.launch.token, (None, None, None)),)
        ]
        await self._connection.execute(_LAUNCHES, self._chain_id, *_turned(columns))

    async def write_transactions(self, rows: Sequence[TransactionRow]) -> None:
        columns = [
            (
                row.place,
                self._id(row.contract),
                row.tx_hash,
                row.type,
                row.sender,
                row.recipient,
                str(row.amount),
                _time(row.at),
            )
            for row in rows
        ]
        if columns:
            await self._connection.execute(_TRANSACTIONS, self._chain_id, *_turned(columns))

    async def apply(self, changes: Changes) -> None:
        """Add the changes to what is there."""
        balances = [
            (self._id(contract), holder, str(change))
            for (contract, holder), change in changes.balances.items()
            if change
        ]
        holders: Counter[UUID] = Counter()
        if balances:
            changed = await self._connection.fetch(_BALANCES, *_turned(balances))
            holders.update(row["token_id"] for row in changed if row["is_new"])
            emptied = [(row["token_id"], row["address"]) for row in changed if row["is_empty"]]
            if emptied:
                await self._connection.execute(_EMPTIED, *_turned(emptied))
                holders.subtract(token_id for token_id, _ in emptied)
        totals = [
            (token, str(changes.supplies.get(contract, 0)), holders[token], number)
            for contract, number in changes.transactions.items()
            for token in (self._id(contract),)
        ]
        if totals:
            await self._connection.execute(_TOTALS, *_turned(totals))

    async def undo(self, place: int) -> None:
        """Take back what was written from this place on: tokens launched there with all that is theirs, and what
        happened there to others."""
        await self._connection.execute(_UNDO_LAUNCHES, self._chain_id, place)
        gone = await self._connection.fetch(_UNDO_TRANSACTIONS, self._chain_id, place)
        await self.apply(Changes.of((tuple(row) for row in gone), sign=-1))

    def _id(self, contract: str) -> UUID:
        return fungible_id_of(self._chain_id, contract)


def _turned(rows: Sequence[tuple[Any, ...]]) -> Iterable[list[Any]]:
    """The columns of the rows."""
    return map(list, zip(*rows, strict=True))


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
