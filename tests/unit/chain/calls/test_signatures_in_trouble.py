"""A node that fails, or serves another chain, is no refusal; and what one sign-in may cost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web
from eth_abi.abi import encode

from activities.sign_in import ANSWER_RESERVE
from contracts import load_artifact
from steadymint.chain.calls.signatures import ContractSignatures
from steadymint.domain.errors import UnknownChainError, UpstreamUnavailableError
from steadymint.domain.types import Address, ChainId
from steadymint.durable.policies import SIGNATURE_CHECK_RESERVE, SIGNATURE_CHECK_TRIES, signature_check_try
from steadymint.settings import AuthSettings
from tests.support.fake_provider import FakeProvider
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import Connect
from tests.unit.chain.fakes import error, fake_node, hang, result
from tests.unit.chain.made import CHAIN
from tests.unit.chain.wallets import DIGEST, sign, wallet_of


async def test_one_sign_in_costs_at_most_two_calls(chain: LocalChain, connect: Connect) -> None:
    async with fake_node(lambda _: result("0x" + "00" * 31 + "01")) as node:
        signatures = ContractSignatures(await connect(chain, url=node.url))
        assert await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, sign())
        assert node.hits == 2, "the proof of the chain and the question"
        assert await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, sign())
        assert node.hits == 3


async def test_a_node_that_takes_two_seconds_for_a_call_answers_within_one_try(
    chain: LocalChain, connect: Connect
) -> None:
    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(2)
        answers = {"eth_chainId": hex(31337), "eth_call": "0x" + "00" * 31 + "01"}
        return {"result": answers.get(call["method"], {"hash": "0x" + "11" * 32})}

    async with FakeProvider(slow).serving() as provider:
        signatures = ContractSignatures(await connect(chain, url=provider.url, genesis_hash="0x" + "11" * 32))
        seconds = signature_check_try(AuthSettings().contract_budget) - ANSWER_RESERVE
        assert await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, sign(), seconds)


@pytest.mark.parametrize("budget", [3, 9, 60])
def test_all_tries_and_the_way_between_them_fit_into_the_budget(budget: float) -> None:
    assert SIGNATURE_CHECK_TRIES * signature_check_try(budget) + SIGNATURE_CHECK_RESERVE <= budget + 1e-9


OUTAGES: dict[str, Any] = {
    "429": lambda _: web.Response(status=429, headers={"Retry-After": "30"}),
    "html": lambda _: web.Response(text="<html></html>", content_type="text/html"),
    "null": lambda _: web.Response(text="null", content_type="application/json"),
    "null_result": lambda _: result(None),
    "empty_result": lambda _: result("0x"),
    "short_result": lambda _: result("0x01"),
    "internal": lambda _: error(-32603, "internal error"),
    "refused": lambda _: error(-32602, "missing value for required argument 0"),
    "aborted": lambda _: error(-32000, "execution aborted (timeout = 5s)"),
    "lagging": lambda _: error(-32000, "header not found"),
    "silence": hang,
}


@pytest.mark.parametrize("name", OUTAGES)
async def test_an_outage_is_never_a_refusal(chain: LocalChain, connect: Connect, name: str) -> None:
    async with fake_node(OUTAGES[name]) as node:
        signatures = ContractSignatures(await connect(chain, url=node.url))
        with pytest.raises(UpstreamUnavailableError) as caught:
            await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, sign())
    assert caught.value.retryable
    assert caught.value.retry_after is None, "a wait would use up the budget of the second try"
    assert caught.value.extra["upstream"] == "node"


async def test_a_node_of_another_chain_is_never_asked_whether_a_signature_is_valid(
    chain: LocalChain, connect: Connect
) -> None:
    async with fake_node(lambda _: result("0x" + "00" * 31 + "01"), chain_number=1) as node:
        signatures = ContractSignatures(await connect(chain, url=node.url))
        with pytest.raises(UpstreamUnavailableError):
            await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, sign())
        assert node.requests == []


async def test_a_node_that_changes_chains_between_two_calls_is_found_out(chain: LocalChain, connect: Connect) -> None:
    """The validator compares the chain itself, in the call that reads the wallet."""
    async with fake_node(lambda _: result("0x" + "00" * 31 + "03")) as node:
        signatures = ContractSignatures(await connect(chain, url=node.url))
        with pytest.raises(UpstreamUnavailableError) as caught:
            await signatures.is_valid(CHAIN, Address("0x" + "ab" * 20), DIGEST, sign())
    assert caught.value.extra["upstream"] == "node"


async def test_the_validator_knows_a_wrong_chain(chain: LocalChain) -> None:
    arguments = encode(
        ["uint256", "address", "bytes32", "bytes", "address", "bytes"],
        [1, await wallet_of(chain), DIGEST, sign(), "0x" + "00" * 20, b""],
    )
    code = load_artifact("SignatureValidator").bytecode + arguments.hex()
    assert int(await chain.anvil.rpc("eth_call", {"data": code}, "latest"), 16) == 3


async def test_an_unknown_chain_is_refused_before_any_call(signatures: ContractSignatures) -> None:
    with pytest.raises(UnknownChainError):
        await signatures.is_valid(ChainId("eip155:1"), Address("0x" + "ab" * 20), DIGEST, sign())
