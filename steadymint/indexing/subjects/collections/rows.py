"""Writes collections to the catalog: their events, and the rows that result from folding the events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from steadymint.domain.types import ChainId
from steadymint.indexing.batch import CollectionEvent, collection_id_of
from steadymint.indexing.subjects.collections.state import (
    CollectionState,
    Granted,
    MintRules,
    fold,
    moment,
    native_text,
    slug_of,
)

_INSERT_EVENT: Final = """
insert into catalog_service.collection_events (chain_id, block_number, log_index, tx_hash, contract, name, args, at)
values ($1, $2, $3, $4, $5, $6, $7, $8)"""

# An import of it is not done. Nothing of it is written, since a contract says nothing before its creation.
_END_IMPORTS: Final = """
delete from catalog_service.collections
where chain_id = $1 and contract_address = any($2::text[]) and source = 'import'"""

_EVENTS: Final = """
select block_number, log_index, tx_hash, contract, name, args, at from catalog_service.collection_events
where chain_id = $1 and contract = any($2::text[]) order by block_number, log_index"""

_STATES: Final = """
select c.contract_address, c.name, c.symbol, c.standard, c.factory, c.implementation, c.creator, c.reference, c.owner,
    c.max_supply, c.base_uri, c.contract_uri, c.royalty_bps, c.royalty_receiver, c.payout_address, c.paused, c.frozen,
    c.deployed_block, c.deployed_block_hash, c.deployed_tx_hash, c.created_at, c.last_event_block, c.updated_at,
    m.price, m.limit_per_wallet, m.start_seconds, m.end_seconds, m.allowlist_root, m.block_number as rules_block,
    m.updated_at as rules_at
from catalog_service.collections c join catalog_service.collection_mint_config m on m.collection_id = c.id
where c.chain_id = $1 and c.contract_address = any($2::text[])"""

_TAKEN_SLUGS: Final = "select slug from catalog_service.collections where slug = any($1::text[])"

# Only columns that the chain determines. A description or a banner comes from elsewhere and stays.
_SAVE: Final = """
insert into catalog_service.collections as c (
    id, slug, name, symbol, chain_id, contract_address, standard, creator, owner, implementation, factory, reference,
    paused, frozen, base_uri, contract_uri, royalty_bps, royalty_receiver, payout_address, max_supply, mint_price,
    mint_price_text, mint_limit_per_wallet, mint_start_time, mint_end_time, mint_allowlist_root, deployed_block,
    deployed_block_hash, deployed_tx_hash, deployed_at, last_event_block, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
    $25, $26, $27, $28, $29, $30, $31, $30, $32)
