"""A chain as the indexer knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from steadymint.domain.errors import SteadymintError
from steadymint.domain.types import ChainId

REORG_WINDOW: Final = 256
"""Blocks kept for finding a common ancestor. Four times Ethereum's finality; a deeper reorg is for people to judge."""


@dataclass(frozen=True, slots=True)
class IndexedChain:
    """What the registry says of a chain, as far as it concerns indexing."""

    chain_id: ChainId
    number: int
    symbol: str
    decimals: int
    confirmations: int
    roles: Mapping[str, str]
    """Registered contract -> its role, of those roles whose events a subject reads."""
    start_block: int
    """The first block that can hold a log of ours."""
    reorg_window: int = REORG_WINDOW


class IndexerHaltedError(SteadymintError):
    """The chain is not what it was. A person must look, and rewind or register it anew."""

    code = "indexer_halted"
    status = 503
    title = "The indexer of this chain has stopped and needs an operator"
