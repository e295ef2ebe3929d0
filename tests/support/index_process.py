"""An indexer in a process of its own, to be killed: `python -m tests.support.index_process URL DSN FACTORY START`.

Batches are small, so that there are many moments to be killed at.
"""

from __future__ import annotations

import asyncio
import sys

from steadymint.chain.nodes.chain import FACTORY
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.types import ChainId
from steadymint.indexing import history, indexer
from steadymint.indexing.indexed_chain import IndexedChain
from steadymint.indexing.reading.source import LogSource
from tests.support.indexing import Polled


async def main(url: str, dsn: str, factory: str, start_block: str) -> None:
    history.LOGS_PER_TRANSACTION = 50  # type: ignore[misc]
    indexer.LIVE_TAIL = 2  # type: ignore[misc]
    indexer.LIVE_AT_ONCE = 1  # type: ignore[misc]
    chain = IndexedChain(
        chain_id=ChainId("eip155:31337"),
        number=31337,
        symbol="ETH",
        decimals=18,
        confirmations=2,
        roles={factory: FACTORY},
        start_block=int(start_block),
    )
    async with RpcClient(chain.chain_id, [EndpointConfig(id=1, url=url)]) as rpc:
        source = LogSource(rpc, target_bytes=8_000)
        await indexer.Indexer(chain, dsn=dsn, source=source, heads=Polled()).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
