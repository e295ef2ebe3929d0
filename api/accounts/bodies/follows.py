"""Users in lists: those who follow or are followed, those who are blocked, those who are searched for."""

from __future__ import annotations

from typing import Annotated, Any, Final, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from api.http.shown import EXACT, MEDIA_ID_EXAMPLE, NextCursor

PictureUrl = Annotated[
    str, Field(examples=[f"/media/{MEDIA_ID_EXAMPLE}"], description="Of a picture in our own store.")
]


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


USER_PAGE_EXAMPLE: Final[dict[str, Any]] = {
    "items": [
        {"username": "mint_master", "displayName": "Mint Master", "avatarUrl": f"/media/{MEDIA_ID_EXAMPLE}"},
        {"username": "mint_novice"},
    ],
    "nextCursor": None,
}
