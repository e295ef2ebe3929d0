"""The proof that an endpoint serves our chain: its number and, if one is pinned, the hash of its first block."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import orjson

from steadymint.chain.nodes.endpoint import Endpoint
from steadymint.chain.nodes.errors import WrongChainError
from steadymint.chain.nodes.transport import Transport, parse_reply, result_of
from steadymint.domain.types import ChainId, chain_number

FIRST_BLOCKS: Final = (("0x0", "hash"), ("0x1", "parentHash"))
"""Block 1 names the first block, too: a restarted development node serves a new block 0, and only the parent of block 1
is the block that the chain was built on."""


class ChainProof:
    """Asks endpoints for the proof. These few calls are not taken from an endpoint's budget: work never waits for
    them, and they do not count as work."""

    def __init__(self, chain_id: ChainId, transport: Transport, genesis_hash: str | None) -> None:
        self._chain_id = chain_id
        self._number = chain_number(chain_id)
        self._transport = transport
        self._genesis_hash = genesis_hash
        self._proving: dict[Endpoint, asyncio.Lock] = {}

    async def demand(self, endpoint: Endpoint, seconds: float) -> None:
        """Return if the endpoint has proved its chain lately or proves it now. Many callers share one proof.

        Raises WrongChainError and what the transport raises.
        """
        if not endpoint.needs_verification():
            return
        async with self._proving.setdefault(endpoint, asyncio.Lock()):
            if not endpoint.needs_verification():
                return
            number, pinned = await _both(self._serves_number(endpoint, seconds), self._starts_at(endpoint, seconds))
            if not number:
                raise WrongChainError(f"{endpoint.name} does not serve {self._chain_id}")
            if not pinned:
                raise WrongChainError(f"{endpoint.name} serves another chain numbered like {self._chain_id}")
            endpoint.verified()

    async def _serves_number(self, endpoint: Endpoint, seconds: float) -> bool:
        return _int_or_none(await self._call(endpoint, "eth_chainId", (), seconds)) == self._number

    async def _starts_at(self, endpoint: Endpoint, seconds: float) -> bool:
        if self._genesis_hash is None:
            return True
        for number, member in FIRST_BLOCKS:
            block = await self._call(endpoint, "eth_getBlockByNumber", (number, False), seconds)
            if isinstance(block, dict) and block.get(member) == self._genesis_hash:
                return True
        return False

    async def _call(self, endpoint: Endpoint, method: str, params: Sequence[Any], seconds: float) -> Any:
        body = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        return result_of(parse_reply(await self._transport.post(endpoint, body, seconds)))


async def _both(one: Any, other: Any) -> tuple[bool, bool]:
    """Both answers, asked for at once: on a slow node a user waits for this. An error ends both."""
    tasks = [asyncio.ensure_future(one), asyncio.ensure_future(other)]
    try:
        first, second = await asyncio.gather(*tasks)
        return first, second
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _int_or_none(value: Any) -> int | None:
    try:
        return int(value, 16)
    except (TypeError, ValueError):
        return None
