"""One chain and one factory per test process; every test gets the chain back as it was."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from steadymint.stack.anvil import Anvil
from tests.contracts.harness import ERC721, ERC1155, Chain, Collection, CollectionInit, House

NODE_DIR = Path(__file__).parents[2] / ".steadymint" / "node"

MakeCollection = Callable[[CollectionInit], Collection]


@pytest.fixture(scope="session")
async def anvil_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    node = Anvil(tmp_path_factory.mktemp("anvil") / "data", NODE_DIR, persist=False)
    await node.start()
    try:
        yield node.url
    finally:
        await node.stop()


@pytest.fixture(scope="session")
def _house(anvil_url: str) -> House:
    return House.build(Chain(anvil_url))


@pytest.fixture
def house(_house: House) -> Iterator[House]:
    snapshot = _house.chain.rpc("evm_snapshot")
    yield _house
    _house.chain.rpc("evm_revert", snapshot)


@pytest.fixture
def chain(house: House) -> Chain:
    return house.chain


@pytest.fixture
def owner(chain: Chain) -> str:
    return chain.accounts[1]


@pytest.fixture
def alice(chain: Chain) -> str:
    return chain.accounts[2]


@pytest.fixture
def bob(chain: Chain) -> str:
    return chain.accounts[3]


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
