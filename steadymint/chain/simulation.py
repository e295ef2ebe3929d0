"""Try the very transaction before the user pays for it: `eth_call` with its sender, target, calldata and value."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from steadymint.chain.calls.reverts import Currency, Refusal, explain
from steadymint.chain.nodes.client import ChainClients, EvmClient
from steadymint.chain.nodes.errors import ExecutionRevertedError, NodeRefusedError
from steadymint.domain.errors import CallRevertedError, NotEligibleError
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import ChainId

TIMEOUT: Final = 5.0
"""Seconds; a user is waiting for the answer."""
MAX_GAS: Final = 1 << 24
"""What a transaction may use at most (EIP-7825). Without it a receiver that loops in its own hook would run for as long
as the node bears, and what the node does not bear counts as an outage of the node."""


class Simulator:
    """Runs prepared transactions without sending them.

    The call runs on the latest state at the present time, not at the latest block's: on a quiet chain that block may
    be an hour old, and a mint that has opened since would be refused. Nodes that take no time of the caller's
    (block overrides) are asked plainly.
    """

    def __init__(self, clients: ChainClients, now: Callable[[], float] = time.time) -> None:
        self._clients = clients
        self._now = now
        self._without_time: set[ChainId] = set()

    async def simulate(self, tx: TxRequest) -> None:
        """Return if the chain would accept `tx` now.

        Raises NotEligibleError (`reason`, `arguments`) when a rule of the mint says no, InsufficientFundsError when
        the sender cannot pay the value, CallRevertedError for any other refusal, UpstreamUnavailableError when no
        node answers.
        """
        try:
            await self._call(tx)
        except ExecutionRevertedError as reverted:
            chain = await self._clients.registry.get(tx.chain_id)
            refusal = explain(reverted.data, Currency(chain.native_symbol, chain.decimals))
            raise as_error(refusal) from None

    async def _call(self, tx: TxRequest) -> None:
        client = await self._clients.of(tx.chain_id)
        if tx.chain_id in self._without_time:
            await _eth_call(client, tx)
            return
        try:
            # Unknown members of a block override are ignored by none and refused by some, so only the time is given.
            await _eth_call(client, tx, {}, {"time": hex(int(self._now()))})
        except NodeRefusedError:
            await _eth_call(client, tx)
            self._without_time.add(tx.chain_id)
        except ExecutionRevertedError as reverted:
            if explain(reverted.data).name != "MintNotStarted":
                raise
            await _eth_call(client, tx)  # a chain whose clock runs ahead of ours has the last word


def as_error(refusal: Refusal) -> CallRevertedError:
    """The error that says `refusal` to the caller."""
    kind = NotEligibleError if refusal.is_rule else CallRevertedError
    return kind(refusal.sentence, reason=refusal.name, arguments=refusal.arguments)


async def _eth_call(client: EvmClient, tx: TxRequest, *overrides: dict[str, Any]) -> None:
    request = {"from": tx.from_, "to": tx.to, "data": tx.data, "value": hex(tx.value), "gas": hex(MAX_GAS)}
    await client.rpc.call("eth_call", (request, "latest", *overrides), timeout=TIMEOUT)
