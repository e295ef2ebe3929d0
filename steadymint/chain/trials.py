"""Transactions that are tried at the head of a chain without being sent, alone or behind others that come first."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from steadymint.chain.nodes.client import EvmClient, from_hex, quantity
from steadymint.chain.nodes.errors import ExecutionRevertedError, ExecutionTooLongError, NodeRefusedError
from steadymint.chain.nodes.rpc import Call
from steadymint.chain.simulation import MAX_GAS, TIMEOUT
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.transactions import TxRequest
from steadymint.domain.types import ChainId
from steadymint.domain.upstreams import Upstream


class Untried(Enum):
    """A transaction that could not be tried."""

    BEHIND_OTHERS = "behind_others"
    """No node runs several in a row (`eth_simulateV1`), or one of those that come first was refused."""


Outcome = bytes | ExecutionRevertedError | Untried
"""What a transaction returned; or its revert."""


class Trials:
    """Tries transactions on the latest state, in a block of a time that the caller names. Share one per process.

    Nodes that take no time of the caller's (block overrides) are asked for the time of their latest block.
    """

    def __init__(self) -> None:
        self._without_time: set[ChainId] = set()

    async def run(
        self, client: EvmClient, txs: Sequence[TxRequest], before: Sequence[TxRequest], at: int
    ) -> list[Outcome]:
        """What becomes of each transaction, none of which sees another, behind those of `before`. All are of one chain.

        Raises InsufficientFundsError when the sender cannot pay the value, UpstreamUnavailableError when no node
        answers.
        """
        answers = await self._answers(client, txs, before, at)
        return [_read_several(one) if before else _read(one) for one in answers]

    async def gas(self, client: EvmClient, tx: TxRequest, at: int) -> int | None:
        """How much gas it needs. None if the node cannot measure it."""
        try:
            timed = tx.chain_id not in self._without_time
            return quantity(
                await client.rpc.call(*_call("eth_estimateGas", tx, at if timed else None), timeout=TIMEOUT)
            )
        except (ExecutionRevertedError, ExecutionTooLongError, NodeRefusedError, TypeError, ValueError):
            return None

    async def _answers(
        self, client: EvmClient, txs: Sequence[TxRequest], before: Sequence[TxRequest], at: int
    ) -> list[Any]:
        chain_id = txs[0].chain_id
        if before:
            return await _asked(client, [_several((*before, tx), at) for tx in txs])
        if chain_id not in self._without_time:
            answers = await _asked(client, [_call("eth_call", tx, at) for tx in txs])
            if not any(isinstance(answer, NodeRefusedError) for answer in answers):
                return answers
            self._without_time.add(chain_id)
        return await _asked(client, [_call("eth_call", tx, None) for tx in txs])


async def _asked(client: EvmClient, calls: Sequence[Call]) -> list[Any]:
    try:
        return await client.rpc.batch(calls, timeout=TIMEOUT)
    except NodeRefusedError as refused:
        return [refused] * len(calls)


def _call(method: str, tx: TxRequest, at: int | None) -> Call:
    # Unknown members of a block override are ignored by none and refused by some, so only the time is given.
    overrides = () if at is None else ({}, {"time": hex(at)})
    return method, (_request(tx), "latest", *overrides)


def _several(txs: Sequence[TxRequest], at: int) -> Call:
    block = {"blockOverrides": {"time": hex(at)}, "calls": [_request(tx) for tx in txs]}
    return "eth_simulateV1", ({"blockStateCalls": [block]}, "latest")


def _request(tx: TxRequest) -> dict[str, str]:
    return {"from": tx.from_, "to": tx.to, "data": tx.data, "value": hex(tx.value), "gas": hex(MAX_GAS)}


def _read(answer: Any) -> Outcome:
    if isinstance(answer, ExecutionRevertedError):
        return answer
    if isinstance(answer, SteadymintError):
        raise answer
    try:
        return from_hex(answer)
    except (TypeError, ValueError):
        raise _misshapen() from None


def _read_several(answer: Any) -> Outcome:
    """The outcome of the last one."""
    if isinstance(answer, NodeRefusedError):
        return Untried.BEHIND_OTHERS
    if isinstance(answer, SteadymintError):
        raise answer
    try:
        *first, last = answer[0]["calls"]
        if any(quantity(one["status"]) != 1 for one in first):
            return Untried.BEHIND_OTHERS
        if quantity(last["status"]) == 1:
            return from_hex(last["returnData"])
        return _reverted(last)
    except (TypeError, ValueError, KeyError, IndexError):
        raise _misshapen() from None


def _reverted(call: dict[str, Any]) -> ExecutionRevertedError:
    """Nodes put what the contract said into the error, or into what it returned."""
    error = ExecutionRevertedError()
    said = (call.get("error") or {}).get("data") or call.get("returnData")
    error.data = from_hex(said) if said else b""
    return error


def _misshapen() -> UpstreamUnavailableError:
    return UpstreamUnavailableError("The chain's node answered with something of another shape", upstream=Upstream.NODE)
