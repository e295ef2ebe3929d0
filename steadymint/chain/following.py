"""Everything the follower of an intent asks of a chain. What `activities.following` calls a chain."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from steadymint.chain.calls.abi import EmittedLog
from steadymint.chain.calls.reverts import Currency, explain
from steadymint.chain.calls.table import RECEIPT_PROOFS
from steadymint.chain.nodes.client import ChainClients, EvmClient, Receipt, block_ref, quantity
from steadymint.chain.nodes.errors import (
    ExecutionRevertedError,
    MethodUnsupportedError,
    NodeRefusedError,
    UnknownBlockError,
)
from steadymint.chain.nodes.heads import HeadTrackers
from steadymint.domain.errors import IntentErrorCode, SteadymintError, UpstreamUnavailableError
from steadymint.domain.intents.rows import Effects, IntentRow
from steadymint.domain.intents.view import IntentError
from steadymint.domain.transactions import SeenTransaction, TxState
from steadymint.domain.types import Address, BlockHash, ChainId, TxHash
from steadymint.domain.upstreams import Upstream

REVERTED: Final = IntentErrorCode.CALL_REVERTED
"""The `code` of an intent whose transaction was mined and reverted."""


class TransactionFollower:
    """Follows transactions of all chains. Share one per process."""

    def __init__(self, clients: ChainClients, trackers: HeadTrackers) -> None:
        self._clients = clients
        self._trackers = trackers

    async def inspect(self, chain_id: ChainId, tx_hash: TxHash) -> SeenTransaction | None:
        """The transaction as the node knows it, pending or mined; None if it knows none."""
        return await self._trackers.of(chain_id).inspect(tx_hash)

    def follow(
        self, chain_id: ChainId, tx_hash: TxHash, sender: Address, nonce: int | None
    ) -> AbstractAsyncContextManager[AsyncIterator[TxState]]:
        """See `HeadTracker.follow`."""
        return self._trackers.of(chain_id).follow(tx_hash, sender, nonce)

    async def revert_reason(self, chain_id: ChainId, tx_hash: TxHash) -> IntentError:
        """Why a mined transaction reverted, found by calling it again on the states around its block.

        The node does not keep the reason. Its own state lay between that before the block and that after it: what
        changed within the block (the last token sold) shows in the latter. Raises UpstreamUnavailableError.
        """
        client = await self._clients.of(chain_id)
        chain = await self._clients.registry.get(chain_id)
        transaction, receipt = await _transaction_and_receipt(client, tx_hash)
        if transaction is None or receipt is None:
            return IntentError(code=REVERTED, detail="The transaction was reverted.")
        block = quantity(receipt["blockNumber"])
        for state in (block - 1, block):
            data = await _revert_data(client, transaction, state)
            if data is not None:
                refusal = explain(data, Currency(chain.native_symbol, chain.decimals))
                return IntentError(
                    code=REVERTED, detail=refusal.sentence, reason=refusal.name or None, arguments=refusal.arguments
                )
        if quantity(receipt["gasUsed"]) >= quantity(transaction["gas"]):
            return IntentError(code=REVERTED, detail="The transaction ran out of gas.", reason="OutOfGas")
        return IntentError(code=REVERTED, detail="The transaction was reverted.")

    async def fulfilment(self, intent: IntentRow, tx_hash: TxHash, block_hash: BlockHash) -> Effects | None:
        """What has come of an intent that is settled by receipt, from the logs of the transaction in this block. None
        if they do not show it fulfilled.

        Raises UpstreamUnavailableError if no node can say, also while the node has the transaction elsewhere.
        """
        client = await self._clients.of(intent.chain_id)
        (receipt,) = await client.receipts([tx_hash])
        if receipt is None or receipt.block_hash != block_hash:
            raise UpstreamUnavailableError(
                "The chain's node has the transaction in another block", upstream=Upstream.NODE
            )
        return RECEIPT_PROOFS[intent.kind].read(intent.facts, emitted_logs(receipt))

    async def user_of_nonce(self, chain_id: ChainId, sender: Address, nonce: int) -> SeenTransaction | None:
        """The mined transaction with `sender`'s `nonce`. None if the node no longer keeps the states around it.

        Found by halving the blocks between "not used" and "used". Raises UpstreamUnavailableError if no node can say.
        """
        client = await self._clients.of(chain_id)
        used = await client.block_number()
        if await client.transaction_count(sender, used) <= nonce:
            raise UpstreamUnavailableError(
                "The chain's node has not come as far as the transaction that took the nonce", upstream=Upstream.NODE
            )
        unused = await _block_before(client, sender, nonce, used)
        if unused is None:
            return None
        while used - unused > 1:
            middle = (used + unused) // 2
            if await client.transaction_count(sender, middle) > nonce:
                used = middle
            else:
                unused = middle
        mined = await client.block_transactions(used)
        return next((seen for seen in mined if (seen.sender, seen.nonce) == (sender, nonce)), None)


def emitted_logs(receipt: Receipt) -> list[EmittedLog]:
    """The logs of a receipt. Raises UpstreamUnavailableError for those of another shape."""
    try:
        return [EmittedLog(Address(log["address"].lower()), tuple(log["topics"]), log["data"]) for log in receipt.logs]
    except (TypeError, KeyError, AttributeError):
        raise UpstreamUnavailableError(
            "The chain's node answered with something of another shape", upstream=Upstream.NODE
        ) from None


async def _block_before(client: EvmClient, sender: Address, nonce: int, used: int) -> int | None:
    """A block after which the nonce was still free, looked for in ever wider steps back from `used`.

    None if it lies further back than the node keeps states: a replacement is noticed N blocks deep, so only after an
    outage of hours.
    """
    step = 1
    while True:
        block = max(used - step, 0)
        try:
            if await client.transaction_count(sender, block) <= nonce:
                return block
        except (UnknownBlockError, NodeRefusedError):
            return None
        if block == 0:
            return None
        step *= 2


async def _transaction_and_receipt(client: EvmClient, tx_hash: TxHash) -> tuple[Any, Any]:
    found = await client.rpc.batch(
        [("eth_getTransactionByHash", (tx_hash,)), ("eth_getTransactionReceipt", (tx_hash,))]
    )
    for answer in found:
        if isinstance(answer, SteadymintError):
            raise answer
    transaction, receipt = found
    return transaction, receipt


async def _revert_data(client: EvmClient, transaction: Any, block: int) -> bytes | None:
    """What the transaction returns when it reverts on the state after `block`; None if it does not revert there."""
    request = {key: transaction[key] for key in ("from", "to", "value", "gas")} | {"data": transaction["input"]}
    try:
        await client.rpc.call("eth_call", ({k: v for k, v in request.items() if v is not None}, block_ref(block)))
    except ExecutionRevertedError as reverted:
        return reverted.data
    except (UnknownBlockError, MethodUnsupportedError):  # pruned; the other state may be there
        return None
    except UpstreamUnavailableError:
        raise
    except SteadymintError:  # the sender's balance has changed
        return None
    return None
