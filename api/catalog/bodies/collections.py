"""The catalog as HTTP shows it. Members marked NotRequired are left out while nothing is known."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from api.catalog.bodies.fields import (
    DisplayTypeText,
    ShownUrl,
    SlugText,
    StandardText,
    TraitNumber,
    TraitTypeText,
    TraitValueText,
    ValueTypeText,
)
from api.http.shown import (
    EXACT,
    AddressText,
    AmountText,
    Bytes32Text,
    ChainIdText,
    DecimalText,
    NextCursor,
    QuantityText,
    Time,
    TxHashText,
)


class MintRules(TypedDict):
    """The rules of the contract's public mint. Null means none: no limit, at once, without end, everybody."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    price: Annotated[DecimalText, Field(description="Wei for one unit.")]
    limitPerWallet: Annotated[int | None, Field(description="Units that one account may mint in all.")]
    startAt: Time | None
    endAt: Annotated[datetime | None, Field(description="RFC 3339, UTC; exclusive.")]
    allowlistRoot: Annotated[Bytes32Text | None, Field(description="Merkle root of the accounts that may mint.")]


class CollectionLinks(TypedDict, total=False):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    website: str
    discord: str
    x: str


class CollectionBody(TypedDict):
    """A collection: what its contract says, and what its owner says about it."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    contract: AddressText
    standard: StandardText
    slug: SlugText
    name: str
    symbol: str | None
    description: NotRequired[str]
    imageUrl: NotRequired[ShownUrl]
    bannerUrl: NotRequired[ShownUrl]
    links: CollectionLinks
    creator: AddressText | None
    owner: AddressText | None
    maxSupply: Annotated[
        DecimalText | None, Field(description="Null for no limit. For ERC-1155 it counts per token id.")
    ]
    totalSupply: Annotated[QuantityText, Field(description="Units that exist now: minted and not burned.")]
    totalMinted: QuantityText
    royaltyBps: Annotated[int | None, Field(description="EIP-2981 royalty in basis points.", examples=[500])]
    royaltyReceiver: AddressText | None
    payoutAddress: AddressText | None
    mint: Annotated[MintRules | None, Field(description="Null for a collection that is not of our making.")]
    contractUri: NotRequired[str]
    baseUri: NotRequired[str]
    paused: bool
    metadataFrozen: bool
    verified: bool
    indexStatus: Literal["pending", "syncing", "synced", "failed", "halted"]
    items: NotRequired[Annotated[int, Field(description="Tokens that exist.")]]
    owners: NotRequired[Annotated[int, Field(description="Accounts that hold at least one.")]]
    floorPrice: NotRequired[AmountText]
    floorCurrency: NotRequired[str]
    volumeAll: NotRequired[AmountText]
    deployedBlock: int | None
    deployedTxHash: TxHashText | None
    createdAt: Time
    updatedAt: Time


class CollectionPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[CollectionBody]
    nextCursor: NextCursor


class OwnerBody(TypedDict):
    """How many of a collection one account holds, all its tokens together."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    owner: AddressText
    quantity: QuantityText
    share: Annotated[float, Field(description="Of all units that exist, 0 to 1.", ge=0, le=1)]
    updatedAt: Time


class OwnerPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[OwnerBody]
    nextCursor: NextCursor


class TraitBody(TypedDict):
    """One value of one trait, as it is published."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    traitType: TraitTypeText
    value: TraitValueText
    valueType: ValueTypeText
    displayType: NotRequired[DisplayTypeText]
    unit: NotRequired[str]
    maxValue: NotRequired[TraitNumber]
    occurrences: Annotated[int, Field(description="Tokens that have it.")]
    frequency: Annotated[float, Field(description="Share of the collection's tokens, 0 to 1.", ge=0, le=1)]
    rarityScore: NotRequired[float]
    floorPrice: NotRequired[AmountText]


class TraitPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[TraitBody]
    nextCursor: NextCursor


class StatsBody(TypedDict):
    """Counters, kept up to date by what is indexed. Prices and volumes are in the native currency."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    contract: AddressText
    items: Annotated[int, Field(description="Tokens that exist.")]
    owners: Annotated[int, Field(description="Accounts that hold at least one.")]
    totalSupply: QuantityText
    totalMinted: QuantityText
    listed: int
    sales: int
    floorPrice: NotRequired[AmountText]
    floorCurrency: NotRequired[str]
    marketCap: NotRequired[AmountText]
    volumeDay: AmountText
    volumeWeek: AmountText
    volumeAll: AmountText
    salesDay: int
    salesWeek: int
    updatedAt: Time
