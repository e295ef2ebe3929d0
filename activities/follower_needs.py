"""What following a transaction asks of others: the intent's row, the chain, the indexer, and being nudged by it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from steadymint.domain.intents import IntentError, IntentView, Record, Step, TxRequest
from steadymint.domain.transactions import SeenTransaction, TxState
from steadymint.domain.types import Address, BlockHash, Bytes32, ChainId, TxHash


class TrackedIntent(Record):
    """What the intent's row says about itself."""

    view: IntentView
    account: Address
    reference: Bytes32
    tx_request: TxRequest
    tx_hash: TxHash | None
    block_hash: BlockHash | None


class Passage(StrEnum):
    """How the indexer stands to a block."""

    AHEAD = "ahead"
    """The block is still ahead of it, or it has yet to settle what it saw there."""
    PASSED = "passed"
    ELSEWHERE = "elsewhere"
    """It has passed another block of that number: it has to come back, or the chain has left this one."""


class Intents(Protocol):
    async def tracked(self, intent_id: UUID) -> TrackedIntent:
        """Raises NotFoundError."""
        ...

    async def step(self, intent_id: UUID, to: Step, key: str, **changes: Any) -> IntentView | None:
        """Takes the step once for `key` and tells viewers; None where the state machine has no such edge, or `standing`
        or `bound_to` forbid it.

        Raises HashAlreadyTrackedError.
        """
        ...


class Chain(Protocol):
    async def inspect(self, chain_id: ChainId, tx_hash: TxHash) -> SeenTransaction | None:
        """The transaction as the node knows it, pending or mined. None if it knows none."""
        ...

    def follow(
        self, chain_id: ChainId, tx_hash: TxHash, sender: Address, nonce: int | None
    ) -> AbstractAsyncContextManager[AsyncIterator[TxState]]: ...

    async def revert_reason(self, chain_id: ChainId, tx_hash: TxHash) -> IntentError: ...

    async def same_call(self, chain_id: ChainId, sender: Address, nonce: int, tx: TxRequest) -> TxHash | None:
        """The hash that used the nonce if it made the very same call (a speed-up), else None.

        Raises UpstreamUnavailableError where no node can say.
        """
        ...


class Index(Protocol):
    async def passage(
        self, chain_id: ChainId, block_number: int, block_hash: BlockHash | None, reference: Bytes32
    ) -> Passage:
        """`PASSED` once the indexer has committed the block (where no hash is given, any of this number) and has no
        sighting of the reference left to settle."""
        ...


class Nudges(Protocol):
    async def wait(self, intent_id: UUID, timeout: float) -> bool:
        """Until the indexer has settled the intent (True) or `timeout` seconds are over (False)."""
        ...
