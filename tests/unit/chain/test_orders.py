"""What a node says about orders of the market: in one round trip, whatever the contracts do that are asked."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest

from migrations.seed import ChainSeed, ContractSeed, EndpointSeed, register_chain
from steadymint.chain.calls.seaport import MarketContracts
from steadymint.chain.nodes.client import EvmClient
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.registry import ChainRegistry
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.chain.orders import ORDERS, OrderInspector, facts_now_of, facts_of
from steadymint.domain.errors import NotFoundError, UpstreamUnavailableError
from steadymint.domain.market.amounts import Filled
from steadymint.domain.market.build import Frame, Price, Token, listing, offer
from steadymint.domain.market.facts import ALL, OrderFacts
from steadymint.domain.market.hashing import SigningDomain
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Address, Bytes32, Standard, chain_number
from steadymint.stack.deploy import create, send
from steadymint.stack.market import CONDUIT_KEY, Market, open_market
from tests.support.fake_provider import FakeProvider, answers_of
from tests.support.local_chain import LocalChain
from tests.unit.chain.calls.test_multicall import KEEPS_DATA, REFUSES, FakePickyNode
from tests.unit.chain.calls.test_signatures import function
from tests.unit.chain.conftest import CHAIN, Connect
from tests.unit.chain.made import ALICE, BOB

KEY = Bytes32("0x" + CONDUIT_KEY.hex())
FRAME = Frame(start_time=0, end_time=2**40, salt=1, counter=0, conduit_key=KEY)
NOTHING = Address("0x" + "77" * 20)
NO = OrderFacts(
    validated=False,
    cancelled=False,
    filled=Filled(0, 0),
    counter=0,
    spender=None,
    spender_open=True,
    held=0,
    allowed=0,
    approved_alone=False,
    maker_has_code=False,
    zone_has_code=False,
    accepts_signature=False,
    royalty=None,
)
"""Of an order whose token, currency and maker have nothing to say."""


@pytest.fixture
async def market(chain: LocalChain) -> Market:
    return await open_market(chain.anvil)


@pytest.fixture
def contracts(market: Market) -> MarketContracts:
    domain = SigningDomain(chain_number(CHAIN), Address(market.seaport))
    return MarketContracts(domain, Address(market.conduit_controller), (Address(market.conduit),))


@pytest.fixture
async def cats(chain: LocalChain, market: Market) -> Address:
    """Token 1 of Alice's, approved for the conduit."""
    token = Address((await create(chain.anvil, "ForeignERC721"))["contractAddress"].lower())
    for call in (
        function("mint(address,uint256)", ["address", "uint256"], ALICE, 1),
        function("setApprovalForAll(address,bool)", ["address", "bool"], market.conduit, True),
    ):
        await send(chain.anvil, {"from": ALICE, "to": token, "data": "0x" + call.hex()})
    return token


def selling(contract: Address, standard: Standard = Standard.ERC721, *, salt: int = 1) -> SubmittedOrder:
    token = Token(contract, standard, 1)
    return SubmittedOrder.of(listing(ALICE, token, Price.fixed(10**18), (), FRAME._replace(salt=salt)), b"\x01" * 65)


def buying(maker: Address, currency: Address, zone: Address = NOTHING) -> SubmittedOrder:
    token = Token(NOTHING, Standard.ERC721, 1)
    frame = FRAME._replace(zone=zone)
    return SubmittedOrder.of(offer(maker, token, Price.fixed(10**18, currency), (), frame), b"\x01" * 65)


