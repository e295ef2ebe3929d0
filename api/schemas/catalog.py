"""The catalog as HTTP shows it. Members marked NotRequired are left out while nothing is known."""
# ruff: noqa: N815 - JSON members; ruff does not see that a subclass of a TypedDict is one

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, NotRequired
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from api.schemas.shown import EXACT, AddressText, AmountText, ChainIdText, DecimalText, NextCursor, Time, TxHashText
from steadymint.catalog.reads.holdings import PORTFOLIO

StandardText = Literal["erc721", "erc1155"]
FlagText = Literal["spam", "nsfw", "frozen", "flagged"]
ShownUrl = Annotated[
    str,
    Field(
        description="Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`."
    ),
]
Uri = Annotated[str, Field(description="As the metadata document names it.")]
QuantityText = Annotated[
    str, Field(pattern="^(0|[1-9][0-9]{0,95})$", examples=["3"], description="A sum of units, in decimal.")
]


class MintRules(TypedDict):
    """The rules of the contract's public mint. Null means none: no limit, at once, without end, everybody."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    price: Annotated[DecimalText, Field(description="Wei for one unit.")]
    limitPerWallet: Annotated[int | None, Field(description="Units that one account may mint in all.")]
    startAt: Time | None
    endAt: Annotated[datetime | None, Field(description="RFC 3339, UTC; exclusive.")]
    allowlistRoot: Annotated[str | None, Field(description="Merkle root of the accounts that may mint.")]


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
    slug: Annotated[str, Field(examples=["first-light-5fbdb231"])]
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
    totalSupply: Annotated[DecimalText, Field(description="Units that exist now: minted and not burned.")]
    totalMinted: DecimalText
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


class TokenBody(TypedDict):
    """A token. For ERC-1155 `owner` is null: who holds how much is in `.../holders`."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    contract: AddressText
    tokenId: DecimalText
    standard: StandardText
    owner: Annotated[AddressText | None, Field(description="EIP-55. Null for ERC-1155, and for a burned token.")]
    supply: Annotated[DecimalText, Field(description="Units that exist now.")]
    burned: bool
    name: NotRequired[str]
    imageUrl: NotRequired[ShownUrl]
    imageUri: NotRequired[Uri]
    animationUrl: NotRequired[ShownUrl]
    animationUri: NotRequired[Uri]
    metadataUrl: NotRequired[Annotated[str, Field(description="What the contract names, as it names it.")]]
    metadataStatus: NotRequired[
        Annotated[Literal["ok", "failed"], Field(description="Left out until the document was first read.")]
    ]
    rank: NotRequired[Annotated[int, Field(description="By OpenRarity; 1 is the rarest.", ge=1)]]
    price: NotRequired[Annotated[AmountText, Field(description="Of the cheapest listing.")]]
    currency: NotRequired[str]
    flags: NotRequired[
        Annotated[list[FlagText], Field(description="What an operator says of it; left out if nothing.")]
    ]
    mintedBlock: int | None
    mintedAt: Time | None
    updatedAt: Time


class AttributeBody(TypedDict):
    """One trait of one token, and how many tokens share it."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    name: Annotated[str, Field(examples=["Background"])]
    valueType: Literal["string", "number", "date"]
    value: Annotated[str, Field(description="Text, a decimal number, or an RFC 3339 time.", examples=["Sunset"])]
    displayType: NotRequired[str]
    maxValue: NotRequired[str]
    occurrences: int
    frequency: Annotated[float, Field(description="Share of the collection's tokens, 0 to 1.", ge=0, le=1)]
    floorPrice: NotRequired[AmountText]


class RarityBody(TypedDict):
    """How rare a token is by one method."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    method: Annotated[str, Field(examples=["openrarity"])]
    source: Annotated[str, Field(examples=["steadymint"])]
    rank: Annotated[int, Field(ge=1)]
    score: float


