"""One follow: the state of one waiter's transaction, and the changes that the waiter has not read yet."""

from __future__ import annotations

import asyncio

from steadymint.chain.nodes.client import Receipt
from steadymint.domain.transactions import Deep, Mined, NonceUsed, Pending, Reorged, TxState
from steadymint.domain.types import Address, BlockHash, TxHash


class Follow:
    """The follow of one transaction by one waiter. Its methods take what the chain shows. Its iterator gives the
    changes."""

    def __init__(self, tx_hash: TxHash, sender: Address, nonce: int | None) -> None:
        self.tx_hash = tx_hash
        self.sender = sender
        self.nonce = nonce
        self.found: Receipt | None = None
        self.ended = False
        self.doubted = False
        """A reorg came after the receipt, and the headers do not show whether the receipt's block is still there."""
        self.asked_at: BlockHash | None = None
        """The head at which the receipt was last asked for."""
        self.nonce_asked_at: BlockHash | None = None
        self.nonce_asked = 0
        self._told = False
        self._states: asyncio.Queue[TxState] = asyncio.Queue()

    def __aiter__(self) -> Follow:
        return self

    async def __anext__(self) -> TxState:
        """Each state once; the iterator ends after `Deep` or `NonceUsed`. It is no generator, because a cancelled wait
        (a timeout) would end a generator."""
        if self.ended and self._states.empty():
            raise StopAsyncIteration
        return await self._states.get()

    def missing(self) -> None:
        """There is no receipt."""
        if self.found is None:
            self._first_pending()
        elif self.doubted:
            self.lost()

    def unsettled(self) -> None:
        """There is a receipt in a block that our chain does not have now."""
        self._first_pending()

    def seen(self, receipt: Receipt, confirmations: int) -> None:
        """The receipt is in a block of the chain, with that many confirmations."""
        self.doubted = False
        if self.found is not None:
            if self.found.block_hash == receipt.block_hash:
                return
            self.lost()
        self.found = receipt
        self._tell(Mined(receipt.block_number, receipt.block_hash, receipt.succeeded, confirmations))

    def deep(self, receipt: Receipt) -> None:
        """The receipt is N confirmations deep."""
        self._end(Deep(receipt.block_number, receipt.block_hash, receipt.succeeded))

    def nonce_used(self, block_number: int) -> None:
        """Another transaction used the nonce, N confirmations deep."""
        assert self.nonce is not None
        self._end(NonceUsed(self.nonce, block_number))

    def doubt(self) -> None:
        """A reorg happened."""
        self.doubted = self.found is not None

    def lost(self) -> None:
        """The transaction's block left the chain."""
        if self.found is not None:
            gone, self.found = self.found, None
            self.doubted = False
            self.asked_at = None
            self._tell(Reorged(gone.block_number, gone.block_hash))

    def _first_pending(self) -> None:
        if not self._told:
            self._tell(Pending())

    def _tell(self, state: TxState) -> None:
        self._told = True
        self._states.put_nowait(state)

    def _end(self, state: TxState) -> None:
        self._tell(state)
        self.ended = True
