"""Fixtures of the contract tests: the factory, some people, and collections of either kind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from functools import cache

import pytest

from steadymint.chain.nodes.client import EvmClient
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.stack.deploy import Deployment
from steadymint.stack.market import Market, open_market
from tests.contracts.harness import ERC721, ERC1155, NO_REF, Chain, Collection, CollectionInit, House
from tests.contracts.order_stage import EVERYTHING, Stage
from tests.contracts.seaport import ETHER, Seaport, checksum
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import CHAIN

MakeCollection = Callable[[CollectionInit], Collection]


@pytest.fixture
def house(chain: LocalChain) -> House:
    """The deployed factory. The chain under it is this worker's, as if new for each test."""
    return _house(chain.anvil.url, chain.contracts)


@cache
def _house(url: str, at: Deployment) -> House:
    """Kept, since web3 takes 20 ms to make an object of each contract."""
    return House.of(Chain(url), at.factory, at.implementation_erc721, at.implementation_erc1155)


@pytest.fixture
def evm(house: House) -> Chain:
    return house.chain


@pytest.fixture
async def market(chain: LocalChain) -> Market:
    """Seaport and what belongs to it, on this test's chain."""
    return await open_market(chain.anvil)


@pytest.fixture
def seaport(evm: Chain, market: Market) -> Seaport:
    return Seaport(evm, market)


@pytest.fixture
def owner(evm: Chain) -> str:
    return evm.accounts[1]


@pytest.fixture
def alice(evm: Chain) -> str:
    return evm.accounts[2]


@pytest.fixture
def bob(evm: Chain) -> str:
    return evm.accounts[3]


@pytest.fixture
def init(owner: str) -> CollectionInit:
    """A collection without any mint rule."""
    return CollectionInit(owner=owner)


@pytest.fixture(params=[ERC721, ERC1155], ids=["erc721", "erc1155"])
def kind(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def make(house: House, kind: int) -> MakeCollection:
    """Creates a collection of the kind under test."""
    return lambda init: Collection(kind, house.create(kind, init))


@pytest.fixture
def make721(house: House) -> MakeCollection:
    return lambda init: Collection(ERC721, house.create(ERC721, init))


@pytest.fixture
def make1155(house: House) -> MakeCollection:
    return lambda init: Collection(ERC1155, house.create(ERC1155, init))


@pytest.fixture
async def stage(
    chain: LocalChain, house: House, evm: Chain, market: Market, init: CollectionInit, owner: str
) -> AsyncIterator[Stage]:
    seller, bidder, dealer = evm.accounts[2:5]
    seaport = Seaport(evm, market)
    cats, prints = house.create(0, init), house.create(1, init)
    evm.send(cats.functions.airdrop(seller, 6, NO_REF), owner)
    evm.send(cats.functions.airdrop(dealer, 6, NO_REF), owner)
    evm.send(prints.functions.airdrop(seller, [4], [10], NO_REF), owner)
    evm.send(prints.functions.airdrop(dealer, [4], [50], NO_REF), owner)
    for account in (seller, bidder, dealer):
        evm.send(seaport.currency.functions.deposit(), account, (1000 if account == dealer else 30) * ETHER)
        for spender in (market.conduit, market.seaport):
            evm.send(seaport.currency.functions.approve(checksum(spender), EVERYTHING), account)
            for collection in (cats, prints):
                evm.send(collection.functions.setApprovalForAll(checksum(spender), True), account)
    async with RpcClient(CHAIN, [EndpointConfig(1, chain.anvil.url)]) as rpc:
        yield Stage(EvmClient(rpc), seaport, evm, cats, prints, seller, bidder, dealer)
