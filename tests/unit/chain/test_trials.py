"""A transaction is tried as well as a node lets it be: alone, behind others, at a time that we name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from steadymint.chain.nodes.client import EvmClient
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.errors import ExecutionRevertedError
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.chain.trials import Trials, Untried
from steadymint.domain.transactions import TxRequest
from tests.unit.chain.conftest import CHAIN
from tests.unit.chain.fakes import Answer, FakeNode, fake_node, web
from tests.unit.chain.made import ALICE, BOB

TX = TxRequest.model_validate({"chain_id": CHAIN, "from_": ALICE, "to": BOB, "data": "0x", "value": 1})
AT = 2_000_000_000
REFUSED = {"code": -32602, "message": "too many arguments, want at most 2"}
UNKNOWN = {"code": -32601, "message": "the method eth_simulateV1 does not exist"}


@asynccontextmanager
async def answering(answer: Callable[[str, list[Any]], Any]) -> AsyncIterator[tuple[EvmClient, FakeNode]]:
    """A client of a node that answers each call by its method and parameters; a dict with a code is an error."""

    def one(call: Any) -> dict[str, Any]:
        said = answer(call["method"], call["params"])
        member = "error" if isinstance(said, dict) and "code" in said else "result"
        return {"jsonrpc": "2.0", "id": call["id"], member: said}

    def handle(request: Any) -> Answer:
        return web.json_response([one(call) for call in request] if isinstance(request, list) else one(request))

    async with fake_node(handle) as node, RpcClient(CHAIN, [EndpointConfig(1, node.url)]) as rpc:
        yield EvmClient(rpc), node


def simulated(*calls: dict[str, Any]) -> list[Any]:
    return [{"number": "0x1", "calls": list(calls)}]


async def test_a_node_that_takes_no_time_of_ours_is_asked_for_its_own() -> None:
    async with answering(lambda _, params: REFUSED if len(params) > 2 else "0xaa") as (client, node):
        trials = Trials()
        assert await trials.run(client, [TX, TX], [], AT) == [b"\xaa", b"\xaa"]
        asked = node.hits
        assert await trials.run(client, [TX], [], AT) == [b"\xaa"]
        assert node.hits == asked + 1
        assert await trials.gas(client, TX, AT) == 0xAA


async def test_a_transaction_is_tried_behind_those_that_come_first() -> None:
    said = simulated({"status": "0x1", "returnData": "0x01"}, {"status": "0x1", "returnData": "0xbb"})
    async with answering(lambda method, _: said) as (client, node):
        assert await Trials().run(client, [TX], [TX], AT) == [b"\xbb"]
    (request,) = node.requests[-1] if isinstance(node.requests[-1], list) else [node.requests[-1]]
    (block,) = request["params"][0]["blockStateCalls"]
    assert block["blockOverrides"] == {"time": hex(AT)}
    assert len(block["calls"]) == 2


async def test_a_revert_behind_others_says_what_the_contract_said() -> None:
    good = {"status": "0x1", "returnData": "0x"}
    for reverted in (
        {"status": "0x0", "returnData": "0x", "error": {"code": 3, "message": "reverted", "data": "0xdeadbeef"}},
        {"status": "0x0", "returnData": "0xdeadbeef", "error": {"code": 3, "message": "reverted"}},
    ):
        said = simulated(good, reverted)
        async with answering(lambda *_, said=said: said) as (client, _):
            (outcome,) = await Trials().run(client, [TX], [TX], AT)
        assert isinstance(outcome, ExecutionRevertedError)
        assert outcome.data == bytes.fromhex("deadbeef")


async def test_what_cannot_be_tried_behind_others_is_said_to_be_untried() -> None:
    first_refused = simulated({"status": "0x0", "returnData": "0x"}, {"status": "0x1", "returnData": "0x"})
    for said in (UNKNOWN, first_refused):
        async with answering(lambda *_, said=said: said) as (client, _):
            async with asyncio.timeout(30):
                assert await Trials().run(client, [TX], [TX], AT) == [Untried.BEHIND_OTHERS]
