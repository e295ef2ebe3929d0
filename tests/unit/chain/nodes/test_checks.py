"""What a file says about a chain's nodes is a claim: the addresses and the nodes themselves are asked."""

from __future__ import annotations

from ipaddress import ip_address

import asyncpg
import pytest

from migrations.seed import ChainSeed, EndpointSeed, register_chain
from steadymint.chain.nodes.checks import check_is_public, check_serves
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.errors import WrongChainError
from steadymint.chain.nodes.head_source import websocket_chain
from steadymint.chain.nodes.registry import ChainRegistry
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.outbound import gate
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import CHAIN
from tests.unit.chain.fakes import SECRET, FakeNode, echo, fake_node

INNER = [
    "http://127.0.0.1:8545",
    "http://10.1.2.3",
    "http://192.168.0.1",
    "http://169.254.169.254/latest",
    "http://100.100.100.200",
    "http://0.0.0.0:8545",
    "http://[::1]:8545",
    "http://[::ffff:127.0.0.1]",
    "http://[fd00::1]",
    "http://[fe80::1]",
    "http://localhost:8545",
    "http://anvil:8545",
    "ws://node.internal",
]


@pytest.mark.parametrize("url", INNER)
def test_an_address_on_our_own_network_is_not_public(url: str) -> None:
    with pytest.raises(ValueError, match="not on the public internet"):
        check_is_public(url)


@pytest.mark.parametrize("url", ["https://node.example/v2/key", "http://8.8.8.8:8545", "wss://[2606:4700::1111]"])
def test_a_public_address_is(url: str) -> None:
    check_is_public(url)


@pytest.fixture
def inward(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name leads to this machine, as a name server of somebody else may say at any time."""
    monkeypatch.setattr(gate, "_addresses_of", lambda _: [ip_address("127.0.0.1")])


def named(node: FakeNode, host: str) -> str:
    return node.url.replace("127.0.0.1", host)


@pytest.mark.usefixtures("inward")
@pytest.mark.parametrize("host", ["127.0.0.1", "node.example"])
async def test_an_endpoint_that_is_not_local_is_never_connected_to_at_an_inner_address(
    registry_pool: asyncpg.Pool, host: str
) -> None:
    """Whatever was checked when it was registered, and whoever has changed the row since."""
    await registry_pool.execute("delete from chain_registry_service.chains")
    async with fake_node(echo) as node:
        seed = ChainSeed(chain_id=CHAIN, name="Local", endpoints=(EndpointSeed(url=named(node, host)),))
        await register_chain(registry_pool, seed)
        clients = ChainClients(ChainRegistry(registry_pool))
        with pytest.raises(UpstreamUnavailableError) as refused:
            await (await clients.of(CHAIN)).rpc.call("echo", ["x"])
        await clients.close()
        assert node.hits == 0
    assert SECRET not in str(refused.value.detail)


async def test_a_local_endpoint_is_connected_to(registry_pool: asyncpg.Pool) -> None:
    await registry_pool.execute("delete from chain_registry_service.chains")
    async with fake_node(echo) as node:
        seed = ChainSeed(chain_id=CHAIN, name="Local", endpoints=(EndpointSeed(url=node.url),))
        await register_chain(registry_pool, seed, local=True)
        clients = ChainClients(ChainRegistry(registry_pool))
        assert await (await clients.of(CHAIN)).rpc.call("echo", ["x"]) == "x"
        await clients.close()


@pytest.mark.usefixtures("inward")
async def test_a_websocket_that_is_not_local_is_never_connected_to_at_an_inner_address(chain: LocalChain) -> None:
    for host in ("127.0.0.1", "node.example"):
        url = chain.anvil.ws_url.replace("127.0.0.1", host)
        config = EndpointConfig(1, chain.anvil.url, url, public_only=True)
        with pytest.raises(UpstreamUnavailableError, match="websocket"):
            await websocket_chain(config)


async def test_a_node_and_its_websocket_are_asked_for_their_chain(chain: LocalChain) -> None:
    await check_serves(CHAIN, None, EndpointConfig(1, chain.anvil.url, chain.anvil.ws_url))
    async with fake_node(echo, chain_number=1) as other:
        with pytest.raises(WrongChainError):
            await check_serves(CHAIN, None, EndpointConfig(1, other.url))
        dead = EndpointConfig(1, chain.anvil.url, other.url.replace("http", "ws"))
        with pytest.raises(UpstreamUnavailableError, match="websocket"):
            await check_serves(CHAIN, None, dead)
    with pytest.raises(WrongChainError):
        await check_serves(CHAIN, "0x" + "77" * 32, EndpointConfig(1, chain.anvil.url))
