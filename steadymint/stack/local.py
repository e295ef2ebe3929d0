"""Registers the local chain: its entry in the chain registry, with its endpoint, our contracts and the market's."""

from __future__ import annotations

from typing import Any

import asyncpg

from contracts import load_artifact
from migrations.seed import ChainSeed, ContractSeed, EndpointSeed, register_chain
from steadymint.chain.nodes.chain import CONDUIT, CONDUIT_CONTROLLER, FACTORY, SEAPORT, TOKEN_FACTORY, WRAPPED_NATIVE
from steadymint.database import create_pool
from steadymint.stack.chain_node import ChainNode
from steadymint.stack.deploy import Deployment
from steadymint.stack.market import Market

CONFIRMATIONS = 2
"""N of the local chain. One block after the transaction's own makes confirming visible and short."""


async def local_seed(
    anvil: ChainNode,
    deployment: Deployment,
    market: Market | None = None,
    *,
    confirmations: int = CONFIRMATIONS,
    urls: tuple[str, ...] = (),
) -> ChainSeed:
    """The registry entry of a local chain. `urls` are other URLs of the node, such as a proxy, the first one first.

    The market is opened after our contracts, so nothing of it is in an earlier block than theirs.
    """
    # Our contracts are on the chain, so it has a block 1. The genesis hash is read from its parent hash: anvil makes a
    # block 0 whenever it loads a state, and after the second restart it may answer with either one.
    first = await anvil.rpc("eth_getBlockByNumber", "0x1", False)
    direct = EndpointSeed(url=anvil.url, ws_url=anvil.ws_url)
    given = tuple(EndpointSeed(url=url, priority=priority) for priority, url in enumerate(urls))
    start = deployment.start_block
    return ChainSeed(
        chain_id=anvil.caip2,
        name="Local chain",
        genesis_hash=first["parentHash"],
        features={"confirmations": confirmations, "block_time_seconds": anvil.block_time or 1},
        endpoints=given or (direct,),
        contracts=(
            _contract(FACTORY, "CollectionFactory", "custom", deployment.factory, start),
            _contract("implementation-erc721", "Collection721", "erc721", deployment.implementation_erc721, start),
            _contract("implementation-erc1155", "Collection1155", "erc1155", deployment.implementation_erc1155, start),
            _contract(TOKEN_FACTORY, "TokenFactory", "custom", deployment.token_factory, start),
            _contract("implementation-erc20", "FungibleToken", "erc20", deployment.implementation_token, start),
            *(() if market is None else _market(market, start)),
        ),
    )


async def register_local_chain(
    database: str | asyncpg.Pool,
    anvil: ChainNode,
    deployment: Deployment,
    market: Market | None = None,
    **options: Any,
) -> None:
    """Register the chain in a migrated database, given by its DSN or a pool. The options are those of `local_seed`.

    Raises:
        GenesisMismatchError: the database knows another local chain, as when only the chain's data was removed.
    """
    seed = await local_seed(anvil, deployment, market, **options)
    if not isinstance(database, str):
        await register_chain(database, seed, local=True)
        return
    pool = await create_pool(database, min_size=1, max_size=1)
    try:
        await register_chain(pool, seed, local=True)
    finally:
        await pool.close()


def _market(market: Market, start: int) -> tuple[ContractSeed, ...]:
    return (
        _contract(SEAPORT, "Seaport", "custom", market.seaport, start),
        _contract(CONDUIT_CONTROLLER, "ConduitController", "custom", market.conduit_controller, start),
        _contract(CONDUIT, "Conduit", "custom", market.conduit, start),
        _contract(WRAPPED_NATIVE, "WrappedNative", "erc20", market.wrapped_native, start),
    )


def _contract(name: str, artifact: str, standard: Any, address: str, start_block: int) -> ContractSeed:
    abi = load_artifact(artifact).abi
    return ContractSeed(name=name, address=address, start_block=start_block, standard=standard, abi=abi)
