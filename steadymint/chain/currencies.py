"""The currencies of a chain: its own, the wrapped forms of it, and those that the rules of its market name. Whoever
needs one asks here: what orders may be paid in, what may be approved, and how the index shows a price."""

from __future__ import annotations

from pydantic import ValidationError

from steadymint.chain.nodes.chain import WRAPPED_NATIVE, Chain
from steadymint.domain.market.policy import Currency
from steadymint.domain.market.rules import rules_in
from steadymint.domain.types import Address


def native_of(chain: Chain) -> Currency:
    """The chain's own currency."""
    return Currency(chain.native_symbol, chain.decimals, is_native=True)


def wrapped_of(chain: Chain) -> dict[Address, Currency]:
    """The registered wrapped forms, by contract."""
    wrapped = native_of(chain)._replace(symbol=f"W{chain.native_symbol}")
    return {contract.address: wrapped for contract in chain.named(WRAPPED_NATIVE)}


def tokens_of(chain: Chain) -> dict[Address, Currency]:
    """All ERC-20s in which orders may be paid, by contract. Rules that cannot be read name none."""
    try:
        rules = rules_in(chain.features)
    except ValidationError:  # written by hand: `steadymint chain add` refuses them
        return wrapped_of(chain)
    named = {rule.address: Currency(rule.symbol, rule.decimals, is_native=False) for rule in rules.currencies}
    return named | wrapped_of(chain)


def currencies_of(chain: Chain) -> dict[Address | None, Currency]:
    """All currencies in which orders may be paid, by contract. None is the chain's own."""
    return {None: native_of(chain), **tokens_of(chain)}
