"""Many calls in one: contracts that answer, revert, burn gas and answer with too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from eth_abi.abi import encode
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from contracts import load_artifact
from steadymint.chain.calls import multicall
from steadymint.chain.calls.multicall import Answer, Unanswered, call_in_pieces, packed_call, text_of
from steadymint.chain.nodes.client import BlockRef, EvmClient
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.errors import UnknownBlockError
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import Address
from steadymint.stack.deploy import create
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import CHAIN

REVERTS, BURNS_GAS, TOO_MUCH = 10, 18, 19
"""Token ids of `TokenUris` by what their call does."""


def token_uri(token_id: int) -> bytes:
    return keccak(text="tokenURI(uint256)")[:4] + encode(["uint256"], [token_id])


async def call_many(
    client: EvmClient, target: Address, calls: Sequence[bytes], *, block: BlockRef = "latest"
) -> list[Answer]:
    """The answers in the order of `calls`."""
    found: dict[int, Answer] = {}
    async for piece in call_in_pieces(client, target, calls, block=block):
        found.update(piece)
    return [found[index] for index in range(len(calls))]


def uris(answers: Sequence[Answer]) -> list[str | None]:
    return [text_of(answer) for answer in answers]


async def odd_collection(chain: LocalChain) -> Address:
    return Address((await create(chain.anvil, "TokenUris"))["contractAddress"].lower())


async def test_answers_come_in_the_order_of_the_calls_over_several_requests(
    chain: LocalChain, client: EvmClient
) -> None:
    target = await odd_collection(chain)
    ids = [number for number in range(1, 600) if number % 10 in range(1, 8)]
    answers = await call_many(client, target, [token_uri(number) for number in ids])
    assert uris(answers) == [f"https://example.org/{number}" for number in ids]


async def test_a_call_that_fails_takes_no_other_with_it(chain: LocalChain, client: EvmClient) -> None:
    target = await odd_collection(chain)
    ids = [1, REVERTS, 2, BURNS_GAS, 3, BURNS_GAS, 4]
    answers = await call_many(client, target, [token_uri(number) for number in ids])
    assert [answers[at] for at in (1, 3, 5)] == [Unanswered.REVERTED] * 3
    assert uris(answers[0::2]) == [f"https://example.org/{number}" for number in (1, 2, 3, 4)]


async def test_an_answer_too_long_for_many_is_asked_for_alone(chain: LocalChain, client: EvmClient) -> None:
    target = await odd_collection(chain)
    short, long_ = await call_many(client, target, [token_uri(1), token_uri(TOO_MUCH)])
    assert text_of(short) == "https://example.org/1"
    assert len(text_of(long_) or "") == 200_000


async def test_an_answer_without_end_is_not_read(
    chain: LocalChain, client: EvmClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multicall, "MAX_LONE_ANSWER", 100_000)
    target = await odd_collection(chain)
    answers = await call_many(client, target, [token_uri(TOO_MUCH), token_uri(1)])
    assert answers[0] is Unanswered.TOO_LARGE
    assert text_of(answers[1]) == "https://example.org/1"


async def test_what_is_no_contract_answers_with_nothing(chain: LocalChain, client: EvmClient) -> None:
    answers = await call_many(client, Address("0x" + "77" * 20), [token_uri(1)])
    assert answers == [b""]
    assert uris(answers) == [None]


async def test_no_call_is_no_request(client: EvmClient) -> None:
    assert await call_many(client, Address("0x" + "77" * 20), []) == []


async def test_all_answers_are_as_of_the_block_that_was_named(chain: LocalChain, client: EvmClient) -> None:
    before = await client.block_number()
    target = await odd_collection(chain)
    assert await call_many(client, target, [token_uri(1)], block=before) == [b""]


async def test_a_node_that_is_down_is_no_answer() -> None:
    async with RpcClient(CHAIN, [EndpointConfig(1, "http://127.0.0.1:9")]) as rpc:
        with pytest.raises(UpstreamUnavailableError):
            await call_many(EvmClient(rpc), Address("0x" + "77" * 20), [token_uri(1)])


async def test_a_block_that_no_node_has_says_so(chain: LocalChain, client: EvmClient) -> None:
    with pytest.raises((UnknownBlockError, UpstreamUnavailableError)):
        await call_many(client, await odd_collection(chain), [token_uri(1)], block=10**9)


REFUSES = {"error": {"code": -32602, "message": "missing field `to`"}}
ANSWERS_NOTHING = {"result": "0x"}
KEEPS_DATA = {"error": {"code": 3, "message": "execution reverted"}}


class FakePickyNode:
    """A fake of a node that does something else with creation code in `eth_call`: anvil runs it, and shows what a
    revert holds. All else is anvil's answer."""

    def __init__(self, target: str, reply: dict[str, Any]) -> None:
        self._target = target
        self._reply = reply
        self.requests: Counter[str] = Counter()

    async def handle(self, request: web.Request) -> web.Response:
        calls: Any = orjson.loads(await request.read())
        self.requests["batches" if isinstance(calls, list) else "calls"] += 1
        asked = calls if isinstance(calls, list) else [calls]
        if all(call["method"] == "eth_call" and "to" not in call["params"][0] for call in asked):
            replies = [{"jsonrpc": "2.0", "id": call["id"]} | self._reply for call in asked]
            return web.json_response(replies if isinstance(calls, list) else replies[0])
        async with aiohttp.ClientSession() as http, http.post(self._target, json=calls) as answer:
            return web.Response(body=await answer.read(), content_type="application/json")

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        application = web.Application()
        application.router.add_post("/", self.handle)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


