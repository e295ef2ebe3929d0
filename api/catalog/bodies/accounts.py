"""Accounts as HTTP shows them: what they hold and trade."""

from __future__ import annotations

from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from api.catalog.bodies.fields import ShownUrl, SlugText, StandardText
from api.catalog.bodies.tokens import CollectionName, TokenBody
from api.http.shown import EXACT, AddressText, AmountText, ChainIdText, NextCursor, QuantityText, Time
from steadymint.catalog.reads.held import PORTFOLIO


class HeldTokenBody(TokenBody):
    """A token with the units that the account holds."""

    quantity: QuantityText
    collection: CollectionName


class HeldTokenPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[HeldTokenBody]
    nextCursor: NextCursor


class HeldCollectionBody(TypedDict):
    """A collection with the units that the account holds."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    contract: AddressText
    standard: StandardText
    slug: SlugText
    name: str
    imageUrl: NotRequired[ShownUrl]
    verified: bool
    quantity: QuantityText
    floorPrice: NotRequired[AmountText]
    floorCurrency: NotRequired[str]
    updatedAt: Time


class HeldCollectionPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[HeldCollectionBody]
    nextCursor: NextCursor


class MarketBody(TypedDict):
    """An account's trades on one chain, in its native currency."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    listings: int
    sales: int
    purchases: int
    volumeSold: AmountText
    volumePurchased: AmountText


class AccountBody(TypedDict):
    """The portfolio of an account: what it holds, most first, and what it traded."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    address: AddressText
    collectionCount: Annotated[
        int, Field(description=f"Collections of which it holds tokens. Counted up to {PORTFOLIO}.", ge=0)
    ]
    items: Annotated[QuantityText, Field(description="Units that it holds of those.")]
    collections: Annotated[list[HeldCollectionBody], Field(description="The first of `.../collections`.")]
    market: list[MarketBody]
