"""No secret in any workflow history, log line or problem document, after a story in which much goes wrong."""

from __future__ import annotations

import asyncio
import secrets as dice
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass

import aiohttp
import pytest

from steadymint.demo.wallets import ContractWallet, KeyWallet
from steadymint.durable.codec import codec_from
from steadymint_client import ProblemError, models
from tests.security.leaks import KeepingVisitor, Secrets, histories, opened, stored
from tests.support.faulty_node import Fault, FaultyNode
from tests.support.full_stack import FullStack
from tests.support.people import Person

pytestmark = pytest.mark.slow


@dataclass
class Told:
    """What is left when the story is over."""

    secrets: Secrets
    problems: list[str]
    calldata: str


@pytest.fixture(scope="module")
async def told(running_stack: FullStack) -> AsyncIterator[Told]:
    """Sign-ins, a collection, mints; with a node and a database whose addresses hold passwords, and both failing."""
    await running_stack.heal()
    secrets, stack = Secrets(), running_stack.stack
    key, password = dice.token_urlsafe(32), dice.token_urlsafe(16)
    secrets.keep("node key", key)
    secrets.keep("node password", password)
    secrets.keep("database password", stack.postgres.password)
    secrets.keep("Redis password", stack.valkey.password)
    secrets.keep("signing key", stack.secrets.signing_key)
    secrets.keep("codec key", stack.secrets.codec_key)
    for account in running_stack.described["devAccounts"]:
        secrets.keep("private key", account["privateKey"])
    node = FaultyNode(stack.anvil.url)
    node_url = f"http://127.0.0.1:{node.port}/v2/{key}"
    node.error_text = (
        '{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"internal error: '
        f'http://user:{password}@127.0.0.1:{node.port}/v2/{key} of project {key} failed"}}}}'
    )
    chatty = {
        "STEADYMINT_LOG_LEVEL": "DEBUG",
    }
    async with AsyncExitStack() as exits:
        await exits.enter_async_context(node.serving())
        await exits.enter_async_context(running_stack.nodes_at(node_url))
        await exits.enter_async_context(running_stack.another_worker(**chatty))
        api_url = await exits.enter_async_context(running_stack.another_api(**chatty))
        visitor = await exits.enter_async_context(KeepingVisitor(api_url, running_stack.origin, secrets))
        calldata = await _story(running_stack, visitor, node)
        yield Told(secrets, visitor.problems, calldata)


async def _story(full_stack: FullStack, visitor: KeepingVisitor, node: FaultyNode) -> str:
    """Calldata of the last mint: nothing secret, and in a history for certain."""
    wallet = await full_stack.wallet()
    visitor.secrets.keep("private key", wallet.private_key)
    session = await visitor.sign_in(wallet, full_stack.chain_id)
    alice = Person(visitor, wallet, full_stack.chain_id)
    contract = await full_stack.made(alice)
    await _bad_sign_ins(full_stack, alice, session)
    await _contract_wallet_signs_in(full_stack, alice, node)

    prepared = await alice.prepare_mint(contract)
    node.begin(Fault.ERRORS)
    for _ in range(3):
        await visitor.ask("POST", "/v1/mints/prepare", alice.mint_of(contract))
    tracking = asyncio.create_task(alice.send_and_track(prepared))
    await asyncio.sleep(3)
    node.recover()
    await tracking
    await full_stack.stack.postgres.restart()
    async with full_stack.blocks.ticking():
        assert (await alice.until_final(prepared["intentId"]))["step"] == "ready"
    await _sealed_nonsense(full_stack)
    assert (await visitor.ask("POST", "/v1/auth/logout")).status == 204
    return prepared["txRequest"]["data"].removeprefix("0x")


