"""Usernames: their syntax, and the rule by which two of them count as the same.

A username has 3 to 30 ASCII letters, digits and underscores. So no other script, combining mark or invisible character
can make two names look alike. The skeleton removes the difference in case.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MIN_LENGTH: Final = 3
MAX_LENGTH: Final = 30
PATTERN: Final = r"^[A-Za-z0-9_]{3,30}$"

_USERNAME = re.compile(r"[A-Za-z0-9_]{3,30}", re.ASCII)

RESERVED: Final = frozenset(
    """
    abuse account accounts admin administrator api app auth billing bot collection collections contact dashboard dev
    developer docs explore faq help home info legal login logout mail market marketplace me media mint mod moderator
    news null official ops owner postmaster privacy profile register root search security settings sign_in signin
    signup staff status steadymint support system team terms token tokens undefined user username users verified
    verify wallet wallets webmaster www
    """.split()  # noqa: SIM905 - a list of seventy quoted words hides the words
)
"""Names that would appear to speak for the marketplace, or that a front end needs for its own paths."""


class UsernameReservedError(ValueError):
    """The name is well-formed but reserved."""


def skeleton_of(name: str) -> str:
    """The form in which two equal names agree: the NFKC form of the case-folded NFKC form (Unicode TR 31, 5.1)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def is_username(text: str) -> bool:
    """Whether the text has the syntax of a username. Reserved names have it too."""
    return _USERNAME.fullmatch(text) is not None


def parse_username(text: str) -> str:
    """A username as its owner writes it. Raises ValueError, `UsernameReservedError` for a reserved name."""
    if not is_username(text):
        raise ValueError("must be 3 to 30 of the letters a-z, digits and underscore")
    if skeleton_of(text).strip("_") in RESERVED:
        raise UsernameReservedError("is reserved")
    return text
