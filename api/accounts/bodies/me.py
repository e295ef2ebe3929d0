"""The signed-in user, and the members that they may change."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, cast
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from api.accounts.bodies.follows import PictureUrl
from api.accounts.bodies.users import STATS_EXAMPLE, SocialsBody, UserStatsBody
from api.http.bounded import Bounded
from api.http.fields import MediaIdField
from api.http.shown import ADDRESS_EXAMPLE, EXACT, MEDIA_ID_EXAMPLE, TIME_EXAMPLE, AddressText, ChainIdText, Time
from steadymint.domain.media import MediaId
from steadymint.domain.texts import parse_text
from steadymint.identity.users.privacy import PrivacyLevel
from steadymint.identity.users.socials import SITES, SocialKind, parse_social
from steadymint.identity.users.usernames import MAX_LENGTH, MIN_LENGTH, PATTERN, parse_username

Theme = Literal["light", "dark", "auto"]

_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}", re.ASCII)
_TIMEZONES: Final = frozenset(available_timezones())


def _display_name(text: str) -> str:
    return parse_text(text, max_length=50)


def _bio(text: str) -> str:
    return parse_text(text, max_length=500, lines=True)


def _locale(text: str) -> str:
    if not _LOCALE.fullmatch(text):
        raise ValueError("must be a language tag such as en or pt-BR")
    return text


def _timezone(text: str) -> str:
    if text not in _TIMEZONES:
        raise ValueError("must be the IANA name of a time zone")
    return text


def _left_out() -> Any:
    """The value of a member that the request leaves out. Nothing reads it: `model_fields_set` decides."""
    return None


class _Change(Bounded):
    """The base of a JSON merge patch. Members that are left out stay; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, strict=True)

    def changes(self) -> dict[str, Any]:
        """The members that the request names."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Socials(_Change):
    """Links to the user's other pages, each on the site of its kind. The object is replaced as a whole."""

    website: str = Field(default_factory=_left_out, max_length=2048, examples=["https://mint.example"])
    x: str = Field(default_factory=_left_out, max_length=2048, examples=[SITES["x"].example])
    discord: str = Field(default_factory=_left_out, max_length=2048, examples=[SITES["discord"].example])
    instagram: str = Field(default_factory=_left_out, max_length=2048, examples=[SITES["instagram"].example])
    telegram: str = Field(default_factory=_left_out, max_length=2048, examples=[SITES["telegram"].example])
    github: str = Field(default_factory=_left_out, max_length=2048, examples=[SITES["github"].example])
    farcaster: str = Field(default_factory=_left_out, max_length=2048, examples=[SITES["farcaster"].example])

    @field_validator("*")
    @classmethod
    def _of_its_kind(cls, text: str, info: ValidationInfo) -> str:
        return parse_social(cast(SocialKind, info.field_name), text)


class PreferencesChange(_Change):
    email_notifications: bool = Field(default_factory=_left_out)
    push_notifications: bool = Field(default_factory=_left_out)
    marketing_emails: bool = Field(default_factory=_left_out)
    theme: Theme = Field(default_factory=_left_out)
    privacy_level: PrivacyLevel = Field(
        default_factory=_left_out,
        description="Who sees the whole profile: everyone, nobody, or friends (you follow each other). Everyone sees "
        "name and picture.",
    )
    currency: str = Field(default_factory=_left_out, pattern="^[A-Z0-9]{2,10}$", examples=["USD"])


