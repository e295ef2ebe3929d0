"""Usernames: their syntax, and the rule by which two of them count as the same.

A username has 3 to 30 ASCII letters, digits and underscores. So no other script, combining mark or invisible character
can make two names look alike. Among these 63 characters some look like others in one case or the other (Unicode TS 39):
`I`, `l` and `1`, `O` and `0`, `m` and `rn`. The skeleton removes these differences and the difference in case.
"""

from __future__ import annotations

import re
from typing import Final

MIN_LENGTH: Final = 3
MAX_LENGTH: Final = 30
PATTERN: Final = r"^[A-Za-z0-9_]{3,30}$"

_USERNAME = re.compile(r"[A-Za-z0-9_]{3,30}", re.ASCII)

LOOK_ALIKES: Final = {"0": "o", "1": "l", "i": "l", "m": "rn"}
"""What each lower-case character of a name becomes in the skeleton. A test compares it with the Unicode confusables as
a library has them. It is a constant, because the check on the table `usernames` says the same in SQL."""

_FOLDED: Final = str.maketrans(LOOK_ALIKES)

RESERVED: Final = frozenset(
    """
    abuse account accounts admin administrator api app auth billing bot collection collections contact dashboard dev
    developer docs explore faq help home info legal login logout mail market marketplace me media mint mod moderator
    news null official ops owner postmaster privacy profile register root search security settings sign_in signin
    signup staff status steadymint support system team terms token tokens undefined user username users verified
    verify wallet wallets webmaster www you
    """.split()  # noqa: SIM905 - a list of seventy quoted words hides the words
)
"""Names that would appear to speak for the marketplace, or that a front end needs: for its own paths, or, as `you`, for
who looks at a page."""

ADDRESS_PREFIX: Final = "0x"
"""How an account's address begins. A name that begins so, in any casing, could be taken for a shortened address."""


def skeleton_of(name: str) -> str:
    """The form in which two usernames agree if they look alike. It is for comparison only and shown to nobody."""
    return name.lower().translate(_FOLDED)


_RESERVED_SKELETONS: Final = frozenset(map(skeleton_of, RESERVED))


class UsernameReservedError(ValueError):
    """The name is well-formed but reserved."""


def is_username(text: str) -> bool:
    """Whether the text has the syntax of a username. Reserved names have it too."""
    return _USERNAME.fullmatch(text) is not None


def parse_username(text: str) -> str:
    """A username as its owner writes it. Raises ValueError, `UsernameReservedError` for a reserved name."""
    if not is_username(text):
        raise ValueError("must be 3 to 30 of the letters a-z, digits and underscore")
    if text.lower().startswith(ADDRESS_PREFIX):
        raise ValueError(f"must not begin with {ADDRESS_PREFIX}, as addresses do")
    if skeleton_of(text).strip("_") in _RESERVED_SKELETONS:
        raise UsernameReservedError("is reserved")
    return text
