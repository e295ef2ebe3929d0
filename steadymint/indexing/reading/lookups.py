"""What a log does not say of its transaction and its accounts, and a node does. Nobody waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eth_utils.address import is_hex_address

from steadymint.chain.nodes.errors import NodeRefusedError
from steadymint.chain.nodes.rpc import BACKGROUND_TIMEOUT
from steadymint.domain.errors import SteadymintError
from steadymint.indexing.reading.block_logs import Rpc


class Lookups:
    """Of one chain. Each method asks in batches, with as many calls as it is given values. It leaves out what no
    node answered, and gives None for what the nodes do not know or do not tell. It raises only if nothing is answered.
    """

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc

    async def to_spare(self, calls: int) -> int:
        """How many calls, up to so many, may be sent now: reading needs the others."""
        return await self._rpc.take_spare(calls)

    async def senders(self, hashes: Sequence[str]) -> dict[str, str | None]:
        """Who sent each of these transactions."""
        return {
            hash_: _address(answer.get("from")) if isinstance(answer, dict) else None
            for hash_, answer in await self._answers("eth_getTransactionByHash", [(hash_,) for hash_ in hashes])
        }

    async def have_code(self, accounts: Sequence[str]) -> dict[str, bool | None]:
        """Whether each of these accounts has code now: a contract, a contract wallet, or an account that delegates to
        one (EIP-7702)."""
        return {
            account: answer != "0x" if isinstance(answer, str) else None
            for account, answer in await self._answers("eth_getCode", [(account, "latest") for account in accounts])
        }

    async def _answers(self, method: str, params: Sequence[tuple[str, ...]]) -> list[tuple[str, Any]]:
        """By the first parameter."""
        if not params:
            return []
        answers = await self._rpc.batch([(method, given) for given in params], timeout=BACKGROUND_TIMEOUT)
        return [
            (given[0], answer)
            for given, answer in zip(params, answers, strict=True)
            if not isinstance(answer, SteadymintError) or isinstance(answer, NodeRefusedError)
        ]


def _address(value: Any) -> str | None:
    return value.lower() if isinstance(value, str) and is_hex_address(value) else None
