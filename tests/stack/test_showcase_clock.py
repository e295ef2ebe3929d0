"""The clock of the showcase, on a node like that of a local stack: it mines transactions at once, and by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from steadymint.demo.showcase.clock import HOUR, ChainClock
from steadymint.stack.dev_accounts import DEV_ACCOUNTS
from tests.support.local_chain import LocalChain


async def test_what_is_sent_in_a_moment_is_of_that_moment(new_chain: Callable[..., Awaitable[LocalChain]]) -> None:
    node = (await new_chain(contracts=False, block_time=0.2)).anvil
    call = {"from": DEV_ACCOUNTS[0].address, "to": DEV_ACCOUNTS[1].address, "value": "0x1"}
    moments = (60.0, 27.0, 15.0)
    hashes: list[str] = []
    async with ChainClock(node, 72.0) as clock:
        for ago in moments:
            async with clock.moment(ago):
                hashes.append(await node.rpc("eth_sendTransaction", call))
    for ago, tx_hash in zip(moments, hashes, strict=True):
        receipt = await node.rpc("eth_getTransactionReceipt", tx_hash)
        block = await node.rpc("eth_getBlockByHash", receipt["blockHash"], False)
        assert abs(int(block["timestamp"], 16) - clock.at(ago)) < HOUR