async def _bad_sign_ins(full_stack: FullStack, alice: Person, session: models.TokenAnswer) -> None:
    """Each answer is a problem document that might repeat what it was given."""
    visitor, address = alice.client, alice.wallet.address
    domain = full_stack.origin.removeprefix("http://")
    nonce = await visitor.ask(
        "POST", "/v1/auth/nonce", {"accountId": address, "chainId": full_stack.chain_id, "domain": domain}
    )
    message = f"{domain} wants you to sign in\n\nNonce: {nonce.body['nonce']}"
    proof = {"accountId": address, "message": message, "signature": alice.wallet.sign(message)}
    refresh = session.refresh_token
    for path, body in (
        ("verify", proof),
        ("verify", proof | {"signature": "0x" + "ab" * 65}),
        ("verify", proof | {"signature": proof["signature"] + "zz"}),
        ("verify", proof | {"extra": proof["signature"]}),
        ("verify", proof | {"signature": [proof["signature"]]}),
        ("verify", {"signature": proof["signature"]}),
        ("refresh", {"refreshToken": refresh + "x"}),
        ("refresh", {"refreshToken": [refresh]}),
        ("refresh", {"refreshToken": refresh, "token": refresh}),
        ("refresh", {"accessToken": session.access_token}),
    ):
        assert (await visitor.ask("POST", f"/v1/auth/{path}", body)).status >= 400, (path, body)
    for query in ({"token": session.access_token}, {"cursor": session.access_token}):
        assert (await visitor.ask("GET", "/v1/intents", **query)).status == 422


async def _contract_wallet_signs_in(full_stack: FullStack, alice: Person, node: FaultyNode) -> None:
    """Its signature goes to the node by way of a worker; at first the node fails."""
    async with full_stack.blocks.ticking():
        vault = await ContractWallet.deploy(full_stack.web3, KeyWallet(full_stack.web3, alice.wallet.private_key))
    async with KeepingVisitor(alice.client.base_url, full_stack.origin, alice.client.secrets) as visitor:
        node.begin(Fault.ERRORS)
        with suppress(ProblemError):
            await visitor.sign_in(vault, full_stack.chain_id)
        node.recover()
        await _in_the_end(lambda: visitor.sign_in(vault, full_stack.chain_id))
        alice.client.problems += visitor.problems


async def _sealed_nonsense(full_stack: FullStack) -> None:
    url = f"{full_stack.stack.codec_server.url}/decode"
    async with aiohttp.ClientSession() as http:
        for body in ("{", '{"payloads":[{"metadata":{"encoding":"YmluYXJ5L2VuY3J5cHRlZA=="},"data":"AAAA"}]}'):
            async with http.post(url, data=body) as answer:
                assert answer.status >= 400


async def _in_the_end(attempt, patience: float = 60.0) -> None:
    async with asyncio.timeout(patience):
        while True:
            with suppress(ProblemError):
                await attempt()
                return
            await asyncio.sleep(0.5)


async def test_no_history_holds_a_secret_sealed_or_opened(told: Told, running_stack: FullStack) -> None:
    codec = codec_from(running_stack.stack.settings().codec)
    assert codec is not None
    leaks, plain, sealed, kinds = [], [], [], set()
    async for workflow_id, events in histories(running_stack.temporal):
        raw, clear = stored(events), await opened(events, codec)
        leaks += [(workflow_id, name) for name in told.secrets.found_in(raw + clear)]
        plain.append(clear)
        sealed.append(raw)
        kinds.add(workflow_id.partition(":")[0])
    assert leaks == []
    assert {"sign-in", "collection", "mint", "index-chain"} <= kinds
    assert told.calldata.encode() in b"\n".join(plain), "opened histories can be read"
    assert told.calldata.encode() not in b"\n".join(sealed), "stored histories cannot"


def test_no_log_line_holds_a_secret(told: Told, running_stack: FullStack) -> None:
    logs = {file.name: file.read_bytes() for file in (running_stack.stack.home / "logs").glob("*.log")}
    ours = {name: text for name, text in logs.items() if name.startswith(("api", "worker", "codec-server"))}
    assert "codec-server.log" in ours
    assert len([name for name, text in ours.items() if text]) >= 4, "two APIs and two workers have said something"
    assert b"upstream_unavailable" in b"".join(ours.values()), "what went wrong was logged"
    assert {name: told.secrets.found_in(text) for name, text in ours.items()} == {name: [] for name in ours}


def test_no_problem_document_holds_a_secret(told: Told) -> None:
    assert len(told.problems) >= 15
    assert [(text, found) for text in told.problems if (found := told.secrets.found_in(text))] == []


def test_what_is_looked_for_would_be_found(told: Told) -> None:
    names = {name.partition(" #")[0] for name in told.secrets.known}
    assert names >= {
        "nonce", "signature", "accessToken", "refreshToken", "private key", "node key", "node password",
        "database password", "signing key", "codec key",
    }  # fmt: skip
    for name, value in told.secrets.known.items():
        assert name in told.secrets.found_in(f"... {value.upper()} ...".encode())
