"""The currencies of a chain that compare with each other: its own, and the wrapped forms of it."""

from __future__ import annotations

from steadymint.chain.nodes.chain import WRAPPED_NATIVE, Chain
from steadymint.domain.market.policy import Currency
from steadymint.domain.types import Address


def native_of(chain: Chain) -> Currency:
    """The chain's own currency."""
    return Currency(chain.native_symbol, chain.decimals, is_native=True)


def wrapped_of(chain: Chain) -> dict[Address, Currency]:
    """The registered wrapped forms, by contract."""
    wrapped = native_of(chain)._replace(symbol=f"W{chain.native_symbol}")
    return {contract.address: wrapped for contract in chain.named(WRAPPED_NATIVE)}
