"""Users as HTTP shows them, and the members that a user may change."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, NotRequired
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

from api.http.bounded import Bounded
from api.http.shown import (
    ADDRESS_EXAMPLE,
    EXACT,
    TIME_EXAMPLE,
    AddressText,
    AmountText,
    ChainIdText,
    QuantityText,
    Time,
)
from steadymint.domain.texts import parse_link, parse_text
from steadymint.identity.users.usernames import MAX_LENGTH, MIN_LENGTH, PATTERN, parse_username

Theme = Literal["light", "dark", "auto"]


PrivacyLevel = Literal["public", "private", "friends"]


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


Link = Annotated[
    str, AfterValidator(parse_link), Field(max_length=2048, description="`https`, `ipfs` or `ar`, without a user part.")
]


class _Change(Bounded):
    """The base of a JSON merge patch. Members that are left out stay; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, strict=True)

    def changes(self) -> dict[str, Any]:
        """The members that the request names."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Socials(_Change):
    """Links to the user's other pages. The object is replaced as a whole."""

    website: Link = Field(default_factory=_left_out)
    x: Link = Field(default_factory=_left_out)
    discord: Link = Field(default_factory=_left_out)
    instagram: Link = Field(default_factory=_left_out)
    telegram: Link = Field(default_factory=_left_out)
    github: Link = Field(default_factory=_left_out)
    farcaster: Link = Field(default_factory=_left_out)


class PreferencesChange(_Change):
    email_notifications: bool = Field(default_factory=_left_out)
    push_notifications: bool = Field(default_factory=_left_out)
    marketing_emails: bool = Field(default_factory=_left_out)
    theme: Theme = Field(default_factory=_left_out)
    privacy_level: PrivacyLevel = Field(
        default_factory=_left_out, description="`public` shows the whole profile; otherwise name and picture only."
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
        description="3 to 30 letters, digits and underscores of ASCII. Unique in any casing; some are reserved.",
    )
    display_name: Annotated[str, AfterValidator(_display_name)] | None = Field(
        None, description="At most 50 characters"
    )
    bio: Annotated[str, AfterValidator(_bio)] | None = Field(None, description="At most 500 characters")
    avatar_url: Link | None = None
    banner_url: Link | None = None
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
        socials: Socials | None = found.pop("socials", None)
        if socials is not None:
            found["socials_json"] = socials.changes()
        return found

    def preference_changes(self) -> dict[str, Any]:
        """The changes by column of `user_preferences`."""
        return self.preferences.changes() if "preferences" in self.model_fields_set else {}


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


class UserBody(TypedDict):
    """A user as everyone sees them. If the profile is not public, only the name and the picture are shown."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    username: str
    displayName: NotRequired[str]
    avatarUrl: NotRequired[str]
    bannerUrl: NotRequired[str]
    bio: NotRequired[str]
    socials: NotRequired[SocialsBody]
    address: NotRequired[Annotated[AddressText, Field(description="The primary wallet, EIP-55.")]]
    stats: NotRequired[UserStatsBody]
    joinedAt: NotRequired[Time]


class WalletBody(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    address: AddressText
    chainId: ChainIdText
    type: Literal["eoa", "contract", "multisig", "smart_account"]
    isPrimary: bool
    label: str | None
    linkedAt: Time


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
    displayName: str | None
    bio: str | None
    avatarUrl: str | None
    bannerUrl: str | None
    locale: str | None
    timezone: str | None
    socials: SocialsBody
    preferences: PreferencesBody
    stats: UserStatsBody
    wallets: list[WalletBody]
    joinedAt: Time
    updatedAt: Time


_STATS_EXAMPLE: Final[dict[str, Any]] = {
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
    "bio": "I mint.",
    "socials": {"website": "https://mint.example"},
    "address": ADDRESS_EXAMPLE,
    "stats": _STATS_EXAMPLE,
    "joinedAt": TIME_EXAMPLE,
}


ME_EXAMPLE: Final[dict[str, Any]] = {
    "userId": "7f0c1c52-7a0e-4b57-9a52-0f2b7f7f3a10",
    "username": "mint_master",
    "displayName": "Mint Master",
    "bio": "I mint.",
    "avatarUrl": "https://mint.example/me.png",
    "bannerUrl": "https://mint.example/banner.png",
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
    "stats": _STATS_EXAMPLE,
    "wallets": [
        {
            "address": ADDRESS_EXAMPLE,
            "chainId": "eip155:31337",
            "type": "eoa",
            "isPrimary": True,
            "label": "Ledger",
            "linkedAt": TIME_EXAMPLE,
        }
    ],
    "joinedAt": TIME_EXAMPLE,
    "updatedAt": TIME_EXAMPLE,
}
