"""Users as others see them."""

from __future__ import annotations

from typing import Annotated, Any, Final, NotRequired

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from api.http.pagination import PageQuery
from api.http.shown import (
    ADDRESS_EXAMPLE,
    EXACT,
    MEDIA_ID_EXAMPLE,
    TIME_EXAMPLE,
    AddressText,
    AmountText,
    NextCursor,
    QuantityText,
    Time,
)
from steadymint.identity.users.usernames import MAX_LENGTH

PictureUrl = Annotated[
    str, Field(examples=[f"/media/{MEDIA_ID_EXAMPLE}"], description="Of a picture in our own store.")
]


def _prefix(text: str) -> str:
    return text.lower()


class UsersQuery(PageQuery):
    prefix: Annotated[str, AfterValidator(_prefix)] = Field(
        min_length=1,
        max_length=MAX_LENGTH,
        pattern="^[A-Za-z0-9_]+$",
        description="What the username begins with, in any casing.",
        examples=["mint"],
    )


class UserStatsBody(TypedDict):
    """The counters of a user."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    collections: int
    items: Annotated[QuantityText, Field(description="Units held of all tokens of all collections that are shown.")]
    listings: int
    sales: int
    purchases: int
    volumeSold: AmountText
    volumePurchased: AmountText
    followers: int
    following: int


class SocialsBody(TypedDict, total=False):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    website: str
    x: str
    discord: str
    instagram: str
    telegram: str
    github: str
    farcaster: str


class UserCard(TypedDict):
    """A user in a list: what everyone sees of every user."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    username: str
    displayName: NotRequired[str]
    avatarUrl: NotRequired[PictureUrl]


class UserPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[UserCard]
    nextCursor: NextCursor


class UserBody(TypedDict):
    """A user as everyone sees them. If the profile is not public, only the name and the picture are shown."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    username: str
    displayName: NotRequired[str]
    avatarUrl: NotRequired[PictureUrl]
    bannerUrl: NotRequired[PictureUrl]
    bio: NotRequired[str]
    socials: NotRequired[SocialsBody]
    address: NotRequired[Annotated[AddressText, Field(description="The primary wallet, EIP-55.")]]
    stats: NotRequired[UserStatsBody]
    joinedAt: NotRequired[Time]


STATS_EXAMPLE: Final[dict[str, Any]] = {
    "collections": 1,
    "items": "12",
    "listings": 0,
    "sales": 0,
    "purchases": 0,
    "volumeSold": "0",
    "volumePurchased": "0",
    "followers": 3,
    "following": 1,
}


USER_EXAMPLE: Final[dict[str, Any]] = {
    "username": "mint_master",
    "displayName": "Mint Master",
    "avatarUrl": f"/media/{MEDIA_ID_EXAMPLE}",
    "bio": "I mint.",
    "socials": {"website": "https://mint.example"},
    "address": ADDRESS_EXAMPLE,
    "stats": STATS_EXAMPLE,
    "joinedAt": TIME_EXAMPLE,
}


USER_PAGE_EXAMPLE: Final[dict[str, Any]] = {
    "items": [
        {"username": "mint_master", "displayName": "Mint Master", "avatarUrl": f"/media/{MEDIA_ID_EXAMPLE}"},
        {"username": "mint_novice"},
    ],
    "nextCursor": None,
}
