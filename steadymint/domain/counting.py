"""Numbers with the word that they count, in the right form."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """`1 token`, `2 tokens`. See `form`."""
    return f"{number} {form(number, one, many)}"


def form(number: int, one: str, many: str = "") -> str:
    """`token`, `tokens`: the form of a word beside a number. `many` is the form for all numbers but one, if it is not
    `one` with an s."""
    return one if number == 1 else many or f"{one}s"


def are(number: int) -> str:
    """The verb behind a number of things."""
    return form(number, "is", "are")