@pytest.mark.parametrize("reply", [REFUSES, ANSWERS_NOTHING, KEEPS_DATA], ids=["refuses", "nothing", "keeps data"])
async def test_a_node_that_runs_no_creation_code_is_asked_call_by_call(
    chain: LocalChain, reply: dict[str, Any]
) -> None:
    target = await odd_collection(chain)
    node = FakePickyNode(chain.anvil.url, reply)
    async with node.serving() as url, RpcClient(CHAIN, [EndpointConfig(1, url)]) as rpc:
        answers = await call_many(EvmClient(rpc), target, [token_uri(1), token_uri(REVERTS), token_uri(2)])
    assert uris(answers) == ["https://example.org/1", None, "https://example.org/2"]
    assert answers[1] is Unanswered.REVERTED
    assert node.requests["batches"] <= 2


class FakeImpatientNode(FakePickyNode):
    """A fake of a node that gives up on calls in which one token is asked for, as geth does after five seconds. All
    else is anvil's answer, counted."""

    def __init__(self, target: str, slow: int) -> None:
        super().__init__(target, {"error": {"code": -32000, "message": "execution aborted (timeout = 5s)"}})
        self._needle = token_uri(slow).hex()

    async def handle(self, request: web.Request) -> web.Response:
        calls: Any = orjson.loads(await request.read())
        asked = calls if isinstance(calls, list) else [calls]
        self.requests.update(call["method"] for call in asked if call["method"] == "eth_call")
        replies = [await self._answer(call) for call in asked]
        return web.json_response(replies if isinstance(calls, list) else replies[0])

    async def _answer(self, call: Any) -> Any:
        if call["method"] == "eth_call" and self._needle in call["params"][0]["data"]:
            return {"jsonrpc": "2.0", "id": call["id"]} | self._reply
        async with aiohttp.ClientSession() as http, http.post(self._target, json=call) as answer:
            return await answer.json()


async def test_x17_a_token_that_a_node_gives_up_on_costs_its_neighbours_nothing_and_the_node_no_rest(
    chain: LocalChain,
) -> None:
    target = await odd_collection(chain)
    node = FakeImpatientNode(chain.anvil.url, 4)
    async with node.serving() as url, RpcClient(CHAIN, [EndpointConfig(1, url)]) as rpc:
        for _ in range(3):
            answers = await call_many(EvmClient(rpc), target, [token_uri(number) for number in (1, 2, 4, 5)])
            assert answers[2] is Unanswered.TOO_LONG
            assert uris(answers) == ["https://example.org/1", "https://example.org/2", None, "https://example.org/5"]


