"""The keys of the settings that an operator changes while everything runs: name, type, bounds, default.

Settings that a process needs to start, and secrets, are in the environment (`steadymint.settings`). The table
`audit_service.settings` holds the values that differ from the default, as text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

Value = TypeVar("Value", int, str)


@dataclass(frozen=True, slots=True)
class Key(Generic[Value]):
    """One setting."""

    name: str
    default: Value
    description: str
    parse: Callable[[str], Value]
    """From the text of a command or a row. Raises ValueError with what is wrong, as the end of a sentence."""
    public: bool = False
    """Whether `GET /v1/settings` shows it to everybody."""


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Reads a decimal number within bounds."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most):
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return parse


def short_text(most: int) -> Callable[[str], str]:
    """Reads a text of one line."""

    def parse(text: str) -> str:
        if len(text) > most or not text.isprintable():
            raise ValueError(f"must be at most {most} characters on one line")
        return text

    return parse


DELETION_GRACE: Final = Key(
    "accounts.deletion_grace_days",
    14,
    "Days in which a user can take back the deletion of their account",
    whole_number(1, 90),
    public=True,
)
EXPORT_LIFE: Final = Key(
    "accounts.export_life_hours",
    72,
    "Hours for which an export can be downloaded",
    whole_number(1, 720),
    public=True,
)
AUDIT_RETENTION: Final = Key(
    "audit.retention_days", 365, "Days for which security events are kept", whole_number(30, 3_650)
)
SIGN_IN_RETENTION: Final = Key(
    "audit.sign_in_retention_days",
    180,
    "Days for which the log of sign-ins, and the addresses of ended sessions, are kept",
    whole_number(1, 3_650),
)
NOTICE: Final = Key("site.notice", "", "What front ends show on every page", short_text(280), public=True)

KEYS: Final[dict[str, Key[Any]]] = {
    key.name: key for key in (DELETION_GRACE, EXPORT_LIFE, AUDIT_RETENTION, SIGN_IN_RETENTION, NOTICE)
}
"""By name."""