class MeChange(_Change):
    """The body of `PATCH /v1/me`. Members that are left out stay, null clears one, unknown members are refused."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"username": "mint_master", "bio": "I mint.", "preferences": {"theme": "dark"}}]
        }
    )

    username: Annotated[str, AfterValidator(parse_username)] = Field(
        default_factory=_left_out,
        min_length=MIN_LENGTH,
        max_length=MAX_LENGTH,
        json_schema_extra={"pattern": PATTERN},
        description="3 to 30 letters, digits and underscores of ASCII. Unique among names that look alike; some are "
        "reserved, and none begins with `0x`. One new name in 30 days; the old one is kept for you that long.",
    )
    display_name: Annotated[str, AfterValidator(_display_name)] | None = Field(
        None, description="At most 50 characters"
    )
    bio: Annotated[str, AfterValidator(_bio)] | None = Field(None, description="At most 500 characters")
    avatar_id: MediaIdField | None = Field(None, description="The id of a picture that you have uploaded.")
    banner_id: MediaIdField | None = Field(None, description="As `avatarId`.")
    locale: Annotated[str, AfterValidator(_locale)] | None = Field(None, description="BCP 47", examples=["en"])
    timezone: Annotated[str, AfterValidator(_timezone)] | None = Field(
        None, description="IANA name", examples=["Europe/Berlin"]
    )
    socials: Socials = Field(default_factory=_left_out)
    preferences: PreferencesChange = Field(default_factory=_left_out)

    def profile_changes(self) -> dict[str, Any]:
        """The changes by column of `profiles`."""
        found = self.changes()
        found.pop("preferences", None)
        found.pop("username", None)
        socials: Socials | None = found.pop("socials", None)
        if socials is not None:
            found["socials_json"] = socials.changes()
        return found

    def preference_changes(self) -> dict[str, Any]:
        """The changes by column of `user_preferences`."""
        return self.preferences.changes() if "preferences" in self.model_fields_set else {}

    def new_username(self) -> str | None:
        return self.username if "username" in self.model_fields_set else None

    def pictures(self) -> frozenset[MediaId]:
        """The pictures that the change names."""
        return frozenset(one for one in (self.avatar_id, self.banner_id) if one is not None)


class WalletBody(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    address: AddressText
    chainId: ChainIdText
    type: Literal["eoa", "contract", "multisig", "smart_account"]
    isPrimary: bool
    label: str | None
    linkedAt: Time
    lastSeenAt: Annotated[Time | None, Field(description="When it was proven last, by a sign-in or a link.")]


class PreferencesBody(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    emailNotifications: bool
    pushNotifications: bool
    marketingEmails: bool
    theme: Theme
    privacyLevel: PrivacyLevel
    currency: str


class MeBody(TypedDict):
    """The signed-in user. Members without a value are null."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    userId: UUID
    username: str | None
    usernameChangeableAt: Annotated[
        Time | None, Field(description="When another new name may be taken; null if you never changed yours.")
    ]
    displayName: str | None
    bio: str | None
    avatarId: str | None
    avatarUrl: PictureUrl | None
    bannerId: str | None
    bannerUrl: PictureUrl | None
    locale: str | None
    timezone: str | None
    socials: SocialsBody
    preferences: PreferencesBody
    stats: UserStatsBody
    wallets: list[WalletBody]
    joinedAt: Time
    updatedAt: Time


WALLET_EXAMPLE: Final[dict[str, Any]] = {
    "address": ADDRESS_EXAMPLE,
    "chainId": "eip155:31337",
    "type": "eoa",
    "isPrimary": True,
    "label": "Ledger",
    "linkedAt": TIME_EXAMPLE,
    "lastSeenAt": TIME_EXAMPLE,
}
ME_EXAMPLE: Final[dict[str, Any]] = {
    "userId": "7f0c1c52-7a0e-4b57-9a52-0f2b7f7f3a10",
    "username": "mint_master",
    "usernameChangeableAt": None,
    "displayName": "Mint Master",
    "bio": "I mint.",
    "avatarId": MEDIA_ID_EXAMPLE,
    "avatarUrl": f"/media/{MEDIA_ID_EXAMPLE}",
    "bannerId": None,
    "bannerUrl": None,
    "locale": "en",
    "timezone": "Europe/Berlin",
    "socials": {"website": "https://mint.example"},
    "preferences": {
        "emailNotifications": True,
        "pushNotifications": True,
        "marketingEmails": False,
        "theme": "dark",
        "privacyLevel": "public",
        "currency": "USD",
    },
    "stats": STATS_EXAMPLE,
    "wallets": [WALLET_EXAMPLE],
    "joinedAt": TIME_EXAMPLE,
    "updatedAt": TIME_EXAMPLE,
}
