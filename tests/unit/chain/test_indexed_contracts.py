"""What contracts say, as of the block that the catalog stands at."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from steadymint.chain.nodes.client import EvmClient
from steadymint.chain.nodes.errors import UnknownBlockError
from steadymint.domain.errors import UnknownChainError, UpstreamUnavailableError
from steadymint.domain.types import Address, ChainId
from steadymint.metadata import contracts as contracts_module
from steadymint.metadata.contracts import IndexedContracts
from steadymint.metadata.entries import RefreshTarget
from steadymint.metadata.uris import NO_URI, ContractWords, Uri
from steadymint.stack.deploy import DEPLOYER, create, send
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import CHAIN


class OneClient:
    """A fake of the registry of clients: it knows one chain."""

    def __init__(self, client: EvmClient) -> None:
        self._client = client

    async def of(self, chain_id: ChainId) -> EvmClient:
        if chain_id != CHAIN:
            raise UnknownChainError
        return self._client


@pytest.fixture
def contracts(pool: asyncpg.Pool, client: EvmClient) -> IndexedContracts:
    return IndexedContracts(pool, OneClient(client))  # type: ignore[arg-type]


async def odd(chain: LocalChain, standard: str = "erc721", chain_id: ChainId = CHAIN) -> RefreshTarget:
    contract = Address((await create(chain.anvil, "TokenUris"))["contractAddress"].lower())
    return RefreshTarget(UUID(int=1), chain_id, contract, standard, imported=True, frozen=False)


async def say(chain: LocalChain, target: RefreshTarget, signature: str, types: list[str], *values: Any) -> None:
    data = keccak(text=signature)[:4] + encode(types, values)
    await send(chain.anvil, {"from": DEPLOYER.address, "to": target.contract, "data": "0x" + data.hex()})


async def uris(contracts: IndexedContracts, target: RefreshTarget, *numbers: int) -> list[Uri]:
    found: dict[int, Uri] = {}
    async for piece in contracts.token_uris(target, numbers):
        found.update(piece)
    return [found[index] for index in range(len(numbers))]


async def stand_at(pool: asyncpg.Pool, block: int) -> None:
    await pool.execute(
        "insert into indexer_service.indexer_checkpoints (chain_id, last_block) values ($1, $2)"
        " on conflict (chain_id) do update set last_block = excluded.last_block",
        CHAIN,
        block,
    )


async def test_each_standard_is_asked_by_its_own_function(chain: LocalChain, contracts: IndexedContracts) -> None:
    assert await uris(contracts, await odd(chain), 5, 10, 6) == [
        "https://example.org/5",
        NO_URI,
        "https://example.org/6",
    ]
    assert await uris(contracts, await odd(chain, "erc1155"), 5) == ["https://example.org/{id}.json"]


async def test_an_address_is_cleaned_and_an_empty_one_names_nothing(
    chain: LocalChain, contracts: IndexedContracts
) -> None:
    target = await odd(chain)
    await say(chain, target, "set(uint256,string)", ["uint256", "string"], 1, " ipfs://a\0b \n")
    await say(chain, target, "set(uint256,string)", ["uint256", "string"], 2, "  ")
    assert await uris(contracts, target, 1, 2) == ["ipfs://ab", ""]


async def test_what_a_contract_says_of_itself(chain: LocalChain, contracts: IndexedContracts) -> None:
    target = await odd(chain)
    assert await contracts.words_of(target) == ContractWords("", "Odd")
    await say(chain, target, "setContractURI(string)", ["string"], "ipfs://about")
    assert await contracts.words_of(target) == ContractWords("ipfs://about", "Odd")


async def test_the_chain_is_read_where_the_catalog_stands(
    chain: LocalChain, contracts: IndexedContracts, pool: asyncpg.Pool, client: EvmClient
) -> None:
    target = await odd(chain)
    await stand_at(pool, await client.block_number())
    await say(chain, target, "setBase(string)", ["string"], "ipfs://new/")
    assert await uris(contracts, target, 5) == ["https://example.org/5"]
    await stand_at(pool, await client.block_number())
    assert await uris(contracts, target, 5) == ["ipfs://new/5"]


async def test_a_node_that_has_forgotten_that_block_is_asked_for_its_latest(
    chain: LocalChain, contracts: IndexedContracts, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = contracts_module.call_in_pieces

    async def pruned(*arguments: Any, block: Any = "latest") -> Any:
        if block != "latest":
            raise UnknownBlockError
        async for piece in ask(*arguments):
            yield piece

    monkeypatch.setattr(contracts_module, "call_in_pieces", pruned)
    await stand_at(pool, 1)
    assert await uris(contracts, await odd(chain), 5) == ["https://example.org/5"]


HOSTILE: dict[str, tuple[int, Uri]] = {
    "endless loop": (1, NO_URI),
    "INVALID": (2, NO_URI),
    "5 MB": (3, NO_URI),
    "reverts with 1 MiB": (4, NO_URI),
    "no UTF-8": (5, "ipfs://\ufffda"),
    "bytes32": (6, "ipfs://short"),
    "not ABI": (7, NO_URI),
    "endless length": (8, NO_URI),
    "far offset": (9, NO_URI),
    "recursion": (10, NO_URI),
    "NUL": (11, "ipfs://a"),
    "offset to itself": (12, NO_URI),
}
"""Token ids of `HostileUris`, and what is taken from their answers."""


async def hostile(chain: LocalChain) -> RefreshTarget:
    contract = Address((await create(chain.anvil, "HostileUris"))["contractAddress"].lower())
    return RefreshTarget(UUID(int=1), CHAIN, contract, "erc721", imported=True, frozen=False)


@pytest.mark.parametrize("kind", HOSTILE)
async def test_x17_a_hostile_answer_is_no_more_than_one_tokens_failure(
    chain: LocalChain, contracts: IndexedContracts, kind: str
) -> None:
    number, taken = HOSTILE[kind]
    target = await hostile(chain)
    assert await uris(contracts, target, number) == [taken]
    assert await uris(contracts, target, 100, number, 101) == ["ipfs://honest", taken, "ipfs://honest"]


async def test_x17_a_crowd_of_hostile_tokens_spoils_no_neighbour(
    chain: LocalChain, contracts: IndexedContracts
) -> None:
    bad = [number for number, _ in HOSTILE.values()] * 4
    numbers = [number for pair in zip(bad, range(100, 100 + len(bad)), strict=True) for number in pair]
    found = await uris(contracts, await hostile(chain), *numbers)
    assert found[1::2] == ["ipfs://honest"] * len(bad)
    assert found[0::2] == [taken for _, taken in HOSTILE.values()] * 4


async def test_a_chain_that_is_not_enabled_is_waited_for(chain: LocalChain, contracts: IndexedContracts) -> None:
    with pytest.raises(UpstreamUnavailableError) as caught:
        await uris(contracts, await odd(chain, chain_id=ChainId("eip155:99")), 5)
    assert caught.value.retryable
    assert caught.value.retry_after
