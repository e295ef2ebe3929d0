"""The checks of a chain's addresses before they are registered, and of its endpoints: what a file names is a claim."""

from __future__ import annotations

from typing import Final

from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.errors import WrongChainError
from steadymint.chain.nodes.head_source import websocket_chain
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.service_urls import address_of, host_of, is_inner_name
from steadymint.domain.types import ChainId, chain_number
from steadymint.outbound.addresses import is_public

TIMEOUT: Final = 10.0
"""Seconds for one node."""


def check_is_public(url: str) -> None:
    """Raises ValueError if the text of a parsed URL says that its host is not on the public internet.

    A name may still lead inwards. Connections to endpoints that are not local look at the address itself.
    """
    host = host_of(url)
    address = address_of(host)
    if is_inner_name(host) if address is None else not is_public(address):
        raise ValueError("the host is not on the public internet")


async def check_serves(chain_id: ChainId, genesis_hash: str | None, config: EndpointConfig) -> None:
    """Ask the endpoint, and its websocket if it has one, for the chain that they serve.

    Raises WrongChainError; UpstreamUnavailableError if there is no answer, or the host is not public and must be.
    """
    async with RpcClient(chain_id, [config], genesis_hash=genesis_hash, timeout=TIMEOUT) as rpc:
        await rpc.call("eth_chainId")  # the client has compared it, and the first block, before it asks anything
    if config.ws_url is not None and await websocket_chain(config) != chain_number(chain_id):
        raise WrongChainError("the websocket serves another chain")
