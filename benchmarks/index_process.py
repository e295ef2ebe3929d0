"""Our indexer alone in a process: `python -m benchmarks.index_process URL DSN FACTORY START LAST`.

It ends when its checkpoint is at the block LAST. It imports what the indexer needs, so that its start is the indexer's.
"""

from __future__ import annotations

import asyncio
import sys

import uvloop

from steadymint.chain.nodes.chain import FACTORY
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.types import ChainId
from steadymint.indexing.indexed_chain import IndexedChain
from steadymint.indexing.indexer import Indexer
from steadymint.indexing.reading.source import LogSource
from steadymint.stack.chain_node import CHAIN_ID


class Polled:
    """`Heads` that look fifty times a second."""

    async def news(self) -> None:
        await asyncio.sleep(0.02)


def chain_of(factory: str, start_block: int) -> IndexedChain:
    """The chain of the benchmark's node."""
    return IndexedChain(
        chain_id=ChainId(f"eip155:{CHAIN_ID}"),
        number=CHAIN_ID,
        symbol="ETH",
        decimals=18,
        confirmations=2,
        roles={factory: FACTORY},
        start_block=start_block,
    )


async def _index(url: str, dsn: str, factory: str, start_block: str, last: str) -> None:
    chain = chain_of(factory, int(start_block))
    async with RpcClient(chain.chain_id, [EndpointConfig(id=1, url=url)]) as rpc:
        indexer = Indexer(chain, dsn=dsn, source=LogSource(rpc), heads=Polled())
        await indexer.run(asyncio.Event(), until_block=int(last))


if __name__ == "__main__":
    uvloop.run(_index(*sys.argv[1:]))
