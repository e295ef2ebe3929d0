"""What the import of a foreign collection is told and what it answers. All of it is in workflow history."""

from __future__ import annotations

from typing import Final, Literal
from uuid import UUID

from steadymint.domain.outcome import Outcome, Refusal
from steadymint.domain.record import Record
from steadymint.domain.types import Address, ChainId

IMPORT_COLLECTION: Final = "ImportCollection"
BEGIN: Final = "begin"
"""The update that answers once the contract was looked at."""

ImportStatus = Literal["checking", "due", "running", "done", "failed"]


class ImportOrder(Record):
    """Take one contract that others have deployed into the catalog."""

    chain_id: ChainId
    contract: Address
    """Lower case."""
    from_block: int | None = None
    """Where its history begins, for those who know; else it is searched for."""
    requested_by: UUID | None = None
    """None for an operator."""


class Inspection(Record):
    """What the contract says of itself."""

    standard: Literal["erc721", "erc1155"]
    name: str
    """Empty where it has none: it is optional in both standards."""
    symbol: str
    owner: Address | None = None
    """By `owner()` (ERC-173), where it answers."""


class Registered(Record):
    """The import has a row, and the indexer goes on with it."""

    collection_id: UUID
    first_block: int
    """No log of the contract is older."""


class RegisterOrder(Record):
    """Make the rows that the indexer picks up."""

    order: ImportOrder
    inspection: Inspection


class ImportProgress(Record):
    """How far it is."""

    chain_id: ChainId
    contract: Address
    status: ImportStatus
    cursor: int | None = None
    """The last block that was read."""
    done: int = 0
    """Blocks read."""
    total: int = 0
    """Blocks to read, as of the last look."""
    note: str | None = None
    """Why it does not get on."""


class ImportResult(Record):
    """What a finished flow shows in the Temporal UI: how far the import came, or why the contract is not taken."""

    outcome: Outcome
    progress: ImportProgress | None = None
    refusal: Refusal | None = None


def workflow_id_of(chain_id: ChainId, contract: Address) -> str:
    """One flow per contract, whoever asks for it."""
    return f"import:{chain_id}:{contract}"
