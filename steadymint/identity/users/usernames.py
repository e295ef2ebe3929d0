"""Which usernames there can be, and when two of them are one.

Letters, digits and underscore of ASCII, 3 to 30 of them: no name can be mistaken for another by way of another script,
a combining mark or an invisible character. What is left, case, is folded by the skeleton.
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
"""Names that speak for the marketplace, or that a front end wants for a path of its own."""


class UsernameReservedError(ValueError):
    """The name is well-formed and not to be had."""


def skeleton_of(name: str) -> str:
    """What two names share when they are one: the NFKC form of the case-folded NFKC form (Unicode TR 31, 5.1)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def is_username(text: str) -> bool:
    """Whether anybody can have the name; names reserved since they were taken included."""
    return _USERNAME.fullmatch(text) is not None


def parse_username(text: str) -> str:
    """A username as its owner writes it. Raises ValueError, `UsernameReservedError` for a reserved name."""
    if not is_username(text):
        raise ValueError("must be 3 to 30 of the letters a-z, digits and underscore")
    if skeleton_of(text).strip("_") in RESERVED:
        raise UsernameReservedError("is reserved")
    return text