async def test_a_token_that_a_node_gives_up_on_is_answered_so_where_it_is_the_only_one(chain: LocalChain) -> None:
    target = await odd_collection(chain)
    node = FakeImpatientNode(chain.anvil.url, 4)
    async with node.serving() as url, RpcClient(CHAIN, [EndpointConfig(1, url)]) as rpc:
        assert await call_many(EvmClient(rpc), target, [token_uri(4)]) == [Unanswered.TOO_LONG]
        assert await multicall.ask_plainly(EvmClient(rpc), [packed_call(target, token_uri(4))], "latest") == [
            Unanswered.TOO_LONG
        ]


async def test_tokens_that_may_be_slow_are_asked_for_one_by_one(chain: LocalChain) -> None:
    """A node computes the calls of a batch in turn. Several slow ones would take longer than an answer is waited
    for."""
    target = await odd_collection(chain)
    node = FakeImpatientNode(chain.anvil.url, 4)
    async with node.serving() as url, RpcClient(CHAIN, [EndpointConfig(1, url)]) as rpc:
        calls = [token_uri(number) for number in (1, 2, 4, 5)]
        pieces = [piece async for piece in call_in_pieces(EvmClient(rpc), target, calls)]
    assert [len(piece) for piece in pieces] == [1] * 4


async def test_a_token_that_is_refused_is_asked_for_once_and_one_that_used_up_its_gas_once_more(
    chain: LocalChain,
) -> None:
    """Ten thousand tokens without a document cost no more than ten thousand with one."""
    target = await odd_collection(chain)
    node = FakeImpatientNode(chain.anvil.url, 0)
    async with node.serving() as url, RpcClient(CHAIN, [EndpointConfig(1, url)]) as rpc:
        refused = await call_many(EvmClient(rpc), target, [token_uri(REVERTS * number) for number in range(1, 60)])
        assert refused == [Unanswered.REVERTED] * 59
        assert node.requests == {"eth_call": 1}
        burnt = await call_many(EvmClient(rpc), target, [token_uri(number) for number in (1, BURNS_GAS, 2)])
        assert uris(burnt) == ["https://example.org/1", None, "https://example.org/2"]
        assert node.requests == {"eth_call": 3}


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"MoonCats".ljust(32, b"\0"), "MoonCats"),
        (encode(["string"], ["ipfs://x/1"]), "ipfs://x/1"),
        (encode(["bytes"], [b"ipfs://\xff"]), "ipfs://�"),
        (encode(["string"], [""]), ""),
        (b"", None),
        (b"\x01" * 31, None),
        (encode(["uint256", "uint256"], [2**255, 5]), None),
        (encode(["uint256", "uint256"], [32, 2**64]), None),
    ],
    ids=["bytes32", "string", "no UTF-8", "empty", "nothing", "short", "far offset", "endless length"],
)
def test_a_string_is_read_from_whatever_contracts_return(answer: bytes, text: str | None) -> None:
    assert text_of(answer) == text


def test_a_request_stays_below_the_creation_code_that_nodes_run() -> None:
    long_calls = [bytes(3000)] * 40
    code = len(bytes.fromhex(load_artifact("Multicall").bytecode[2:]))
    chunks = multicall.chunks_of(long_calls)
    assert [index for begin, end in chunks for index in range(begin, end)] == list(range(len(long_calls)))
    for begin, end in chunks:
        size = code + len(encode(["uint256", "bytes[]"], [0, long_calls[begin:end]]))
        assert size <= multicall.MAX_DATA


@given(st.lists(st.binary(max_size=100), max_size=12), st.integers(0, 2**256 - 1))
def test_the_arguments_are_those_that_eth_abi_writes(calls: list[bytes], most: int) -> None:
    written = multicall.calls_in_one(calls, most)
    assert written == bytes.fromhex(load_artifact("Multicall").bytecode[2:]) + encode(
        ["uint256", "bytes[]"], [most, calls]
    )
