"""What the catalog answers about chains."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from api.catalog.bodies.chains import ChainPage
from tests.support.catalog_sample import get, serving_sample
from tests.support.reads import Reads


@pytest.fixture
async def reads(database: str) -> AsyncIterator[Reads]:
    async with serving_sample(database) as found:
        yield found


async def test_chains_say_what_a_front_end_needs_and_never_how_we_reach_them(reads: Reads) -> None:
    await reads.pool.execute(
        """
        WITH chain AS (
            INSERT INTO chain_registry_service.chains
                (caip2, chain_numeric, name, native_symbol, enabled, features_json)
            VALUES ('eip155:31337', 31337, 'Local', 'ETH', true, '{"confirmations": 2}'),
                   ('eip155:5', 5, 'Gone', 'ETH', false, '{}'),
                   ('eip155:1', 1, 'Mainnet', 'ETH', true, '{}')
            RETURNING id, caip2
        ), endpoint AS (
            INSERT INTO chain_registry_service.chain_endpoints (chain_id, url)
            SELECT id, 'https://node.example/v3/hunter2' FROM chain
        ), gas AS (
            INSERT INTO chain_registry_service.chain_gas_policy (chain_id, max_fee_gwei)
            SELECT id, 30.5 FROM chain WHERE caip2 = 'eip155:1'
        )
        INSERT INTO chain_registry_service.chain_contracts (chain_id, name, address, start_block)
        SELECT id, 'factory', '0x5fbdb2315678afecb367f032d93f642f64180aa3', 1 FROM chain WHERE caip2 = 'eip155:31337'
        """
    )
    found = await get(reads, "/v1/chains", ChainPage)
    assert found["items"] == [
        {
            "chainId": "eip155:1",
            "number": 1,
            "name": "Mainnet",
            "nativeCurrency": {"symbol": "ETH", "decimals": 18},
            "confirmations": 1,
            "fees": {"maxFeeGwei": "30.5"},
            "contracts": [],
        },
        {
            "chainId": "eip155:31337",
            "number": 31337,
            "name": "Local",
            "nativeCurrency": {"symbol": "ETH", "decimals": 18},
            "confirmations": 2,
            "fees": {},
            "contracts": [
                {"name": "factory", "address": "0x5FbDB2315678afecb367f032d93F642f64180aa3", "startBlock": 1}
            ],
        },
    ]
    first = await get(reads, "/v1/chains", ChainPage, limit=1)
    second = await get(reads, "/v1/chains", ChainPage, limit=1, cursor=first["nextCursor"])
    assert [page["items"][0]["number"] for page in (first, second)] == [1, 31337]
    assert second["nextCursor"] is None
