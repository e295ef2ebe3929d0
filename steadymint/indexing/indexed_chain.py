"""The facts of a chain that the indexer needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from steadymint.domain.errors import SteadymintError
from steadymint.domain.market.policy import Currency
from steadymint.domain.types import Address, ChainId

REORG_WINDOW: Final = 256
"""Blocks that are kept to find a common ancestor. It is four times Ethereum's finality. People must judge a deeper
reorg."""


@dataclass(frozen=True, slots=True)
class IndexedChain:
    """A chain of the registry, as far as indexing needs it."""

    chain_id: ChainId
    number: int
    symbol: str
    decimals: int
    confirmations: int
    roles: Mapping[str, str]
    """Registered contract -> its role, for the roles whose events a subject reads."""
    start_block: int
    """The first block that can hold a log of ours."""
    reorg_window: int = REORG_WINDOW
    currencies: Mapping[Address, Currency] = field(default_factory=dict[Address, Currency])
    """The registered currencies beside the chain's own, by contract."""

    pools: Mapping[str, Address] = field(default_factory=dict[str, Address])
    """Role -> the registered contract whose balances are a currency, and that the logs of its market do not name."""

    @property
    def money(self) -> dict[str | None, Currency]:
        """All currencies. None is the chain's own."""
        return {None: Currency(self.symbol, self.decimals, is_native=True), **self.currencies}


class IndexerHaltedError(SteadymintError):
    """The chain has changed. A person must decide whether to rewind it or to register it again."""

    code = "indexer_halted"
    status = 503
    title = "The indexer of this chain has stopped and needs an operator"
