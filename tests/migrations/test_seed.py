"""Adding a chain is data."""

from __future__ import annotations

import json
from decimal import Decimal

import asyncpg
import pytest
from pydantic import ValidationError

from migrations.seed import ChainSeed, GenesisMismatchError, abi_hash, register_chain

REGISTRY = "chain_registry_service"
GENESIS = "0x" + "ab" * 32
ABI = [{"type": "function", "name": "mint", "inputs": []}]
FILE = {
    "chainId": "eip155:31337",
    "name": "Local",
    "genesisHash": GENESIS,
    "features": {"confirmations": 2, "block_time_seconds": 1},
    "endpoints": [{"url": "http://127.0.0.1:8545", "wsUrl": "ws://127.0.0.1:8545", "rateLimit": 1000}],
    "contracts": [
        {"name": "factory", "address": "0x5FbDB2315678afecb367f032d93F642f64180aa3", "startBlock": 3, "abi": ABI}
    ],
    "gasPolicy": {"maxFeeGwei": "30.000000001", "multiplier": "1.2"},
}


def seed(**changes: object) -> ChainSeed:
    return ChainSeed.model_validate_json(json.dumps({**FILE, **changes}))


async def test_a_file_becomes_a_chain_with_all_its_parts(pool: asyncpg.Pool) -> None:
    await register_chain(pool, seed())
    chain = await pool.fetchrow(f"select * from {REGISTRY}.chains")
    assert (chain["caip2"], chain["chain_numeric"], chain["genesis_hash"]) == ("eip155:31337", 31337, GENESIS)
    assert chain["features_json"] == FILE["features"]
    endpoint = await pool.fetchrow(f"select * from {REGISTRY}.chain_endpoints")
    assert (endpoint["url"], endpoint["rate_limit"], endpoint["active"]) == ("http://127.0.0.1:8545", 1000, True)
    contract = await pool.fetchrow(f"select * from {REGISTRY}.chain_contracts")
    assert (contract["address"], contract["start_block"]) == ("0x5fbdb2315678afecb367f032d93f642f64180aa3", 3)
    assert await pool.fetchval(f"select abi_json from {REGISTRY}.abi_blobs where sha256 = $1", abi_hash(ABI)) == ABI
    assert contract["abi_sha256"] == abi_hash(ABI)
    policy = await pool.fetchrow(f"select * from {REGISTRY}.chain_gas_policy")
    assert (policy["max_fee_gwei"], policy["multiplier"]) == (Decimal("30.000000001"), Decimal("1.2"))


async def test_registering_again_changes_nothing_and_keeps_the_version(pool: asyncpg.Pool) -> None:
    version = await register_chain(pool, seed())
    assert await register_chain(pool, seed()) == version


async def test_new_endpoints_replace_the_old_and_old_contracts_stay(pool: asyncpg.Pool) -> None:
    version = await register_chain(pool, seed())
    newer = {"name": "factory", "address": "0x" + "22" * 20, "startBlock": 90}
    endpoints = [{"url": "http://127.0.0.1:9545"}, {"url": "http://127.0.0.1:9546", "priority": 200}]
    assert await register_chain(pool, seed(endpoints=endpoints, contracts=[newer])) > version
    urls = await pool.fetch(f"select url from {REGISTRY}.chain_endpoints order by priority")
    assert [row["url"] for row in urls] == ["http://127.0.0.1:9545", "http://127.0.0.1:9546"]
    assert await pool.fetchval(f"select count(*) from {REGISTRY}.chain_contracts where name = 'factory'") == 2


async def test_another_genesis_under_the_same_id_is_refused_and_nothing_is_written(pool: asyncpg.Pool) -> None:
    version = await register_chain(pool, seed())
    with pytest.raises(GenesisMismatchError):
        await register_chain(pool, seed(genesisHash="0x" + "cd" * 32, name="Other"))
    assert await pool.fetchval(f"select name from {REGISTRY}.chains") == "Local"
    assert await register_chain(pool, seed()) == version


async def test_a_genesis_is_pinned_once_it_is_known(pool: asyncpg.Pool) -> None:
    await register_chain(pool, seed(genesisHash=None))
    await register_chain(pool, seed())
    await register_chain(pool, seed(genesisHash=None))
    assert await pool.fetchval(f"select genesis_hash from {REGISTRY}.chains") == GENESIS


async def test_a_chain_that_breaks_a_rule_is_not_half_there(pool: asyncpg.Pool) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await register_chain(pool, seed(gasPolicy={"multiplier": "0.5"}))
    assert await pool.fetchval(f"select count(*) from {REGISTRY}.chains") == 0


def test_a_misspelt_member_is_refused() -> None:
    with pytest.raises(ValidationError, match="confirmation"):
        seed(confirmation=2)


def test_an_abi_has_one_hash_however_it_is_written() -> None:
    shuffled = [{"inputs": [], "name": "mint", "type": "function"}]
    assert abi_hash(ABI) == abi_hash(shuffled)
    assert abi_hash(ABI) != abi_hash([])
