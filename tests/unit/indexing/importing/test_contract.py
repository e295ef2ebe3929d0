"""What contracts answer when they are asked what they are: the honest, the old and the hostile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from eth_abi.abi import encode

from steadymint.chain.nodes.client import EvmClient
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.errors import ExecutionRevertedError
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.errors import ContractNotFoundError, NotACollectionError
from steadymint.domain.types import Address, ChainId
from steadymint.indexing.importing.contract import inspect
from steadymint.stack.deploy import create
from tests.support.importing import foreign_drop, foreign_editions
from tests.support.indexing import ALICE, Driver

WHERE = Address("0x" + "77" * 20)


@pytest.fixture
async def client(driver: Driver) -> AsyncIterator[EvmClient]:
    chain_id = ChainId(driver.anvil.caip2)
    async with RpcClient(chain_id, [EndpointConfig(id=1, url=driver.anvil.url)]) as rpc:
        yield EvmClient(rpc)


class FakeRpc:
    """Answers as a contract would that is told what to say: no compiler makes contracts that lie like this."""

    def __init__(self, *answers: Any) -> None:
        self._answers = answers

    async def call(self, method: str, params: Any, *, timeout: float | None = None) -> str:
        return "0x6000"

    async def batch(self, calls: Any, *, timeout: float | None = None) -> list[Any]:
        yes, no = "0x" + "0" * 63 + "1", "0x" + "0" * 64
        return [yes, no, yes, no, *self._answers]


def abi(text: bytes) -> str:
    return "0x" + encode(["bytes"], [text]).hex()


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        pytest.param(abi(b"Plain"), "Plain", id="a string"),
        pytest.param("0x" + b"Old".ljust(32, b"\0").hex(), "Old", id="a bytes32"),
        pytest.param(abi(b"x" * 100_000), "x" * 256, id="a hundred thousand characters"),
        pytest.param(abi(b"a\0b\xff"), "ab\ufffd", id="no text"),
        pytest.param(abi("\u202eelohw\u2066\x1b[2J\na".encode()), "elohw [2J a", id="what turns a page or clears one"),
        pytest.param("0x" + "ff" * 64, "", id="an offset outside"),
        pytest.param("0x", "", id="nothing"),
        pytest.param(None, "", id="null"),
        pytest.param(ExecutionRevertedError(), "", id="a revert"),
    ],
)
async def test_a_name_is_whatever_of_it_is_text(answer: Any, name: str) -> None:
    rpc: Any = FakeRpc(answer, answer, "0x" + "ff" * 32)

    found = await inspect(EvmClient(rpc), WHERE)

    assert (found.name, found.symbol, found.owner) == (name, name, None)


async def test_an_honest_contract_says_what_it_is(driver: Driver, client: EvmClient) -> None:
    drop = await inspect(client, await foreign_drop(driver))
    editions = await inspect(client, await foreign_editions(driver))

    assert (drop.standard, drop.name, drop.symbol, drop.owner) == ("erc721", "Foreign Drop", "DROP", ALICE)
    assert (editions.standard, editions.name, editions.symbol, editions.owner) == ("erc1155", "", "", None)


@pytest.mark.parametrize("name", ["Echo", "EndlessLoop", "InvalidOpcode", "HugeRevert", "ForeignERC20"])
async def test_what_does_not_say_that_it_is_a_collection_is_none(driver: Driver, client: EvmClient, name: str) -> None:
    contract = Address((await create(driver.anvil, name))["contractAddress"])

    with pytest.raises(NotACollectionError):
        await inspect(client, contract)


async def test_a_contract_that_says_yes_to_everything_is_none(driver: Driver, client: EvmClient) -> None:
    await driver.anvil.rpc("anvil_setCode", WHERE, "0x60015f5260205ff3")  # returns 1, whatever is asked

    with pytest.raises(NotACollectionError):
        await inspect(client, WHERE)


@pytest.mark.parametrize("code", ["0x", "0xef0100" + "42" * 20], ids=["nothing", "an account's borrowed code"])
async def test_an_account_is_no_contract(driver: Driver, client: EvmClient, code: str) -> None:
    await driver.anvil.rpc("anvil_setCode", WHERE, code)

    with pytest.raises(ContractNotFoundError):
        await inspect(client, WHERE)
