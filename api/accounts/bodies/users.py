"""Users as others see them."""

from __future__ import annotations

from typing import Annotated, Any, Final, NotRequired

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from api.accounts.bodies.follows import PictureUrl
from api.http.pagination import PageQuery
from api.http.shown import (
    ADDRESS_EXAMPLE,
    EXACT,
    MEDIA_ID_EXAMPLE,
    TIME_EXAMPLE,
    AddressText,
    AmountText,
    QuantityText,
    Time,
)
from steadymint.identity.users.usernames import MAX_LENGTH


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


class ViewerBody(TypedDict):
    """What is between the caller and the user."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    follows: Annotated[bool, Field(description="You follow the user.")]
    followedBy: Annotated[bool, Field(description="The user follows you.")]
    blocked: Annotated[bool, Field(description="You have blocked the user.")]


class UserBody(TypedDict):
    """A user as the caller sees them. Name and picture are shown to everyone, the rest as the user's `privacyLevel`
    says."""

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
    viewer: NotRequired[Annotated[ViewerBody, Field(description="For somebody else who has signed in.")]]


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
    "viewer": {"follows": True, "followedBy": False, "blocked": False},
}
