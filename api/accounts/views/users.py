"""Turns users into the bodies that others see."""

from __future__ import annotations

from api.accounts.bodies.users import SocialsBody, UserBody, UserCard, UserStatsBody
from api.http import shown
from steadymint.catalog.account_totals import AccountTotals
from steadymint.domain.media import MediaId
from steadymint.domain.types import Address
from steadymint.identity.users.lists import ListedUser
from steadymint.identity.users.profiles import User, UserStats


def picture_url(media_id: MediaId | None, base: str) -> str | None:
    """The URL of a picture of our store. `base` is put before the path: an origin without a slash at its end, or
    empty."""
    return None if media_id is None else f"{base}/media/{media_id}"


def user_card(user: ListedUser, base: str) -> UserCard:
    card = UserCard(username=user.username)
    if user.display_name is not None:
        card["displayName"] = user.display_name
    if (avatar := picture_url(user.avatar_id, base)) is not None:
        card["avatarUrl"] = avatar
    return card


def user_body(user: User, address: Address | None, totals: AccountTotals, base: str) -> UserBody:
    """The user as everyone may see them. The user has a username."""
    profile = user.profile
    body = UserBody(username=profile.username or "")
    if profile.display_name is not None:
        body["displayName"] = profile.display_name
    if (avatar := picture_url(profile.avatar_id, base)) is not None:
        body["avatarUrl"] = avatar
    if user.preferences.privacy_level != "public":
        return body
    if (banner := picture_url(profile.banner_id, base)) is not None:
        body["bannerUrl"] = banner
    if profile.bio is not None:
        body["bio"] = profile.bio
    if address is not None:
        body["address"] = shown.address(address)
    body["socials"] = SocialsBody(**profile.socials)  # type: ignore[typeddict-item]
    body["stats"] = stats_body(totals, user.stats)
    body["joinedAt"] = profile.joined_at
    return body


def stats_body(totals: AccountTotals, stats: UserStats) -> UserStatsBody:
    return {
        "collections": totals.collections,
        "items": str(totals.items),
        "listings": totals.listings,
        "sales": totals.sales,
        "purchases": totals.purchases,
        "volumeSold": shown.amount(totals.volume_sold),
        "volumePurchased": shown.amount(totals.volume_purchased),
        "followers": stats.followers,
        "following": stats.following,
    }
