"""An order is the input of a flow: who asks, for which intent, and what is to be done.

Orders are in workflow history, so they hold no secret: no token, no signature, no URL of a node.
"""

from __future__ import annotations

from typing import Generic, Literal, TypeVar
from uuid import UUID

from pydantic import Field

from steadymint.domain.record import Record
from steadymint.domain.types import Address, ChainId, TxHash


class Caller(Record):
    """The user of a request, as the session proves it."""

    user_id: UUID
    session_id: UUID | None = None
    """Absent in a reopened flow: nobody is asking."""
    account: Address


class Terms(Record):
    """What is to be prepared. Each kind has its own terms."""

    task: Literal["prepare"] = "prepare"

    def summary(self) -> str:
        """What the flow does, in a few words, for the list in the Temporal UI."""
        raise NotImplementedError

    def collection(self) -> Address | None:
        """The collection that it is about, if that exists already: a search attribute."""
        return None


class Reopened(Record):
    """Why a closed flow runs again: its transaction landed after all, its block left the chain, or its transaction was
    reported after the deadline."""

    task: Literal["reopen"] = "reopen"
    reason: Literal["landed", "reorged", "reported"]
    tx_hash: TxHash


K = TypeVar("K", bound=str)
T = TypeVar("T", bound=Terms)


class Order(Record, Generic[K, T]):
    """Base of the orders. Each kind has its own, which states its `kind` and its terms."""

    kind: K
    """The value of its `IntentKind`."""
    intent_id: UUID
    chain_id: ChainId
    caller: Caller
    request_hash: str
    """SHA-256 of the canonical request, by which a reused Idempotency-Key is told from a repeated request."""
    idempotency_key: str | None = None
    deadline_seconds: int
    task: T | Reopened = Field(discriminator="task")

    @property
    def terms(self) -> T:
        """What is to be prepared. Raises ValueError in a reopened flow, which has nothing to prepare."""
        if isinstance(self.task, Reopened):
            raise ValueError("a reopened flow prepares nothing")
        return self.task
