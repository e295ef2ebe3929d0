"""What came from outside, as it may be repeated: in a log line, in a problem document, in the log of attempts."""

from __future__ import annotations

from typing import Final

LOGGED_CHARACTERS: Final = 256


def printable(text: str, longest: int = LOGGED_CHARACTERS) -> str:
    """No control characters, no direction marks, no lone surrogates, none but the first `longest` characters.

    The JSON renderer escapes too; this keeps the console renderer, and whoever prints a field, just as safe. Neither
    Postgres nor UTF-8 takes all that JSON may hold.
    """
    cut = text[:longest]
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut)
