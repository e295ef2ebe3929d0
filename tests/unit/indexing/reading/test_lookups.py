"""What nodes say of transactions and accounts, as far as they say it."""

from __future__ import annotations

from typing import Any

from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.types import ChainId
from steadymint.indexing.reading.lookups import Lookups
from tests.support.fake_provider import FakeProvider, made_up

CHAIN = ChainId("eip155:31337")
SENDER = "0x" + "Ab" * 20


def answer(call: dict[str, Any]) -> dict[str, Any]:
    asked = call["params"][0] if call["params"] else ""
    if call["method"] == "eth_chainId":
        return {"result": "0x7a69"}
    if asked == "refused":
        return {"error": {"code": -32602, "message": "invalid argument 0"}}
    if call["method"] == "eth_getCode":
        return {"result": asked}
    return {"result": {"from": SENDER} if asked == "known" else None}


async def test_what_nodes_do_not_know_or_do_not_tell_is_none() -> None:
    provider = FakeProvider(made_up(answer))
    async with provider.serving(), RpcClient(CHAIN, [EndpointConfig(id=1, url=provider.url)]) as rpc:
        lookups = Lookups(rpc)
        sent = await lookups.senders(["known", "unknown", "refused"])
        assert sent == {"known": SENDER.lower(), "unknown": None, "refused": None}
        code = await lookups.have_code(["0x", "0xef01", "refused"])
        assert code == {"0x": False, "0xef01": True, "refused": None}
        assert await lookups.senders([]) == {}


async def test_an_endpoint_with_a_limit_spares_a_quarter_of_it_and_reading_keeps_the_rest() -> None:
    limited, free = (EndpointConfig(id=n, url="http://127.0.0.1:1", rate_limit=rate) for n, rate in ((1, 8), (2, None)))
    async with RpcClient(CHAIN, [limited]) as rpc:
        assert [await Lookups(rpc).to_spare(100) for _ in range(2)] == [2, 0]
    async with RpcClient(CHAIN, [free]) as rpc:
        assert await Lookups(rpc).to_spare(100) == 100
