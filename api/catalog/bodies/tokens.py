"""Tokens of the catalog as HTTP shows them. Members marked NotRequired are left out while nothing is known."""

from __future__ import annotations

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
    ChainIdText,
    DecimalText,
    NextCursor,
    QuantityText,
    Time,
    TxHashText,
)

FlagText = Literal["spam", "nsfw", "frozen", "flagged"]


Uri = Annotated[str, Field(description="As the metadata document names it.")]


class TokenBody(TypedDict):
    """A token. For ERC-1155 `owner` is null: who holds how much is in `.../holders`."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    contract: AddressText
    tokenId: DecimalText
    standard: StandardText
    owner: Annotated[AddressText | None, Field(description="EIP-55. Null for ERC-1155, and for a burned token.")]
    supply: Annotated[QuantityText, Field(description="Units that exist now.")]
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
    price: NotRequired[Annotated[AmountText, Field(description="Of one unit, by the cheapest listing.")]]
    currency: NotRequired[str]
    lotSize: NotRequired[
        Annotated[
            DecimalText,
            Field(description="Units that the cheapest listing sells together only. Left out if one may be bought."),
        ]
    ]
    flags: NotRequired[
        Annotated[list[FlagText], Field(description="What an operator says of it; left out if nothing.")]
    ]
    mintedBlock: int | None
    mintedAt: Time | None
    updatedAt: Time


class AttributeBody(TypedDict):
    """One trait of one token, as its document has it, and how many tokens share it."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    traitType: TraitTypeText
    value: TraitValueText
    valueType: ValueTypeText
    displayType: NotRequired[DisplayTypeText]
    maxValue: NotRequired[TraitNumber]
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
    slug: SlugText


class HolderBody(TypedDict):
    """How much of one token one account holds."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    owner: AddressText
    tokenId: DecimalText
    quantity: QuantityText
    updatedAt: Time


class HolderPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[HolderBody]
    nextCursor: NextCursor
