"""Turns users into the bodies that HTTP shows."""

from __future__ import annotations

from api.accounts.bodies.users import MeBody, PreferencesBody, SocialsBody, UserBody, UserStatsBody, WalletBody
from api.http import shown
from steadymint.catalog.account_totals import AccountTotals
from steadymint.domain.types import Address
from steadymint.identity.users.profiles import Preferences, User, UserStats, UserWallet


def user_body(user: User, address: Address | None, totals: AccountTotals) -> UserBody:
    """The user as everyone may see them. The user has a username."""
    profile = user.profile
    body = UserBody(username=profile.username or "")
    if profile.display_name is not None:
        body["displayName"] = profile.display_name
    if profile.avatar_url is not None:
        body["avatarUrl"] = profile.avatar_url
    if user.preferences.privacy_level != "public":
        return body
    if profile.banner_url is not None:
        body["bannerUrl"] = profile.banner_url
    if profile.bio is not None:
        body["bio"] = profile.bio
    if address is not None:
        body["address"] = shown.address(address)
    body["socials"] = SocialsBody(**profile.socials)  # type: ignore[typeddict-item]
    body["stats"] = _stats_body(totals, user.stats)
    body["joinedAt"] = profile.joined_at
    return body


def me_body(user: User, wallets: list[UserWallet], totals: AccountTotals) -> MeBody:
    """The user as they see themselves."""
    profile = user.profile
    return MeBody(
        userId=profile.user_id,
        username=profile.username,
        displayName=profile.display_name,
        bio=profile.bio,
        avatarUrl=profile.avatar_url,
        bannerUrl=profile.banner_url,
        locale=profile.locale,
        timezone=profile.timezone,
        socials=SocialsBody(**profile.socials),  # type: ignore[typeddict-item]
        preferences=_preferences_body(user.preferences),
        stats=_stats_body(totals, user.stats),
        wallets=[_wallet_body(wallet) for wallet in wallets],
        joinedAt=profile.joined_at,
        updatedAt=profile.updated_at,
    )


def _wallet_body(wallet: UserWallet) -> WalletBody:
    return {
        "address": shown.address(wallet.address),
        "chainId": wallet.chain_id,
        "type": wallet.type,  # type: ignore[typeddict-item]
        "isPrimary": wallet.is_primary,
        "label": wallet.label,
        "linkedAt": wallet.linked_at,
    }


def _preferences_body(found: Preferences) -> PreferencesBody:
    return {
        "emailNotifications": found.email_notifications,
        "pushNotifications": found.push_notifications,
        "marketingEmails": found.marketing_emails,
        "theme": found.theme,  # type: ignore[typeddict-item]
        "privacyLevel": found.privacy_level,  # type: ignore[typeddict-item]
        "currency": found.currency,
    }


def _stats_body(totals: AccountTotals, stats: UserStats) -> UserStatsBody:
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