class ListingBody(TypedDict):
    """The cheapest listing of a token."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    price: AmountText
    currency: str
    listedAt: Time
    expiresAt: Time | None


class TokenDetailBody(TokenBody):
    """One token with everything that is known about it."""

    description: NotRequired[str]
    externalUrl: NotRequired[str]
    backgroundColor: NotRequired[str]
    attributes: list[AttributeBody]
    rarity: list[RarityBody]
    ranked: NotRequired[Annotated[int, Field(description="How many tokens the ranks count.")]]
    listing: NotRequired[ListingBody]
    metadataError: NotRequired[Annotated[str, Field(description="Why the document could not be read.")]]
    refreshedAt: NotRequired[Time]
    mintedTxHash: NotRequired[TxHashText]


class TokenPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[TokenBody]
    nextCursor: NextCursor


class CollectionName(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    name: str
    slug: str


class HeldTokenBody(TokenBody):
    """A token, and how much of it the account holds."""

    quantity: DecimalText
    collection: CollectionName


class HeldTokenPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[HeldTokenBody]
    nextCursor: NextCursor


class HolderBody(TypedDict):
    """How much of one token one account holds."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    owner: AddressText
    tokenId: DecimalText
    quantity: DecimalText
    updatedAt: Time


class HolderPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[HolderBody]
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
    """One value of one trait."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    name: Annotated[str, Field(examples=["Background"])]
    valueType: Literal["string", "number", "date"]
    value: Annotated[str, Field(description="Text, a decimal number, or an RFC 3339 time.", examples=["Sunset"])]
    displayType: NotRequired[str]
    unit: NotRequired[str]
    maxValue: NotRequired[str]
    occurrences: Annotated[int, Field(description="Tokens that have it.")]
    frequency: Annotated[float, Field(description="Share of the collection's tokens, 0 to 1.", ge=0, le=1)]
    rarityScore: NotRequired[float]
    floorPrice: NotRequired[AmountText]


class TraitPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[TraitBody]
    nextCursor: NextCursor


_From = TypedDict("_From", {"from": AddressText | None})  # a word of Python, so it needs this form


class ActivityBody(_From):
    """Something that happened. A mint comes from the zero address, a burn goes to it."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    id: UUID
    type: Literal["listed", "offer", "sale", "transfer", "mint", "burn"]
    chainId: ChainIdText
    contract: AddressText | None
    tokenId: DecimalText | None
    to: AddressText | None
    quantity: DecimalText
    price: NotRequired[AmountText]
    currency: NotRequired[str]
    txHash: TxHashText | None
    blockNumber: Annotated[int, Field(description="0 for what did not happen on chain.")]
    logIndex: int
    timestamp: Time


class ActivityPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[ActivityBody]
    nextCursor: NextCursor


class StatsBody(TypedDict):
    """Counters, kept up to date by what is indexed. Prices and volumes are in the native currency."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    contract: AddressText
    items: Annotated[int, Field(description="Tokens that exist.")]
    owners: Annotated[int, Field(description="Accounts that hold at least one.")]
    totalSupply: DecimalText
    totalMinted: DecimalText
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


class HeldCollectionBody(TypedDict):
    """A collection, and how many of it the account holds."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    contract: AddressText
    standard: StandardText
    slug: str
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
    """What an account did on the market of one chain, in its native currency."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    listings: int
    sales: int
    purchases: int
    volumeSold: AmountText
    volumePurchased: AmountText


class AccountBody(TypedDict):
    """An account's portfolio: what it holds, most first, and what it traded."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    address: AddressText
    collectionCount: Annotated[
        int, Field(description=f"Collections it holds something of. Counted up to {PORTFOLIO}.", ge=0)
    ]
    items: Annotated[QuantityText, Field(description="Units it holds of those.")]
    collections: Annotated[list[HeldCollectionBody], Field(description="The first of `.../collections`.")]
    market: list[MarketBody]


class FoundTokenBody(TokenBody):
    """A token whose name has the words."""

    collection: CollectionName


class SearchBody(TypedDict):
    """The best few of each kind; there are no pages."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    collections: list[CollectionBody]
    tokens: list[FoundTokenBody]
