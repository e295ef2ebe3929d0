"""Chains, as the following activity sees them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

from steadymint.chain.client import ChainClients
from steadymint.chain.errors import ExecutionRevertedError, UnknownBlockError
from steadymint.chain.heads import HeadTrackers
from steadymint.chain.reverts import Currency, explain
from steadymint.domain.errors import CallRevertedError
from steadymint.domain.intents import IntentError, TxRequest
from steadymint.domain.transactions import SeenTransaction, TxState
from steadymint.domain.types import Address, ChainId, TxHash

REPLACED_WITHIN = 64
"""Blocks searched, newest first, for the transaction that used a nonce. Wallets speed up within minutes; one that took
longer still counts when the indexer sees its intent's reference."""


class FollowedChains:
    """The Protocol `Chain` of following."""

    def __init__(self, clients: ChainClients, trackers: HeadTrackers) -> None:
        self._clients = clients
        self._trackers = trackers

    async def inspect(self, chain_id: ChainId, tx_hash: TxHash) -> SeenTransaction | None:
        return await self._trackers.of(chain_id).inspect(tx_hash)

    def follow(
        self, chain_id: ChainId, tx_hash: TxHash, sender: Address, nonce: int | None
    ) -> AbstractAsyncContextManager[AsyncIterator[TxState]]:
        return self._trackers.of(chain_id).follow(tx_hash, sender, nonce)

    async def revert_reason(self, chain_id: ChainId, tx_hash: TxHash) -> IntentError:
        """Runs the reverted call again on the state before its block: receipts do not say why."""
        client = await self._clients.of(chain_id)
        chain = await self._clients.registry.get(chain_id)
        (seen,) = await client.transactions([tx_hash])
        error = IntentError(code=CallRevertedError.code, detail="The contract refused the transaction")
        if seen is None or seen.block_number is None:
            return error
        try:
            await client.call(
                seen.to, seen.data, from_=seen.sender, value=seen.value, block=max(0, seen.block_number - 1)
            )
        except ExecutionRevertedError as reverted:
            refusal = explain(reverted.data, Currency(chain.native_symbol, chain.decimals))
            return IntentError(
                code=CallRevertedError.code,
                detail=refusal.sentence,
                reason=refusal.name or None,
                arguments=dict(refusal.arguments) or None,
            )
        return error

    async def same_call(self, chain_id: ChainId, sender: Address, nonce: int, tx: TxRequest) -> TxHash | None:
        """The hash of the transaction that used the nonce, if it made the very same call.

        The block is found by bisection over the sender's nonce: seven questions, not sixty-four blocks.
        """
        client = await self._clients.of(chain_id)
        newest = await client.block_number()
        oldest = max(0, newest - REPLACED_WITHIN)
        if await client.transaction_count(sender, oldest) > nonce:
            return None
        while oldest + 1 < newest:
            middle = (oldest + newest) // 2
            if await client.transaction_count(sender, middle) > nonce:
                newest = middle
            else:
                oldest = middle
        try:
            candidates = await client.block_transactions(newest)
        except UnknownBlockError:
            return None
        return next((seen.tx_hash for seen in candidates if _is_the_call(seen, sender, nonce, tx)), None)


def _is_the_call(seen: SeenTransaction, sender: Address, nonce: int, tx: TxRequest) -> bool:
    same_slot = (seen.sender, seen.nonce) == (sender, nonce)
    return same_slot and (seen.to, seen.data, seen.value) == (tx.to, tx.data, tx.value)
