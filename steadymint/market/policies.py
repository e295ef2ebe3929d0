"""The policy of a chain's market, from what is registered of the chain."""

from __future__ import annotations

from pydantic import ValidationError

from steadymint.chain.currencies import currencies_of
from steadymint.chain.nodes.chain import SEAPORT, WRAPPED_NATIVE, Chain
from steadymint.domain.errors import NotFoundError
from steadymint.domain.market.fees import Fee
from steadymint.domain.market.hashing import SigningDomain
from steadymint.domain.market.policy import MarketPolicy
from steadymint.domain.market.rules import rules_in
from steadymint.domain.types import Address, ChainId


class Policies:
    """The policies of all chains, each read once for a version of its chain. Share one per process."""

    def __init__(self) -> None:
        self._read: dict[ChainId, tuple[Chain, MarketPolicy]] = {}

    def of(self, chain: Chain) -> MarketPolicy:
        """Raises as `policy_of` does."""
        known = self._read.get(chain.chain_id)
        if known is None or known[0] is not chain:  # the registry gives out one object until the chain changes
            known = self._read[chain.chain_id] = chain, policy_of(chain)
        return known[1]


def policy_of(chain: Chain) -> MarketPolicy:
    """The rules of the chain's market. The chain's own currency and its wrapped forms are always currencies of it.

    Raises:
        NotFoundError: the chain has no market, or its registered rules cannot be read.
    """
    seaport = chain.contract(SEAPORT).address
    try:
        rules = rules_in(chain.features)
    except ValidationError:  # written by hand: `steadymint chain add` refuses them
        raise NotFoundError(f"The rules of the market of {chain.chain_id} cannot be read") from None
    fee = None if rules.fee_recipient is None else Fee(rules.fee_recipient, rules.fee_bps)
    return MarketPolicy(
        domain=SigningDomain(chain.number, seaport),
        currencies=currencies_of(chain),
        zones=frozenset(rules.zones),
        fee=fee,
        royalty=rules.royalty,
    )


def wrapped_native_of(chain: Chain) -> Address:
    """The currency of offers that name none. Raises NotFoundError."""
    return chain.contract(WRAPPED_NATIVE).address
