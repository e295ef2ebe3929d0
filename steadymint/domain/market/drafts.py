"""Orders that a client asks us to build: a listing or an offer, with the fee and the royalty filled in, and what its
maker signs and has to approve.

The chain is asked once: `preliminary` is the order that the chain is asked about, `complete` makes the one to sign from
the answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from steadymint.domain.market.build import Frame, Price, Token, listing, offer
from steadymint.domain.market.checks import Verdict, check_standing
from steadymint.domain.market.components import ZERO_BYTES32
from steadymint.domain.market.criteria import ANY_TOKEN, CriteriaTree
from steadymint.domain.market.facts import OrderFacts, Royalty
from steadymint.domain.market.fees import Fee
from steadymint.domain.market.findings import MissingApproval
from steadymint.domain.market.policy import MarketPolicy, RoyaltyRule
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.market.typed_data import TypedData, order_typed_data
from steadymint.domain.types import Address, Bytes32, Standard, TokenId

DEFAULT_DURATION: Final = 30 * 86_400
"""Seconds for which an order counts if its maker names no end. The maker's price is stale after a longer time."""
UNKNOWN_COUNTER: Final = 0
"""Stands for the maker's counter until the chain has been asked."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a maker wants to sell or to buy."""

    maker: Address
    token: Token
    price: Price
    is_listing: bool
    start_time: int
    """Unix seconds."""
    end_time: int
    salt: int
    """Random, so that an order can be made again after its like was cancelled."""
    conduit_key: Bytes32 = ZERO_BYTES32


@dataclass(frozen=True, slots=True)
class Draft:
    """An order to sign."""

    order: SubmittedOrder
    typed_data: TypedData
    """For `eth_signTypedData_v4`."""
    verdict: Verdict
    """What is wrong with it, apart from the signature that is still to come."""

    @property
    def approvals(self) -> tuple[MissingApproval, ...]:
        """What the maker has to approve before the order can be filled."""
        return tuple(finding.approval for finding in self.verdict.findings if finding.approval is not None)


def period(now: int, start_time: int | None = None, duration: int | None = None) -> tuple[int, int]:
    """The start and the end of an order: from now on and for `DEFAULT_DURATION`, unless the maker wants it otherwise.

    Raises:
        ValueError: the duration is not positive, or the order would end before now.
    """
    start = now if start_time is None else start_time
    length = DEFAULT_DURATION if duration is None else duration
    if length <= 0 or start + length <= now:
        raise ValueError("an order must end after it starts, and not in the past")
    return start, start + length


def any_token(contract: Address, standard: Standard, quantity: int = 1) -> Token:
    """What a collection offer asks for."""
    return Token(contract, standard, ANY_TOKEN, has_criteria=True, quantity=quantity)


def one_of(contract: Address, standard: Standard, tokens: Iterable[TokenId], quantity: int = 1) -> Token:
    """What a trait offer asks for.

    Raises:
        ValueError: there are no tokens.
    """
    return Token(contract, standard, CriteriaTree(tokens).root, has_criteria=True, quantity=quantity)


def preliminary(wish: Wish, policy: MarketPolicy) -> SubmittedOrder:
    """The order as far as it is known without the chain: without the royalty and under a counter that may be wrong.

    Raises:
        ValueError: the fees are more than the price.
        UnsupportedOrderError: the market does not take such an order.
    """
    return _order(wish, policy, UNKNOWN_COUNTER, None)


def complete(wish: Wish, policy: MarketPolicy, facts: OrderFacts, now: int) -> Draft:
    """The order to sign, from what the chain says about the preliminary one.

    Raises:
        ValueError: the fee and the royalty are more than the price.
        UnsupportedOrderError: the market does not take such an order.
    """
    royalty = None if policy.royalty is RoyaltyRule.IGNORE else facts.royalty
    order = _order(wish, policy, facts.counter, royalty)
    return Draft(
        order=order,
        typed_data=order_typed_data(order.components, policy.domain),
        verdict=check_standing(order, facts, policy, now),
    )


def _order(wish: Wish, policy: MarketPolicy, counter: int, royalty: Royalty | None) -> SubmittedOrder:
    fees = [fee for fee in (policy.fee,) if fee is not None and fee.basis_points]
    # A listing pays its maker anyway.
    if royalty is not None and not (wish.is_listing and royalty.receiver == wish.maker):
        fees.append(Fee(royalty.receiver, royalty.basis_points))
    frame = Frame(wish.start_time, wish.end_time, wish.salt, counter, wish.conduit_key)
    make = listing if wish.is_listing else offer
    return SubmittedOrder.of(make(wish.maker, wish.token, wish.price, fees, frame))