async def test_fifty_orders_are_asked_about_in_one_request_with_the_newest_header(
    chain: LocalChain, contracts: MarketContracts, cats: Address
) -> None:
    makers = [Address(f"0x77{number:038x}") for number in range(ORDERS // 2)]
    orders = [order for salt, maker in enumerate(makers) for order in (selling(cats, salt=salt), buying(maker, cats))]
    async with (
        answers_of(chain.anvil.url) as answer,
        FakeProvider(answer).serving() as provider,
        RpcClient(CHAIN, [EndpointConfig(1, provider.url)]) as rpc,
    ):
        found, head = await facts_now_of(EvmClient(rpc), contracts, orders)
        assert head == await EvmClient(rpc).header("latest")
    assert {(facts.held, facts.allowed, facts.spender) for facts in found[::2]} == {(1, ALL, contracts.conduits[0])}
    assert {(facts.held, facts.allowed, facts.spender) for facts in found[1::2]} == {(0, 0, contracts.conduits[0])}
    asked = [methods for methods in provider.requests if "eth_call" in methods]
    assert len(asked) == 1
    assert asked[0].count("eth_call") <= 5
    assert asked[0].count("eth_getBlockByNumber") == 1


HOSTILE = ["Echo", "EndlessLoop", "InvalidOpcode", "HugeRevert"]
WORDS = {
    "nothing": b"",
    "a byte too few": bytes(31),
    "dirty words": b"\xff" * 64,
    "a huge answer": b"\x01" * 20_000,
}


def returning(data: bytes) -> bytes:
    """Runtime code that answers any call with `data`, which follows it."""
    size, at = len(data).to_bytes(3), (14).to_bytes(1)
    return b"\x62" + size + b"\x60" + at + b"\x5f\x39\x62" + size + b"\x5f\xf3" + b"\x00" + data


async def hostile(chain: LocalChain, name: str) -> Address:
    if name in HOSTILE:
        return Address((await create(chain.anvil, name))["contractAddress"].lower())
    address = Address("0x" + "66" * 20)
    await chain.anvil.rpc("anvil_setCode", address, "0x" + returning(WORDS[name]).hex())
    return address


@pytest.mark.parametrize("name", [*HOSTILE, *WORDS])
async def test_a_hostile_contract_says_no_and_takes_no_other_order_with_it(
    chain: LocalChain, client: EvmClient, contracts: MarketContracts, cats: Address, name: str
) -> None:
    odd, conduit = await hostile(chain, name), contracts.conduits[0]
    orders = [selling(cats), selling(odd), selling(odd, Standard.ERC1155), buying(odd, odd, odd), selling(cats, salt=2)]
    good, *found, last = await facts_of(client, contracts, orders)
    assert good == last
    assert (good.held, good.allowed, good.spender) == (1, ALL, conduit)
    token, units, wallet = found
    assert (token.held, token.allowed, token.royalty, units.allowed) == (0, 0, None, 0)
    assert not wallet.accepts_signature
    assert wallet.maker_has_code
    assert wallet.zone_has_code
    assert {facts.spender for facts in found} == {conduit}


async def test_what_is_no_contract_says_no(client: EvmClient, contracts: MarketContracts) -> None:
    said = replace(NO, spender=contracts.conduits[0])
    assert await facts_of(client, contracts, [selling(NOTHING), buying(BOB, NOTHING)]) == [said, said]


@pytest.mark.parametrize("reply", [REFUSES, KEEPS_DATA], ids=["refuses", "keeps data"])
async def test_a_node_that_runs_no_creation_code_says_the_same(
    chain: LocalChain, client: EvmClient, contracts: MarketContracts, cats: Address, reply: dict[str, object]
) -> None:
    orders = [selling(cats), selling(await hostile(chain, "Echo")), buying(cats, cats, cats)]
    node = FakePickyNode(chain.anvil.url, reply)
    async with node.serving() as url, RpcClient(CHAIN, [EndpointConfig(1, url)]) as rpc:
        plain, head = await facts_now_of(EvmClient(rpc), contracts, orders)
    assert head == await client.header("latest")
    assert plain == await facts_of(client, contracts, orders)
    assert plain[0].held == 1
    assert plain[2].maker_has_code


async def test_answers_that_are_too_large_together_cost_no_order_its_own(
    chain: LocalChain, contracts: MarketContracts, cats: Address
) -> None:
    odd = await hostile(chain, "a huge answer")
    orders = [selling(cats), selling(odd), buying(odd, odd), selling(cats, salt=2)]
    node = FakePickyNode(chain.anvil.url, REFUSES)
    async with node.serving() as url, RpcClient(CHAIN, [EndpointConfig(1, url)], max_reply=50_000) as rpc:
        good, token, wallet, last = await facts_of(EvmClient(rpc), contracts, orders)
    assert [(facts.held, facts.allowed) for facts in (good, token, wallet, last)] == [
        (1, ALL),
        (0, 0),
        (0, 0),
        (1, ALL),
    ]


async def test_a_node_that_is_down_is_no_fact(contracts: MarketContracts) -> None:
    async with RpcClient(CHAIN, [EndpointConfig(1, "http://127.0.0.1:9")]) as rpc:
        with pytest.raises(UpstreamUnavailableError):
            await facts_of(EvmClient(rpc), contracts, [selling(NOTHING)])


async def test_an_address_that_is_no_seaport_is_no_fact(client: EvmClient, contracts: MarketContracts) -> None:
    wrong = MarketContracts(SigningDomain(1, NOTHING), contracts.conduit_controller, contracts.conduits)
    with pytest.raises(UpstreamUnavailableError, match="Seaport"):
        await facts_of(client, wrong, [selling(NOTHING)])


@pytest.mark.parametrize("fault", ["none", "no such block", "no such contract"])
async def test_a_market_answers_if_its_seaport_does(
    chain: LocalChain, connect: Connect, registry_pool: asyncpg.Pool, market: Market, fault: str
) -> None:
    clients = await connect(chain)
    seed = ChainSeed(
        chain_id=CHAIN,
        name="Local",
        endpoints=(EndpointSeed(url=chain.anvil.url),),
        contracts=(
            ContractSeed(name="seaport", address=NOTHING if fault == "no such contract" else market.seaport),
            ContractSeed(name="conduit_controller", address=market.conduit_controller),
        ),
    )
    await register_chain(registry_pool, seed, local=True)
    clients.registry = ChainRegistry(registry_pool)
    asked = OrderInspector(clients).answers(CHAIN, block=10**9 if fault == "no such block" else "latest")
    if fault == "none":
        await asked
    else:
        with pytest.raises(UpstreamUnavailableError):
            await asked


async def test_the_contracts_of_a_market_are_those_of_the_registry(
    chain: LocalChain, connect: Connect, registry_pool: asyncpg.Pool, market: Market, contracts: MarketContracts
) -> None:
    clients = await connect(chain)
    with pytest.raises(NotFoundError):
        await OrderInspector(clients).facts(CHAIN, [selling(NOTHING)])
    rows = {"seaport": market.seaport, "conduit_controller": market.conduit_controller, "conduit": market.conduit}
    seed = ChainSeed(
        chain_id=CHAIN,
        name="Local",
        endpoints=(EndpointSeed(url=chain.anvil.url),),
        contracts=tuple(ContractSeed(name=name, address=address) for name, address in rows.items()),
    )
    await register_chain(registry_pool, seed, local=True)
    clients.registry = ChainRegistry(registry_pool)
    inspector = OrderInspector(clients)
    assert await inspector.contracts(CHAIN) == contracts
    assert await inspector.conduit_key(CHAIN) == KEY
    (facts,) = await inspector.facts(CHAIN, [selling(NOTHING)])
    assert facts.spender == contracts.conduits[0]
