"""Turns a user into the body that they see of themselves."""

from __future__ import annotations

from api.accounts.bodies.me import MeBody, PreferencesBody
from api.accounts.bodies.users import SocialsBody
from api.accounts.views.users import picture_url, stats_body
from api.accounts.views.wallets import wallet_body
from steadymint.catalog.account_totals import AccountTotals
from steadymint.identity.users.profiles import Preferences, User
from steadymint.identity.users.renaming import next_change
from steadymint.identity.wallets.reads import OwnLink


def me_body(user: User, wallets: list[OwnLink], totals: AccountTotals, base: str) -> MeBody:
    """The user as they see themselves."""
    profile = user.profile
    return MeBody(
        userId=profile.user_id,
        username=profile.username,
        usernameChangeableAt=next_change(profile.username_changed_at),
        displayName=profile.display_name,
        bio=profile.bio,
        avatarId=profile.avatar_id,
        avatarUrl=picture_url(profile.avatar_id, base),
        bannerId=profile.banner_id,
        bannerUrl=picture_url(profile.banner_id, base),
        locale=profile.locale,
        timezone=profile.timezone,
        socials=SocialsBody(**profile.socials),  # type: ignore[typeddict-item]
        preferences=_preferences_body(user.preferences),
        stats=stats_body(totals, user.stats),
        wallets=[wallet_body(wallet) for wallet in wallets],
        joinedAt=profile.joined_at,
        updatedAt=profile.updated_at,
    )


def _preferences_body(found: Preferences) -> PreferencesBody:
    return {
        "emailNotifications": found.email_notifications,
        "pushNotifications": found.push_notifications,
        "marketingEmails": found.marketing_emails,
        "theme": found.theme,  # type: ignore[typeddict-item]
        "privacyLevel": found.privacy_level,  # type: ignore[typeddict-item]
        "currency": found.currency,
    }
