"""Fungible tokens that were launched here: the list, one token, its holders and its transactions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

import asyncpg

from steadymint.catalog.reads.query import Arguments, Query
from steadymint.domain.media import MediaId
from steadymint.domain.types import Address, ChainId, TxHash

TransactionType = Literal["create", "mint", "transfer", "burn"]


@dataclass(frozen=True, slots=True)
class Fungible:
    """A launched token. Amounts are in its smallest unit."""

    id: UUID
    network_id: ChainId
    contract_address: Address
    name: str
    symbol: str
    decimals: int
    supply: int
    cap: int | None
    mint_once: bool
    burnable: bool
    permit: bool
    contract_uri: str
    creator_address: Address
    description: str | None
    icon_media_id: MediaId | None
    tx_hash: TxHash
    block_number: int
    holders_count: int
    transactions_count: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FungibleHolder:
    """What an account holds of a token."""

    address: Address
    balance: int


@dataclass(frozen=True, slots=True)
class FungibleTransaction:
    """What happened to a token in one log."""

    type: TransactionType
    tx_hash: TxHash
    place: int
    block_number: int
    log_index: int
    from_address: Address | None
    to_address: Address | None
    amount: int
    occurred_at: datetime


class AfterFungible(NamedTuple):
    created_at: datetime
    id: str


class AfterFungibleHolder(NamedTuple):
    balance: str
    address: str


class BeforePlace(NamedTuple):
    place: int


_COLUMNS: Final = """t.id, t.network_id, t.contract_address, t.name, t.symbol, t.decimals, t.supply, t.cap, t.mint_once,
    t.burnable, t.permit, t.contract_uri, t.creator_address, t.description, t.icon_media_id, t.tx_hash,
    t.place >> 24 AS block_number, t.holders_count, t.transactions_count, t.created_at"""
_ONE: Final = "t.network_id = $1 AND t.contract_address = $2 AND t.status = 'confirmed'"
_ID: Final = f"(SELECT t.id FROM token_service.fungible_tokens t WHERE {_ONE})"  # noqa: S608 - constants

# The largest first, and equal balances by address: first the other holders with the balance at which the last page
# ended, then those with less. A balance below zero is a contradiction of the node, and nobody's.
_HOLDERS: Final = f"""
SELECT h.address, h.balance FROM (
    (SELECT h.address, h.balance FROM token_service.fungible_holders h
     WHERE h.token_id = {_ID} AND h.balance = $3::numeric AND h.address > $4::text
     ORDER BY h.address LIMIT $5)
    UNION ALL
    (SELECT h.address, h.balance FROM token_service.fungible_holders h
     WHERE h.token_id = {_ID} AND h.balance < coalesce($3::numeric, 'Infinity') AND h.balance > 0
     ORDER BY h.balance DESC, h.address LIMIT $5)
) h
ORDER BY h.balance DESC, h.address LIMIT $5"""  # noqa: S608 - constants


def fungible(chain_id: ChainId, contract: Address) -> Query[Fungible]:
    """The token, or no row."""
    sql = f"SELECT {_COLUMNS} FROM token_service.fungible_tokens t WHERE {_ONE}"  # noqa: S608 - constants
    return Query(Fungible, sql, (chain_id, contract))


async def fungible_exists(pool: asyncpg.Pool, chain_id: ChainId, contract: Address) -> bool:
    return bool(await pool.fetchval(f"SELECT {_ID} IS NOT NULL", chain_id, contract))


def fungibles(
    *, chain_id: ChainId | None, creator: Address | None, after: AfterFungible | None, limit: int
) -> Query[Fungible]:
    """Launched tokens, the newest first; those of a chain or a creator if that is given."""
    args, tests = Arguments(), ["t.status = 'confirmed'"]
    if chain_id is not None:
        tests.append(f"t.network_id = {args.put(chain_id)}")
    if creator is not None:
        tests.append(f"t.creator_address = {args.put(creator)}")
    if after is not None:
        tests.append(f"(t.created_at, t.id) < ({args.put(after.created_at)}, {args.put(UUID(after.id))})")
    sql = (
        f"SELECT {_COLUMNS} FROM token_service.fungible_tokens t WHERE {' AND '.join(tests)}"  # noqa: S608 - constants
        f" ORDER BY t.created_at DESC, t.id DESC LIMIT {args.put(limit)}"
    )
    return Query(Fungible, sql, args.values)


def fungible_holders(
    chain_id: ChainId, contract: Address, *, after: AfterFungibleHolder | None, limit: int
) -> Query[FungibleHolder]:
    """Who holds the token, the largest first."""
    balance, address = (int(after.balance), after.address) if after else (None, None)
    return Query(FungibleHolder, _HOLDERS, (chain_id, contract, balance, address, limit))


def fungible_transactions(
    chain_id: ChainId,
    contract: Address,
    *,
    account: Address | None,
    kind: TransactionType | None,
    before: BeforePlace | None,
    limit: int,
) -> Query[FungibleTransaction]:
    """What happened to the token, the newest first. At most one of `account` and `kind` is given, so that each list
    has an index of its own."""
    args = Arguments(chain_id, contract)
    tests = [f"x.token_id = {_ID}"]
    if before is not None:
        tests.append(f"x.place < {args.put(before.place)}")
    if kind is not None:
        tests.append(f"x.tx_type = {args.put(kind)}")
    size = args.put(limit)
    if account is None:
        rows = _walk(tests, size)
    else:
        holder = args.put(account)
        sent = [*tests, f"x.from_address = {holder}"]
        # A transfer to oneself is in the first list already.
        received = [*tests, f"x.to_address = {holder}", f"x.from_address IS DISTINCT FROM {holder}"]
        rows = f"({_walk(sent, size)}) UNION ALL ({_walk(received, size)})"
    sql = (
        "SELECT x.tx_type AS type, x.tx_hash, x.place, x.place >> 24 AS block_number,"  # noqa: S608 - constants
        " (x.place & 16777215)::integer AS log_index, x.from_address, x.to_address, x.amount, x.occurred_at"
        f" FROM ({rows}) x ORDER BY x.place DESC LIMIT {size}"
    )
    return Query(FungibleTransaction, sql, args.values)


def _walk(tests: list[str], size: str) -> str:
    where = " AND ".join(tests)
    return f"SELECT x.* FROM token_service.transactions x WHERE {where} ORDER BY x.place DESC LIMIT {size}"  # noqa: S608
