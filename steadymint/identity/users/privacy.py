"""Who sees what of a user: the one rule, for every way in which users are shown.

It is pure. Whoever shows a user asks `visible` and shows those members only; a member that is not named here is shown
to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

PrivacyLevel = Literal["public", "private", "friends"]


class Member(StrEnum):
    """What there is to see of a user, by its name in answers."""

    USERNAME = "username"
    DISPLAY_NAME = "displayName"
    AVATAR = "avatarUrl"
    BANNER = "bannerUrl"
    BIO = "bio"
    SOCIALS = "socials"
    ADDRESS = "address"
    STATS = "stats"
    JOINED = "joinedAt"
    FOLLOWERS = "followers"
    """The list of them."""
    FOLLOWING = "following"
    LOCALE = "locale"
    TIMEZONE = "timezone"
    PREFERENCES = "preferences"
    WALLETS = "wallets"
    """All of them; `address` is the primary one."""


class Viewer(StrEnum):
    """Who looks at a user."""

    OWNER = "owner"
    FRIEND = "friend"
    """The two follow each other."""
    STRANGER = "stranger"
    """Anybody else, signed in or not."""
    BLOCKED = "blocked"


ALWAYS: Final = frozenset({Member.USERNAME, Member.DISPLAY_NAME, Member.AVATAR})
"""Without these nobody would know whom they follow or buy from."""
OWN: Final = frozenset({Member.LOCALE, Member.TIMEZONE, Member.PREFERENCES, Member.WALLETS})
"""For the user alone, at every level."""
BY_LEVEL: Final = frozenset(Member) - ALWAYS - OWN
"""What the user's `privacy_level` decides."""


def visible(level: PrivacyLevel, viewer: Viewer) -> frozenset[Member]:
    """What this viewer sees of a user with this `privacy_level`. Nothing means that the user is not found."""
    if viewer is Viewer.BLOCKED:
        return frozenset()
    if viewer is Viewer.OWNER:
        return frozenset(Member)
    if level == "public" or (level == "friends" and viewer is Viewer.FRIEND):
        return ALWAYS | BY_LEVEL
    return ALWAYS


@dataclass(frozen=True, slots=True)
class Relation:
    """What is between a viewer and a user. All is False for a viewer who has not signed in."""

    is_self: bool = False
    follows: bool = False
    """The viewer follows the user."""
    followed_by: bool = False
    blocks: bool = False
    """The viewer has blocked the user."""
    blocked_by: bool = False

    @property
    def viewer(self) -> Viewer:
        if self.is_self:
            return Viewer.OWNER
        if self.blocked_by:
            return Viewer.BLOCKED
        return Viewer.FRIEND if self.follows and self.followed_by else Viewer.STRANGER


NOBODY: Final = Relation()
"""The relation of a viewer who has not signed in."""
