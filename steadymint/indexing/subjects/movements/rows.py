"""Applies the movements of a batch to tokens, balances, holders and counts, in one transaction.

Counts follow from the rows before and after, not from what the events claim. So they are also right for contracts that
lie.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg

from steadymint.domain.types import UINT256_MAX, ZERO_ADDRESS, ChainId
from steadymint.indexing.batch import TokenChange, token_ids_of
from steadymint.indexing.store import sql
from steadymint.indexing.store.accounts import Accounts
from steadymint.indexing.store.binary_rows import copy_rows
from steadymint.indexing.store.chain_tables import ChainTables, catalog_time, place_of
from steadymint.indexing.subjects.movements.batch_rows import ITEM_COLUMNS, MOVEMENT_COLUMNS, BatchRows, Token
from steadymint.indexing.subjects.movements.mint_runs import mint_runs
from steadymint.indexing.subjects.movements.suspicion import Standing
from steadymint.indexing.subjects.movements.suspicion_rows import write_suspicions
from steadymint.metadata.queue import Reason, TokenRange, enqueue_tokens

DIRECT_COPY: Final = 200
"""The number of new tokens from which a COPY and a savepoint cost less than a merge."""

FEW_MOVEMENTS: Final = 200
"""Movements that are written with what they come to, in one statement; more of them are copied."""

Holder = tuple[str, str]
"""Contract and account."""


class MovementRows:
    """Writes one batch. Use an instance once. `collections` maps a contract to its collection's number, `accounts` an
    address to its number. Both must hold all that the batch names."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        chain_id: ChainId,
        tables: ChainTables,
        rows: BatchRows,
        collections: Mapping[str, int],
        accounts: Mapping[str, int],
        traded: Collection[str],
        fault: Callable[[str], None],
    ) -> None:
        self._connection = connection
        self._traded = traded
        """Contracts whose floors may change in the same transaction."""
        self._chain_id = chain_id
        self._tables = tables
        self._rows = rows
        self._batch = rows.batch
        self._collections = collections
        self._accounts = accounts
        self._fault = fault
        self._items: dict[str, int] = defaultdict(int)
        self._supply: dict[str, int] = defaultdict(int)
        """Contract -> the change of the number. Nothing is counted anew."""
        self._held: dict[Holder, int] = defaultdict(int)
        self._times: dict[Holder, int] = {}
        """Contract and account -> the time at which the account was named last, also if it holds as much as before."""
        self._entries: dict[Token, Reason] = {}
        self._unexpected: dict[str, int] = {}
        """Address -> number of owners that the events do not name as such."""
        self._standing = Standing()
        self.contradicted: set[str] = set()
        """Contracts whose movements contradict the catalog."""
        self.unqueued: list[TokenRange] = []
        """Tokens that are written and whose metadata must still be queued, as the last step."""

    async def write(self) -> None:
        self._note_times()
        await self._write_items()
        self._fault("tokens")
        await self._write_balances()
        self._fault("balances")
        few = len(self._batch.movements) <= FEW_MOVEMENTS
        if self._traded:
            await self._connection.execute(sql.LOCK_COLLECTIONS, self._chain_id, list(self._traded))
        await self._write_movements(few)
        self._fault("owners")
        if not few:
            payload = self._rows.movements(self._tables.no, self._accounts, self._collections)
            await copy_rows(self._connection, self._tables.movements, payload, MOVEMENT_COLUMNS)
        self._fault("transfers")
        doubted = self.contradicted | self._batch.inconsistent
        if doubted:
            await write_suspicions(
                self._connection, self._tables, self._rows, doubted, self._standing, self._collections
            )
            self._fault("suspicions")
        await self._queue()

    def _note_times(self) -> None:
        times = self._times
        for _, _, _, _, contract, _, sender, recipient, _, _, at, _ in self._batch.movements:
            times[contract, sender] = times[contract, recipient] = at
        for contract in self._rows.contracts:
            times.pop((contract, ZERO_ADDRESS), None)
        self._held.update(dict.fromkeys(times, 0))

    # -- tokens -------------------------------------------------------------------------------------------------------

    async def _write_items(self) -> None:
        tokens, fresh = self._batch.tokens, self._rows.fresh
        if len(fresh) >= DIRECT_COPY and await self._copy_new(fresh):
            self._rows.mark_first_mints(fresh)
            for key in fresh:
                self._single(key, tokens[key], None)
            rest = [key for key, change in tokens.items() if not change.fresh]
        else:
            rest = list(tokens)
        if rest:
            await self._merge(rest)

    async def _copy_new(self, fresh: Sequence[Token]) -> bool:
        """Copy the minted tokens into the table, which is twice as fast as a merge. Most minted tokens are new.

        Returns False, with nothing written, if a row of one exists: it was burned before, or its contract lies.
        """
        payload = self._rows.new_items(self._tables.no, self._accounts, self._collections, fresh)
        await self._connection.execute("savepoint fresh")
        try:
            await copy_rows(self._connection, self._tables.items, payload, ITEM_COLUMNS)
        except asyncpg.UniqueViolationError:
            await self._connection.execute("rollback to savepoint fresh; release savepoint fresh")
            return False
        await self._connection.execute("release savepoint fresh")
        return True

    async def _merge(self, keys: Sequence[Token]) -> None:
        tokens = self._batch.tokens
        given = [self._item(key, tokens[key]) for key in keys]
        statement = self._tables.fill(sql.MERGE_ITEMS)
        stood = await self._connection.fetch(statement, *map(list, zip(*given, strict=True)))
        unexpected = await self._unexpected_owners(keys, stood)
        new: list[Token] = []
        for key, row in zip(keys, stood, strict=True):
            change = tokens[key]
            if not self._rows.is_single(key[0]):
                if row["was_minted"]:
                    self._standing.minted.add(key)
                self._divisible(key, change, int(row["was_supply"]))
                continue
            owner = row["was_owner"]
            expected = self._accounts[change.expected_owner] or None
            if owner != expected:
                self.contradicted.add(key[0])
            if change.fresh and not row["stood"]:
                new.append(key)
            before = None if owner is None else unexpected.get(owner, change.expected_owner)
            if row["stood"]:
                self._standing.owners[key] = before
            self._single(key, change, before)
        if new:
            self._rows.mark_first_mints(new)

    def _item(self, key: Token, change: TokenChange) -> tuple[Any, ...]:
        minted_at = minted_place = None
        if change.first_mint is not None:
            block, log_index, at = change.first_mint
            minted_at, minted_place = catalog_time(at), place_of(block, log_index)
        single = self._rows.is_single(key[0])
        return (
            self._collections[key[0]],
            str(key[1]),
            (self._accounts[change.owner] or None) if single else None,
            None if single else str(change.supply_delta),
            minted_at,
            minted_place,
            change.place,
            catalog_time(change.at),
        )

    async def _unexpected_owners(self, keys: Sequence[Token], stood: Sequence[Mapping[str, Any]]) -> dict[int, str]:
        """Number -> address of owners that the events do not name as such. There are some only if a contract lies."""
        tokens = self._batch.tokens
        unexpected = {
            row["was_owner"]
            for key, row in zip(keys, stood, strict=True)
            if row["was_owner"] is not None and row["was_owner"] != self._accounts.get(tokens[key].expected_owner)
        }
        if not unexpected:
            return {}
        addresses = await Accounts(self._connection).addresses(unexpected)
        self._unexpected |= {address: number for number, address in addresses.items()}
        return addresses

    def _single(self, key: Token, change: TokenChange, before: str | None) -> None:
        """Count the change of an ERC-721 token whose owner was `before`."""
        contract, after = key[0], None if change.owner == ZERO_ADDRESS else change.owner
        grown = (after is not None) - (before is not None)
        self._items[contract] += grown
        self._supply[contract] += grown
        if before != after:
            if before is not None:
                self._held[contract, before] -= 1
            if after is not None:
                self._held[contract, after] += 1
        if before is None or after is None or change.first_mint is not None:
            self._entries[key] = "burn" if after is None else "mint"

    def _divisible(self, key: Token, change: TokenChange, before: int) -> None:
        """Count the change of an ERC-1155 token whose supply was `before`."""
        contract, after = key[0], before + change.supply_delta
        if before + change.lowest < 0:
            self.contradicted.add(contract)
        self._items[contract] += (after > 0) - (before > 0)
        self._supply[contract] += _shown(after) - _shown(before)
        if before <= 0 or after <= 0:
            self._entries[key] = "burn" if after <= 0 else "mint"

    # -- balances and holders ------------------------------------------------------------------------------------------

    async def _write_balances(self) -> None:
        balances = self._batch.balances
        if not balances:
            return
        given = [
            (self._collections[contract], str(token), _raw(owner), str(change.delta), catalog_time(change.at))
            for (contract, token, owner), change in balances.items()
        ]
        rows = await self._connection.fetch(sql.MERGE_BALANCES, *map(list, zip(*given, strict=True)))
        for (key, change), row in zip(balances.items(), rows, strict=True):
            contract, _, owner = key
            before = int(row["was"])
            self._standing.balances[key] = before
            if before + change.lowest < 0 or before + change.highest > UINT256_MAX:
                self.contradicted.add(contract)
            self._held[contract, owner] += _shown(before + change.delta) - _shown(before)

    async def _write_movements(self, few: bool) -> None:
        """Holders and counts, and the movements themselves if they are few."""
        holders = [
            (self._collections[contract], self._number(owner), str(delta), self._time((contract, owner)))
            for (contract, owner), delta in self._held.items()
        ]
        moved = self._rows.values(self._accounts, self._collections) if few else [[]] * 12
        statement = self._tables.fill(sql.WRITE_MOVEMENTS)
        await self._connection.execute(
            statement, self._chain_id, *map(list, zip(*holders, strict=True)), *self._totals(), *moved
        )

    def _number(self, owner: str) -> int:
        """Looked up in place: `accounts` has up to half a million entries, which no batch should copy."""
        return self._unexpected.get(owner) or self._accounts[owner]

    def _time(self, holder: Holder) -> int | None:
        at = self._times.get(holder)
        return None if at is None else catalog_time(at)

    # -- counts and metadata -------------------------------------------------------------------------------------------

    def _totals(self) -> tuple[list[Any], ...]:
        """By collection: its id and number; what was minted, the difference in supply and in items, and the time."""
        batch, children = self._batch, self._rows.children
        last = {movement.contract: movement.at for movement in batch.movements}
        return (
            [children[contract].collection_id for contract in last],
            [self._collections[contract] for contract in last],
            [str(batch.minted[contract]) for contract in last],
            [str(self._supply[contract]) for contract in last],
            [self._items[contract] for contract in last],
            [datetime.fromtimestamp(at, UTC) for at in last.values()],
        )

    async def _queue(self) -> None:
        """Queue minted and burned tokens, whose metadata must be read or removed."""
        if not self._batch.queued:
            return
        children, runs = self._rows.children, mint_runs(self._batch)
        self.unqueued = [TokenRange(children[contract].collection_id, *run) for contract, run in runs.items()]
        given = {key: reason for key, reason in self._entries.items() if not (key[0] in runs and reason == "mint")}
        ids = dict(zip(given, token_ids_of(self._chain_id, given), strict=True))
        for chosen in ("mint", "burn"):
            entries = [
                (ids[key], children[key[0]].collection_id, key[1]) for key, reason in given.items() if reason == chosen
            ]
            await enqueue_tokens(self._connection, entries, chosen)


def _shown(quantity: int) -> int:
    """A sum that is never negative. Contracts that lie may bring it below zero."""
    return max(0, quantity)


def _raw(address: str) -> bytes:
    return bytes.fromhex(address[2:])
