"""A fill of another market, as far as its log describes it, and the sales that it is.

The rules are those of `sales`: the buyer is whom the token went to, the price is what the buyer paid in all, and
several tokens are a sale each with an equal part of the price.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from steadymint.domain.market.sales import Sale, equal_parts
from steadymint.domain.market.words import EventError
from steadymint.domain.types import UINT256_MAX, Address, Bytes32, TokenId, Wei

_NO_CONTRACTS: Final[Mapping[str, Address]] = {}


class Token(NamedTuple):
    """Units of a token that were sold."""

    contract: Address
    token_id: TokenId
    quantity: int


class Part(NamedTuple):
    """A part of the price that did not go to the seller."""

    amount: int
    recipient: Address | None
    """None if the log does not say."""
    is_royalty: bool = False
    """Whether the log itself calls it a royalty. Else its recipient decides."""


class Fill(NamedTuple):
    """An order of another market was filled. Amounts are in the currency's smallest unit."""

    order_hash: Bytes32
    """Of the order that was signed first, and not of what filled it."""
    seller: Address | None
    """None if the log does not say. `moves.completed` finds out."""
    buyer: Address | None
    """Whom the token went to. None if the log does not say, as for the seller."""
    tokens: tuple[Token, ...]
    currency: Address | None
    """None for the chain's own currency."""
    price: int
    """What the buyer paid in all, as far as the log says."""
    parts: tuple[Part, ...]
    """The seller has the rest."""
    currency_role: str | None = None
    """The role of the contract that is the currency, if the log does not name it. `currency` is None then."""


def sales_of_fill(
    fill: Fill, royalty_receivers: Collection[Address] = (), contracts: Mapping[str, Address] = _NO_CONTRACTS
) -> list[Sale]:
    """The sales that a fill is: one for each token. `contracts` are those registered on the chain, by role.

    There are none without a price, as long as seller or buyer are unknown, or if nobody registered the currency.
    """
    currency = fill.currency if fill.currency_role is None else contracts.get(fill.currency_role)
    unknown = fill.currency_role is not None and currency is None
    if fill.seller is None or fill.buyer is None or not fill.price or unknown:
        return []
    shares = zip(*(equal_parts(amount, len(fill.tokens)) for amount in _divided(fill, royalty_receivers)), strict=True)
    return [
        Sale(
            order_hash=fill.order_hash,
            contract=token.contract,
            token_id=token.token_id,
            quantity=token.quantity,
            seller=fill.seller,
            buyer=fill.buyer,
            currency=currency,
            proceeds=Wei(proceeds),
            fees=Wei(fees),
            royalty=Wei(royalty),
            bundle=len(fill.tokens),
        )
        for token, (proceeds, fees, royalty) in zip(fill.tokens, shares, strict=True)
    ]


def checked(fill: Fill) -> Fill:
    """The fill, if it can be one: at least one token, no token without units, and parts within the price, which is one
    uint256: unlike Seaport, these contracts take the parts of a whole.

    Raises EventError. No market lets another one pass, so the log is not that of a market.
    """
    if not fill.tokens or not all(token.quantity for token in fill.tokens):
        raise EventError("a fill of nothing")
    if sum(part.amount for part in fill.parts) > fill.price or fill.price > UINT256_MAX:
        raise EventError("fees above the price, or a price above all numbers")
    return fill


def _divided(fill: Fill, royalty_receivers: Collection[Address]) -> tuple[int, int, int]:
    """Proceeds, fees and royalty of all tokens together."""
    parts = [part for part in fill.parts if part.recipient != fill.seller]
    royalty = sum(part.amount for part in parts if part.is_royalty or part.recipient in royalty_receivers)
    away = sum(part.amount for part in parts)
    return fill.price - away, away - royalty, royalty
