"""Text that people write and other people see.

A text is refused if it can look like another text, break a database or a log, or turn the page around it. So control
characters, unpaired surrogates, unassigned and private code points, direction overrides and invisible characters are
refused. The joiners U+200C and U+200D are allowed where they join something, because Persian, Indic scripts and emoji
need them. Variation selectors are allowed in emoji. Elsewhere both are invisible and refused.
"""

from __future__ import annotations

import unicodedata
from typing import Final
from urllib.parse import urlsplit

_JOINERS: Final = frozenset("\u200c\u200d")
_TEXT_STYLE, _EMOJI_STYLE = "\ufe0e", "\ufe0f"
_VIRAMA: Final = 9  # canonical combining class
_SELECTORS: Final = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_BLANK: Final = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # look like nothing, are letters
_LOOKED_AT: Final = _BLANK | _JOINERS | _SELECTORS
_REFUSED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_MAX_MARKS: Final = 30
"""Combining marks in a row. No language needs more (UAX #15, Stream-Safe Text Format)."""
_MAX_URL: Final = 2048
_URL_SCHEMES: Final = frozenset({"https", "ipfs", "ar"})

_PADDING: Final = "".join(
    (
        *map(chr, (*range(0x21), *range(0x7F, 0xA1))),  # controls, NUL among them, and ASCII spaces
        "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
        "\u061c\u180e\u200b\u200c\u200d\u200e\u200f\ufeff",  # zero width: nothing to separate, join or order there
        *map(chr, (*range(0x202A, 0x202F), *range(0x2060, 0x2070))),
        *_BLANK,
    )
)
"""Characters that show nothing at the edge of a text. Tag characters and selectors are not among them: emoji end in
them."""


def without_padding(text: str) -> str:
    """`text` without what shows nothing around it: white space, NUL and other controls, zero-width characters.

    Contracts and documents pad names, symbols and addresses with them. All that is read from strangers is cut here.
    """
    return text.strip(_PADDING)


def without_excess_marks(text: str) -> str:
    """`text` without the combining marks that follow `_MAX_MARKS` others.

    The time of a normalisation grows with the square of a run of marks: 40,000 in a row take seconds. Marks are told by
    their category, because some have the combining class 0 and are decomposed into marks of other classes (U+0F73).
    """
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char).startswith("M") else 0
        if run <= _MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def parse_text(text: str, *, max_length: int, lines: bool = False) -> str:
    """`text` in NFC without white space around it; at most `max_length` code points. Raises ValueError.

    `lines` lets line feeds (and, in place of them, carriage returns) through.
    """
    if lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > 4 * max_length:  # before any work that grows with it
        raise ValueError(f"must have at most {max_length} characters")
    if not _is_plain(text.replace("\n", "") if lines else text):
        _check_characters(text, lines)
    if not text.isascii() and without_excess_marks(text) != text:
        raise ValueError(f"must not hold more than {_MAX_MARKS} combining marks in a row")
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > max_length:
        raise ValueError(f"must have at most {max_length} characters")
    return text


def _is_plain(text: str) -> bool:
    """Whether the text needs no check of each character. Printable text holds no refused category."""
    return text.isprintable() and (text.isascii() or _LOOKED_AT.isdisjoint(text))


def _check_characters(text: str, lines: bool) -> None:
    for at, char in enumerate(text):
        if lines and char == "\n":
            continue
        if char in _JOINERS or char in _SELECTORS:
            refused = not _has_effect(text, at)
        else:
            refused = char in _BLANK or unicodedata.category(char) in _REFUSED_CATEGORIES
        if refused:
            raise ValueError(f"must not hold the character U+{ord(char):04X} here")


def _has_effect(text: str, at: int) -> bool:
    """Whether the joiner or selector at `at` stands where a script or an emoji needs it.

    A joiner: between two characters, after an Arabic letter, a virama (RFC 5892, appendix A) or an emoji. A selector:
    after a character that has an emoji of its own.
    """
    before, char, after = text[at - 1 : at], text[at], text[at + 1 : at + 2]
    if not before:
        return False
    if char in _SELECTORS:
        return char in (_TEXT_STYLE, _EMOJI_STYLE) and (_is_picture(before) or before in "#*0123456789\u203c\u2049")
    if not after.strip() or after in _JOINERS or unicodedata.category(after) in _REFUSED_CATEGORIES:
        return False
    joins = unicodedata.bidirectional(before) == "AL" or unicodedata.combining(before) == _VIRAMA
    return joins or _is_picture(before) or before == _EMOJI_STYLE


def _is_picture(char: str) -> bool:
    return unicodedata.category(char) in ("So", "Sm") or "\U0001f3fb" <= char <= "\U0001f3ff"  # the last: skin tones


def parse_link(text: str) -> str:
    """An `https`, `ipfs` or `ar` address that others may follow. Raises ValueError.

    A user part (`https://market.example@evil.example`) is refused: it is only ever used to deceive.
    """
    if len(text) > _MAX_URL:
        raise ValueError(f"must have at most {_MAX_URL} characters")
    if not text.isascii() or any(char <= " " or char in '"<>\\^`{|}\x7f' for char in text):
        raise ValueError("must be an address without spaces, percent-encoded where needed")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ValueError("must be an address") from None
    if parts.scheme not in _URL_SCHEMES or not parts.netloc or "@" in parts.netloc:
        raise ValueError("must be an https, ipfs or ar address with a host and without a user")
    return text


def as_code(text: str) -> str:
    """`text` as a code span of Markdown. The Temporal UI renders Markdown, so an untrusted name or reason could
    otherwise show a link or a picture."""
    return "`" + " ".join(text.split()).replace("`", "'") + "`"