on conflict (id) do update set
    owner = excluded.owner, paused = excluded.paused, frozen = excluded.frozen, base_uri = excluded.base_uri,
    contract_uri = excluded.contract_uri, royalty_bps = excluded.royalty_bps,
    royalty_receiver = excluded.royalty_receiver, payout_address = excluded.payout_address,
    mint_price = excluded.mint_price, mint_price_text = excluded.mint_price_text,
    mint_limit_per_wallet = excluded.mint_limit_per_wallet, mint_start_time = excluded.mint_start_time,
    mint_end_time = excluded.mint_end_time, mint_allowlist_root = excluded.mint_allowlist_root,
    last_event_block = excluded.last_event_block, updated_at = excluded.updated_at"""

_SAVE_BINDING: Final = """
insert into catalog_service.collection_bindings (id, collection_id, chain_id, token_standard, contract_address)
values ($1, $1, $2, $3, $4) on conflict (id) do nothing"""

_SAVE_STATS: Final = """
insert into catalog_service.collection_stats (collection_id, last_updated_at) values ($1, $2)
on conflict (collection_id) do nothing"""

_SAVE_RULES: Final = """
insert into catalog_service.collection_mint_config (
    collection_id, price, mint_price_text, limit_per_wallet, start_seconds, end_seconds, start_date, end_date,
    allowlist_root, block_number, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (collection_id) do update set
    price = excluded.price, mint_price_text = excluded.mint_price_text, limit_per_wallet = excluded.limit_per_wallet,
    start_seconds = excluded.start_seconds, end_seconds = excluded.end_seconds, start_date = excluded.start_date,
    end_date = excluded.end_date, allowlist_root = excluded.allowlist_root, block_number = excluded.block_number,
    updated_at = excluded.updated_at"""

_GRANT: Final = """
insert into catalog_service.collection_roles (chain_id, address, role, account, granted_at, granted_by)
values ($1, $2, $3, $4, $5, $6)
on conflict (chain_id, address, role, account) do update
set granted_at = excluded.granted_at, granted_by = excluded.granted_by"""

_REVOKE: Final = """
delete from catalog_service.collection_roles
where chain_id = $1 and address = $2 and role = $3 and account = $4"""

_REVOKE_ALL: Final = "delete from catalog_service.collection_roles where chain_id = $1 and address = any($2::text[])"


class CollectionRows:
    """Reads and writes the collections of one chain. Every method runs inside the caller's transaction."""

    def __init__(self, connection: asyncpg.Connection, chain_id: ChainId, chain_number: int, decimals: int) -> None:
        self._connection = connection
        self._chain_id = chain_id
        self._chain_number = chain_number
        self._decimals = decimals

    async def apply(self, events: Sequence[CollectionEvent]) -> None:
        """Append the events, and fold them into the stored state of their collections. A creation ends an import that
        was begun before the factory was registered: the collection is one of our own from its first log on."""
        await self._connection.executemany(
            _INSERT_EVENT,
            [
                (self._chain_id, e.block, e.log_index, e.tx_hash, e.contract, e.name, e.payload, _time(e.at))
                for e in events
            ],
        )
        by_contract = _by_contract(events)
        created = {event.contract for event in events if event.name == "CollectionCreated"}
        if created:
            await self._connection.execute(_END_IMPORTS, self._chain_id, list(created))
        stored = await self._stored([contract for contract in by_contract if contract not in created])
        await self._save(
            {contract: fold(stored.get(contract), said) for contract, said in by_contract.items()}, created
        )

    async def refold(self, contracts: Collection[str]) -> None:
        """Rebuild the collections from the events that are left. Those without a creation must be deleted already."""
        rows = await self._connection.fetch(_EVENTS, self._chain_id, list(contracts))
        await self._connection.execute(_REVOKE_ALL, self._chain_id, list(contracts))
        events = [
            CollectionEvent(
                row["block_number"],
                row["log_index"],
                row["tx_hash"],
                row["contract"],
                row["name"],
                row["args"],
                int(row["at"].timestamp()),
            )
            for row in rows
        ]
        await self._save({contract: fold(None, said) for contract, said in _by_contract(events).items()}, set())

    async def _stored(self, contracts: list[str]) -> dict[str, CollectionState]:
        if not contracts:
            return {}
        rows = await self._connection.fetch(_STATES, self._chain_id, contracts)
        return {row["contract_address"]: _state(row) for row in rows}

    async def _save(self, states: Mapping[str, CollectionState | None], created: set[str]) -> None:
        alive = [(contract, state) for contract, state in states.items() if state is not None]
        ids = {contract: collection_id_of(self._chain_id, contract) for contract, _ in alive}
        slugs = await self._slugs([(contract, state) for contract, state in alive if contract in created])
        many = self._connection.executemany
        await many(_SAVE, [self._row(ids[c], slugs.get(c, c), c, state) for c, state in alive])
        new = [(contract, state) for contract, state in alive if contract in created]
        if new:
            await many(_SAVE_BINDING, [(ids[c], self._chain_id, state.standard, c) for c, state in new])
            await many(_SAVE_STATS, [(ids[c], _time(state.created_at)) for c, state in new])
        await many(_SAVE_RULES, [self._rules_row(ids[c], state.mint) for c, state in alive])
        roles = [(c, role, holder, granted) for c, s in alive for (role, holder), granted in s.roles.items()]
        await many(_REVOKE, [(self._chain_id, c, role, holder) for c, role, holder, granted in roles if not granted])
        await many(
            _GRANT,
            [
                (self._chain_id, c, role, who, _time(granted.at), granted.by)
                for c, role, who, granted in roles
                if granted
            ],
        )

    async def _slugs(self, new: Sequence[tuple[str, CollectionState]]) -> dict[str, str]:
        """A slug for each: the short one, or the long one if the short one is taken."""
        if not new:
            return {}
        short = {contract: slug_of(state.name, contract) for contract, state in new}
        taken = {row["slug"] for row in await self._connection.fetch(_TAKEN_SLUGS, list(short.values()))}
        slugs: dict[str, str] = {}
        for contract, state in new:
            slug = short[contract]
            slugs[contract] = slug_of(state.name, contract, self._chain_number) if slug in taken else slug
            taken.add(slug)
        return slugs

    def _row(self, collection_id: UUID, slug: str, contract: str, state: CollectionState) -> tuple[Any, ...]:
        rules = state.mint
        return (
            collection_id,
            slug,
            state.name,
            state.symbol,
            self._chain_id,
            contract,
            state.standard,
            state.creator,
            state.owner,
            state.implementation,
            state.factory,
            state.reference,
            state.paused,
            state.frozen,
            state.base_uri,
            state.contract_uri,
            state.royalty_bps,
            state.royalty_receiver,
            state.payout,
            state.max_supply,
            rules.price,
            native_text(rules.price, self._decimals),
            rules.limit_per_wallet,
            rules.start,
            rules.end,
            rules.allowlist_root,
            state.deployed_block,
            state.deployed_block_hash,
            state.deployed_tx_hash,
            _time(state.created_at),
            state.last_event_block,
            _time(state.updated_at),
        )

    def _rules_row(self, collection_id: UUID, rules: MintRules) -> tuple[Any, ...]:
        return (
            collection_id,
            rules.price,
            native_text(rules.price, self._decimals),
            rules.limit_per_wallet,
            rules.start_seconds,
            rules.end_seconds,
            moment(rules.start_seconds),
            moment(rules.end_seconds),
            rules.allowlist_root,
            rules.block,
            _time(rules.at),
        )


def _by_contract(events: Iterable[CollectionEvent]) -> dict[str, list[CollectionEvent]]:
    grouped: dict[str, list[CollectionEvent]] = {}
    for event in events:
        grouped.setdefault(event.contract, []).append(event)
    return grouped


def _state(row: Mapping[str, Any]) -> CollectionState:
    """The stored state without its roles. Roles that the new events do not change stay as they are."""
    rules = MintRules(
        price=row["price"],
        limit_per_wallet=row["limit_per_wallet"],
        start_seconds=row["start_seconds"],
        end_seconds=row["end_seconds"],
        allowlist_root=row["allowlist_root"],
        block=row["rules_block"],
        at=int(row["rules_at"].timestamp()),
    )
    roles: dict[tuple[str, str], Granted | None] = {}
    return CollectionState(
        name=row["name"],
        symbol=row["symbol"],
        standard=row["standard"],
        factory=row["factory"],
        implementation=row["implementation"],
        creator=row["creator"],
        reference=row["reference"],
        owner=row["owner"],
        max_supply=row["max_supply"],
        base_uri=row["base_uri"],
        contract_uri=row["contract_uri"],
        royalty_bps=row["royalty_bps"],
        royalty_receiver=row["royalty_receiver"],
        payout=row["payout_address"],
        paused=row["paused"],
        frozen=row["frozen"],
        mint=rules,
        deployed_block=row["deployed_block"],
        deployed_block_hash=row["deployed_block_hash"],
        deployed_tx_hash=row["deployed_tx_hash"],
        created_at=int(row["created_at"].timestamp()),
        last_event_block=row["last_event_block"],
        updated_at=int(row["updated_at"].timestamp()),
        roles=roles,
    )


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
