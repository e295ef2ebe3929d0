"""`data:` URIs (RFC 2397) of contracts, including malformed ones that can still be read. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from steadymint.domain.metadata import unreadable

_MAX_HEAD: Final = 256
"""Characters before the comma."""
_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_DOCUMENT_TYPES: Final = re.compile(r"|application/([\w.+-]+\+)?json|text/(plain|json)")
"""The types of a `data:` URI that may be a document. An empty type means text/plain."""
_SAFE: Final = "!$&'()*+,/:;=?@[]~-._{}|"
"""Characters of content that are not escaped. `#` is, because a browser ends the content there."""
_SAFE_IN_WORD: Final = "!$&'*+-.^_`|~=/ "
"""Characters of a parameter that are not escaped (RFC 2397, RFC 2045)."""


@dataclass(frozen=True, slots=True)
class Inline:
    """The content of a `data:` URI."""

    content_type: str
    """Lower case, without parameters; "" if the URI names none."""
    body: bytes
    parameters: tuple[str, ...] = ()
    """As the URI has them, without `base64`."""
    encoded: bool = False
    """Whether the URI has the content in base64."""

    @property
    def uri(self) -> str:
        """The same content as a well-formed URI. `#` and `%` are escaped, so that a browser reads what we read."""
        words = (self.content_type, *(quote(word, safe=_SAFE_IN_WORD) for word in self.parameters))
        if self.encoded:
            return f"data:{';'.join((*words, 'base64'))},{base64.b64encode(self.body).decode()}"
        return f"data:{';'.join(words)},{quote(self.body, safe=_SAFE)}"


def is_inline(uri: str) -> bool:
    """Whether this is a `data:` URI."""
    return uri[:5].lower() == "data:"


def content_type_of(uri: str) -> str:
    """The type that a `data:` URI names. Nothing is decoded."""
    return uri[5 : 5 + _MAX_HEAD].partition(",")[0].partition(";")[0].strip().lower()


def is_document_type(content_type: str) -> bool:
    """Whether a `data:` URI of that type may be a metadata document. `text/html` may not."""
    return _DOCUMENT_TYPES.fullmatch(content_type) is not None


def decode(uri: str, max_bytes: int) -> Inline:
    """The content, of at most `max_bytes` bytes. A URI that is too long is refused before anything is decoded.

    Of the parameters only `;base64` has a meaning; others (`;utf8`, `;charset=utf-8`) are kept. All that follows the
    comma is content, also `#` and `?`, because contracts write drawings and documents there without escaping them. A
    `%` with two hex digits is an escape; any other `%` is content.

    Raises:
        DocumentUnreadableError: `too_large` or `bad_uri`.
    """
    head, comma, payload = uri[5 : 5 + _MAX_HEAD].partition(",")
    if not comma:
        raise unreadable("bad_uri", "The data URI has no comma")
    start = 5 + len(head) + 1
    parameters = [word.strip() for word in head.split(";")[1:]]
    others = tuple(word for word in parameters if word.lower() != "base64")
    encoded = len(others) < len(parameters)
    # A byte takes at most three characters. In base64 three bytes take four, or twelve if those are escaped.
    if len(uri) - start > 3 * max_bytes + 4:
        raise unreadable("too_large", f"The data URI holds more than {max_bytes} bytes")
    payload = uri[start:]
    body = _base64(payload) if encoded else unquote_to_bytes(payload.encode("utf-8", "replace"))
    if len(body) > max_bytes:
        raise unreadable("too_large", f"The data URI holds more than {max_bytes} bytes")
    return Inline(content_type_of(uri), body, others, encoded)


def _base64(payload: str) -> bytes:
    """The bytes of base64 in the standard or the URL-safe alphabet. White space and missing padding are allowed."""
    try:
        raw = unquote_to_bytes(payload.encode("ascii")).translate(_STANDARD, b" \t\r\n").rstrip(b"=")
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise unreadable("bad_uri", "The data URI is not base64") from None
