"""Turns users into the bodies that others see."""

from __future__ import annotations

from typing import Any, cast

from api.accounts.bodies.follows import UserCard
from api.accounts.bodies.users import UserBody, UserStatsBody, ViewerBody
from api.http import shown
from steadymint.catalog.account_totals import AccountTotals
from steadymint.domain.media import MediaId
from steadymint.domain.types import Address
from steadymint.identity.users.lists import ListedUser
from steadymint.identity.users.privacy import Member, Relation
from steadymint.identity.users.profiles import SeenUser, UserStats


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


def user_body(seen: SeenUser, address: Address | None, totals: AccountTotals | None, base: str) -> UserBody:
    """The user as the viewer may see them. Only members that `privacy` names for this viewer are shown. `address` and
    `totals` may be None if it does not name them. The user has a username."""
    user, shown_members = seen.user, seen.visible
    profile = user.profile
    known: dict[Member, Any] = {
        Member.USERNAME: profile.username,
        Member.DISPLAY_NAME: profile.display_name,
        Member.AVATAR: picture_url(profile.avatar_id, base),
        Member.BANNER: picture_url(profile.banner_id, base),
        Member.BIO: profile.bio,
        Member.ADDRESS: shown.address_or_none(address),
        Member.SOCIALS: profile.socials,
        Member.STATS: None if totals is None else stats_body(totals, user.stats),
        Member.JOINED: profile.joined_at,
    }
    body = {member.value: value for member, value in known.items() if member in shown_members and value is not None}
    return cast(UserBody, body)


def with_viewer(body: UserBody, relation: Relation) -> UserBody:
    """The same with what is between the two, for a viewer who is signed in and somebody else."""
    body["viewer"] = ViewerBody(follows=relation.follows, followedBy=relation.followed_by, blocked=relation.blocks)
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
