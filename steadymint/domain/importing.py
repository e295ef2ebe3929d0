"""The inputs and results of the import of a foreign collection. All of them are in workflow history."""

from __future__ import annotations

from typing import Final, Literal
from uuid import UUID

from steadymint.domain.outcome import Outcome, Refusal
from steadymint.domain.record import Record
from steadymint.domain.types import Address, ChainId

IMPORT_COLLECTION: Final = "ImportCollection"
BEGIN: Final = "begin"
"""The update that answers when the contract was inspected."""

ImportStatus = Literal["checking", "due", "running", "done", "failed"]


class ImportOrder(Record):
    """The order to import one contract that others have deployed."""

    chain_id: ChainId
    contract: Address
    """Lower case."""
    from_block: int | None = None
    """The first block of its history. None means that it is searched for."""
    requested_by: UUID | None = None
    """None for an operator."""


class Inspection(Record):
    """The contract's answers about itself."""

    standard: Literal["erc721", "erc1155"]
    name: str
    """Empty if it has none, since both standards make it optional."""
    symbol: str
    owner: Address | None = None
    """The answer of `owner()` (ERC-173), if there is one."""


class Registered(Record):
    """The row of an import. The indexer continues from it."""

    collection_id: UUID
    first_block: int
    """The contract has no log before this block."""


class RegisterOrder(Record):
    """The order to make the rows from which the indexer imports."""

    order: ImportOrder
    inspection: Inspection


class ImportProgress(Record):
    """The progress of an import."""

    chain_id: ChainId
    contract: Address
    status: ImportStatus
    cursor: int | None = None
    """The last block that was read."""
    done: int = 0
    """Blocks read."""
    total: int = 0
    """Blocks to read, as last computed."""
    failed: int = 0
    """Logs that were read and not understood."""
    note: str | None = None
    """Why the import is stuck; None if it is not."""


class ImportResult(Record):
    """What a finished flow shows in the Temporal UI: how far the import came, or why the contract is not taken."""

    outcome: Outcome
    progress: ImportProgress | None = None
    refusal: Refusal | None = None


def workflow_id_of(chain_id: ChainId, contract: Address) -> str:
    """The id of the contract's flow, which is the same for every requester."""
    return f"import:{chain_id}:{contract}"
