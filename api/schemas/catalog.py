"""The catalog as HTTP shows it. Members marked NotRequired are left out while nothing is known."""
# ruff: noqa: N815 - JSON members; ruff does not see that a subclass of a TypedDict is one

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, NotRequired
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from api.schemas.shown import EXACT, AddressText, AmountText, ChainIdText, DecimalText, NextCursor, Time, TxHashText

StandardText = Literal["erc721", "erc1155"]


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
    imageUrl: NotRequired[str]
    bannerUrl: NotRequired[str]
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
    imageUrl: NotRequired[str]
    metadataUrl: NotRequired[str]
    mintedBlock: int | None
    mintedAt: Time | None
    updatedAt: Time


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
    updatedAt: Time
