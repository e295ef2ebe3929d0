"""The Python client against the product."""

from __future__ import annotations

import asyncio
import re
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from steadymint.demo.wallets import KeyWallet
from steadymint_client import (
    Asking,
    AsyncSteadymint,
    MemorySession,
    Outcome,
    Prepared,
    ProblemError,
    Sent,
    StatusEvent,
    WalletRefusedError,
    models,
)
from tests.support.cutting import cutting_proxy
from tests.support.full_stack import FullStack

README = Path(__file__).parents[2] / "clients" / "python" / "README.md"
STEPS = ["prepared", "tracked", "confirming", "indexed", "ready"]
REFUSED = "ended.by.test"
"""An access token that the API refuses."""


class Counting(httpx.AsyncHTTPTransport):
    """Counts the requests to renew tokens."""

    refreshes = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.refreshes += request.url.path == "/v1/auth/refresh"
        return await super().handle_async_request(request)


@pytest.fixture
async def wallet(full_stack: FullStack) -> KeyWallet:
    return KeyWallet(full_stack.web3, (await full_stack.wallet()).private_key)


@pytest.fixture
async def client(full_stack: FullStack, wallet: KeyWallet) -> AsyncIterator[AsyncSteadymint]:
    """Somebody who has signed in."""
    async with AsyncSteadymint(full_stack.stack.api_url, origin=full_stack.origin) as client:
        await client.sign_in(wallet, full_stack.chain_id)
        yield client


def mint_of(full_stack: FullStack, contract: str, **more: Any) -> models.PrepareMintBody:
    return models.PrepareMintBody(chain_id=full_stack.chain_id, contract=contract, standard="erc721", **more)


async def test_a_flow_survives_cuts_and_the_end_of_its_token(
    full_stack: FullStack, wallet: KeyWallet, open_collection: str
) -> None:
    session, transport = MemorySession(), Counting()

    def end_token() -> None:
        if proxy.cuts == 1 and (known := session.load()):
            session.save(known.model_copy(update={"access_token": REFUSED}))

    async with (
        cutting_proxy(full_stack.stack.api_url, 2, end_token) as (url, proxy),
        AsyncSteadymint(url, origin=full_stack.origin, session=session, transport=transport) as client,
    ):
        await client.sign_in(wallet, full_stack.chain_id)
        async with full_stack.blocks.ticking():
            told = [event async for event in client.mint(wallet, mint_of(full_stack, open_collection))]
    assert [type(event) for event in told[:3]] == [Prepared, Asking, Sent]
    assert [(event.seq, event.step) for event in told if isinstance(event, StatusEvent)] == [*enumerate(STEPS, 1)]
    assert isinstance(told[-1], Outcome)
    assert told[-1].status == "ready"
    assert (proxy.cuts >= 2, transport.refreshes) == (True, 1)


async def test_requests_that_are_refused_together_renew_the_tokens_once(
    full_stack: FullStack, wallet: KeyWallet
) -> None:
    session, transport = MemorySession(), Counting()
    async with AsyncSteadymint(
        full_stack.stack.api_url, origin=full_stack.origin, session=session, transport=transport
    ) as client:
        known = await client.sign_in(wallet, full_stack.chain_id)
        session.save(known.model_copy(update={"access_token": REFUSED}))
        answers = await asyncio.gather(*(client.api.get_me() for _ in range(6)))
        assert [one.wallets[0].address for one in answers] == [wallet.address] * 6
        assert transport.refreshes == 1
        await client.sign_out()
        session.save(known)
        with pytest.raises(ProblemError) as refused:
            await client.api.get_me()
        assert (refused.value.code, client.session) == ("unauthorized", None)


async def test_a_wallet_that_refuses_is_an_outcome_and_the_same_key_goes_on_later(
    full_stack: FullStack, client: AsyncSteadymint, wallet: KeyWallet, open_collection: str
) -> None:
    class Refusing(KeyWallet):
        async def send(self, tx_request: dict[str, Any]) -> str:
            raise WalletRefusedError("no")

    body = mint_of(full_stack, open_collection)
    refusing = Refusing(full_stack.web3, "0x" + "11" * 32)
    assert (await client.mint(refusing, body, key="later").outcome()).status == "refused"
    async with full_stack.blocks.ticking():
        ended = await client.mint(wallet, body, key="later").outcome()
    assert ended.intent is not None
    assert ended.intent.step == "ready"
    resumed = [event.seq async for event in client.follow(ended.intent.intent_id, after=3)]
    assert resumed == [4, 5]
    assert [event async for event in client.follow(ended.intent.intent_id, after=5)] == []


async def test_orders_are_placed_and_bought_by_models_alone(
    full_stack: FullStack, client: AsyncSteadymint, wallet: KeyWallet
) -> None:
    chain_id = full_stack.chain_id
    buyer = KeyWallet(full_stack.web3, (await full_stack.wallet()).private_key)
    async with (
        AsyncSteadymint(full_stack.stack.api_url, origin=full_stack.origin) as buyers,
        full_stack.blocks.ticking(),
    ):
        await buyers.sign_in(buyer, chain_id)
        terms = models.PrepareCollectionBody(chain_id=chain_id, standard="erc721", name="Buoys", symbol="BUOY")
        created = await client.create_collection(wallet, terms).outcome()
        assert created.intent is not None
        contract = created.intent.contract or ""
        assert (await client.mint(wallet, mint_of(full_stack, contract, quantity="2")).outcome()).done
        wishes = [models.WishBody(kind="list", contract=contract, token_id=token, price="0.5") for token in ("1", "2")]
        placed = await client.place_orders(wallet, chain_id, *wishes).outcome()
        assert [one.outcome for one in placed.orders] == ["created", "created"]
        items = [models.PurchaseItemBody(order_hash=one.order_hash) for one in placed.orders]
        cheap = models.PreparePurchaseBody(chain_id=chain_id, items=items, max_total="0.9")
        with pytest.raises(ProblemError) as refused:
            await buyers.purchase(buyer, cheap).outcome()
        assert (refused.value.code, refused.value.request_id is not None) == ("price_moved", True)
        bought = await buyers.purchase(buyer, cheap.model_copy(update={"max_total": "1"})).outcome()
        assert bought.intent is not None
        assert sorted(fill.token_id for fill in bought.intent.fills or []) == ["1", "2"]
        tokens = [token async for token in client.items(client.api.list_tokens, chain_id, contract, limit=1)]
        assert [(token.token_id, token.owner) for token in tokens] == [("1", buyer.address), ("2", buyer.address)]


async def test_the_code_of_the_readme_runs_as_it_is_written(full_stack: FullStack) -> None:
    """It uses the sync client."""
    told = {
        "API": full_stack.stack.api_url,
        "NODE": full_stack.stack.anvil.url,
        "ADDRESS": full_stack.described["devAccounts"][7]["address"],
        "CHAIN": full_stack.chain_id,
    }
    code = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert code is not None
    program = "\n".join(f"{name} = {value!r}" for name, value in told.items()) + "\n" + code[1]
    program = program.replace("http://localhost:3000", full_stack.origin)
    async with full_stack.blocks.ticking(), asyncio.timeout(90):
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=PIPE, stderr=STDOUT)
        printed, _ = await process.communicate()
    assert printed.decode().splitlines() == [
        "ready",
        *(f"{number} {step}" for number, step in enumerate(STEPS, 1)),
        "['1', '2']",
        "not_eligible Only 1 is left; you asked for 2.",
        "1 True",
        "2 True",
    ]
