"""Try the very transaction before the user pays for it, with its sender, target, calldata and value, and measure its
gas."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from steadymint.chain.calls.reverts import Currency, DecodedRevert, explain
from steadymint.chain.nodes.client import ChainClients, EvmClient, quantity
from steadymint.chain.nodes.errors import ExecutionRevertedError, ExecutionTooLongError, NodeRefusedError
from steadymint.domain.errors import CallRevertedError, NotEligibleError
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import ChainId

TIMEOUT: Final = 5.0
"""Seconds; a user is waiting for the answer."""
MAX_GAS: Final = 1 << 24
"""What a transaction may use at most (EIP-7825). Without it a receiver that loops in its own hook would run for as long
as the node bears, and what the node does not bear counts as an outage of the node."""
MARGIN: Final = 5
"""A fifth is added to the measured gas. Other mints may come first and change what this one costs, and what a
receiver's hook does is up to the receiver."""
FIRST_WRITE: Final = 22_100
"""Gas of writing a slot that is empty (EIP-2929), and added to the measured gas as well. A slot may hold a value when
the gas is measured and be empty when the transaction is mined, and a fifth of a small mint would not pay for that."""


class Simulator:
    """Runs prepared transactions without sending them.

    They run on the latest state at the present time, not at the latest block's: on a quiet chain that block may be an
    hour old, and a mint that has opened since would be refused. Nodes that take no time of the caller's (block
    overrides) are asked plainly.
    """

    def __init__(self, clients: ChainClients, now: Callable[[], float] = time.time) -> None:
        self._clients = clients
        self._now = now
        self._without_time: set[tuple[ChainId, str]] = set()

    async def simulate(self, tx: TxRequest) -> TxRequest:
        """`tx` with its gas limit, if the chain would accept it now. The gas limit is left out if the node cannot
        measure it.

        Raises NotEligibleError (`reason`, `arguments`) when a rule of the mint says no, InsufficientFundsError when
        the sender cannot pay the value, CallRevertedError for any other refusal, UpstreamUnavailableError when no
        node answers.
        """
        client = await self._clients.of(tx.chain_id)
        gas = await self._measured_now(client, tx)
        if gas is None:
            await self._judge(client, tx)
            gas = await self._measured(client, tx)
        return tx if gas is None else tx.model_copy(update={"gas": with_margin(gas)})

    async def _measured_now(self, client: EvmClient, tx: TxRequest) -> int | None:
        """The gas at the present time: a transaction that uses it is accepted, so one call is enough. None if the node
        does not say."""
        if (tx.chain_id, "eth_estimateGas") in self._without_time:
            return None
        try:
            return await self._measured(client, tx, *self._present())
        except NodeRefusedError:
            self._without_time.add((tx.chain_id, "eth_estimateGas"))
            return None

    async def _measured(self, client: EvmClient, tx: TxRequest, *overrides: dict[str, Any]) -> int | None:
        """None if it reverts or takes too long. Raises NodeRefusedError for overrides that the node does not take."""
        try:
            return _gas(await _ask(client, "eth_estimateGas", tx, *overrides))
        except (ExecutionRevertedError, ExecutionTooLongError):
            return None
        except NodeRefusedError:
            if overrides:
                raise
            return None

    async def _judge(self, client: EvmClient, tx: TxRequest) -> None:
        """Returns if the chain accepts the transaction, raises as `simulate` does."""
        try:
            await self._call(client, tx)
        except ExecutionRevertedError as reverted:
            chain = await self._clients.registry.get(tx.chain_id)
            refusal = explain(reverted.data, Currency(chain.native_symbol, chain.decimals))
            raise as_error(refusal) from None

    async def _call(self, client: EvmClient, tx: TxRequest) -> None:
        if (tx.chain_id, "eth_call") in self._without_time:
            await _ask(client, "eth_call", tx)
            return
        try:
            await _ask(client, "eth_call", tx, *self._present())
        except NodeRefusedError:
            await _ask(client, "eth_call", tx)
            self._without_time.add((tx.chain_id, "eth_call"))
        except ExecutionRevertedError as reverted:
            if explain(reverted.data).name != "MintNotStarted":
                raise
            await _ask(client, "eth_call", tx)  # the clock of the chain may be ahead of ours, so the chain decides

    def _present(self) -> tuple[dict[str, Any], dict[str, Any]]:
        # Unknown members of a block override are ignored by none and refused by some, so only the time is given.
        return {}, {"time": hex(int(self._now()))}


def with_margin(measured: int) -> int:
    """The gas limit for a transaction that has just used `measured` gas."""
    return min(measured + measured // MARGIN + FIRST_WRITE, MAX_GAS)


def as_error(revert: DecodedRevert) -> CallRevertedError:
    """The error that tells the caller of the revert."""
    kind = NotEligibleError if revert.is_rule else CallRevertedError
    return kind(revert.sentence, reason=revert.name, arguments=revert.arguments)


def _gas(answer: Any) -> int | None:
    try:
        return quantity(answer)
    except (TypeError, ValueError):
        return None


async def _ask(client: EvmClient, method: str, tx: TxRequest, *overrides: dict[str, Any]) -> Any:
    request = {"from": tx.from_, "to": tx.to, "data": tx.data, "value": hex(tx.value), "gas": hex(MAX_GAS)}
    return await client.rpc.call(method, (request, "latest", *overrides), timeout=TIMEOUT)
