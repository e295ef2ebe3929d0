"""What following a transaction asks of others: the intent's row, the chain, the indexer, and its nudges."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from activities.following.lookout import Waits
from activities.notices import Notices
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.rows import Effects, IntentRow
from steadymint.domain.intents.view import IntentError, IntentView
from steadymint.domain.transactions import BlockState, SeenTransaction, TxState
from steadymint.domain.types import Address, BlockHash, Bytes32, ChainId, IntentId, TxHash


class Rows(Protocol):
    async def get(self, intent_id: IntentId) -> IntentRow:
        """Raises NotFoundError."""
        ...


class Recorder(Protocol):
    async def step(self, intent_id: IntentId, to: Step, key: str, **changes: Any) -> IntentView | None:
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

    async def fulfilment(self, intent: IntentRow, tx_hash: TxHash, block_hash: BlockHash) -> Effects | None:
        """What has come of an intent that is settled by receipt, from the logs of the transaction in this block. None
        if they do not show it fulfilled.

        Raises UpstreamUnavailableError if no node can say, also while the node has the transaction elsewhere.
        """
        ...

    async def user_of_nonce(self, chain_id: ChainId, sender: Address, nonce: int) -> SeenTransaction | None:
        """The mined transaction that used the nonce. None if the node no longer keeps the states around it.

        Raises UpstreamUnavailableError if no node can say.
        """
        ...


class Index(Protocol):
    async def block_state(
        self, chain_id: ChainId, block_number: int, block_hash: BlockHash | None, match_key: Bytes32
    ) -> BlockState:
        """`PASSED` once the indexer has committed the block (where no hash is given, any of this number) and has no
        sighting under the key left to settle."""
        ...


class Nudges(Protocol):
    async def wait(self, intent_id: UUID, timeout: float) -> IntentView | None:
        """Until the intent has ended (its row as it then is) or `timeout` seconds are over (None)."""
        ...


@dataclass(frozen=True, slots=True)
class FollowingNeeds:
    """All of it."""

    rows: Rows
    recorder: Recorder
    chain: Chain
    index: Index
    nudges: Nudges
    waits: Waits
    notices: Notices
