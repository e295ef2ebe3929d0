"""Rows of the catalog for tests of what reads it. What writes it has tests of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from steadymint.indexing.batch import token_ids_of

CHAIN = "eip155:31337"
START = datetime(2026, 1, 31, 12, tzinfo=UTC)
ZERO = "0x" + "0" * 40
_NAMESPACE = UUID("0d4c9f2e-2f7b-5a0f-9a43-8c1f0a6f2b11")


def account(number: int) -> str:
    return f"0x{number:040x}"


def contract(number: int) -> str:
    return f"0xabcdef{number:034x}"


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def identity(*parts: object) -> UUID:
    return uuid5(_NAMESPACE, "/".join(map(str, parts)))


async def insert(pool: asyncpg.Pool, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows that have the same columns."""
    found = list(rows)
    columns = list(found[0])
    names = ", ".join(columns)
    values = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    await pool.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({values})", [tuple(row[column] for column in columns) for row in found]
    )


def collection_row(number: int, **given: Any) -> dict[str, Any]:
    """A collection of ours, created `number` minutes after the start by account 1."""
    chain = given.get("chain_id", CHAIN)
    row: dict[str, Any] = {
        "id": identity(chain, contract(number)),
        "slug": f"collection-{number}-{chain.replace(':', '-')}",
        "name": f"Collection {number}",
        "symbol": "COL",
        "chain_id": chain,
        "contract_address": contract(number),
        "standard": "erc721",
        "creator": account(1),
        "owner": account(1),
        "royalty_bps": 500,
        "royalty_receiver": account(1),
        "payout_address": account(1),
        "max_supply": 10_000,
        "total_supply": 0,
        "total_minted": 0,
        "is_hidden": False,
        "status": "active",
        "deployed_block": number,
        "deployed_tx_hash": "0x" + f"{number:064x}",
        "created_at": at(number),
        "updated_at": at(number),
    }
    return row | given


def token_id_of(collection: Mapping[str, Any], number: int) -> UUID:
    """The id that any catalog gives to this token."""
    (hexadecimal,) = token_ids_of(collection["chain_id"], [(collection["contract_address"], number)])
    return UUID(hexadecimal)


def token_row(collection: Mapping[str, Any], number: int, **given: Any) -> dict[str, Any]:
    """A token of the collection, owned by account 2 where the standard has owners."""
    single = collection["standard"] == "erc721"
    row: dict[str, Any] = {
        "id": token_id_of(collection, number),
        "collection_id": collection["id"],
        "chain_id": collection["chain_id"],
        "contract_address": collection["contract_address"],
        "token_number": number,
        "token_standard": collection["standard"],
        "owner_address": account(2) if single else None,
        "supply": 1,
        "burned": False,
        "minted_block": 20,
        "minted_at": at(60),
        "updated_at": at(60),
    }
    return row | given


def balance_row(token: Mapping[str, Any], owner: str, quantity: int = 1) -> dict[str, Any]:
    return {
        "chain_id": token["chain_id"],
        "contract": token["contract_address"],
        "token_id": token["token_number"],
        "owner": owner,
        "quantity": quantity,
        "updated_at": at(60),
    }


def activity_row(token: Mapping[str, Any], block: int, log: int = 0, batch: int = 0, **given: Any) -> dict[str, Any]:
    """A mint of the token to account 2 in that block, one block a minute."""
    tx = given.get("tx_hash", f"0x{block:064x}")
    scope = hashlib.md5(f"{token['chain_id']}{tx[2:]}".encode(), usedforsecurity=False).hexdigest()[:10]
    moved = given.get("type", "mint") in ("mint", "transfer", "burn")
    row: dict[str, Any] = {
        "id": UUID(f"{block:010x}{log:06x}{batch:06x}{scope}") if moved else identity(token["id"], block, log, batch),
        "collection_id": token["collection_id"],
        "token_id": token["id"],
        "chain_id": token["chain_id"],
        "contract": token["contract_address"],
        "token_number": token["token_number"],
        "type": "mint",
        "from_address": ZERO,
        "to_address": account(2),
        "quantity": 1,
        "tx_hash": tx,
        "block_number": block,
        "log_index": log,
        "batch_index": batch,
        "timestamp": at(block),
    }
    return row | given
