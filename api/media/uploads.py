"""Reads one file from a `multipart/form-data` body (RFC 7578) as it arrives. Only one packet and one write of it are in
memory. What a user may upload is limited here for every form: of the route, and of GraphQL."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect
from starlette.types import Scope

from api.http.body_limits import BodyLimit, declared_length
from api.root import Services
from steadymint.domain.errors import (
    InvalidInputError,
    MediaTooLargeError,
    UnsupportedMediaTypeError,
    UploadInterruptedError,
)
from steadymint.domain.types import UserId
from steadymint.settings import MediaSettings

UPLOAD_ROUTE: Final = ("POST", "/v1/media")
FIELD: Final = "file"
FORM_OVERHEAD: Final = 16 * 1024
"""Bytes of a form beside the file: two boundaries and some headers."""
MAX_PART_HEADERS: Final = 8
MAX_PART_HEADER: Final = 8 * 1024
"""Bytes of one header. A file name of 1,000 characters has at most 4,000."""
MAX_DELIMITERS: Final = 16
"""Delimiters in one packet. A form of one file has two in all. Where data looks like a delimiter, the parser reads byte
by byte, so data full of them would keep it busy."""

UPLOADING: Final = "steadymint.uploading"
"""Key of the scope: whether the request has a place for its upload."""


class NotAFormError(UnsupportedMediaTypeError):
    title = "Send the file as multipart/form-data, in the field `file`"


def upload_limit(settings: MediaSettings) -> BodyLimit:
    """The limits on the body of an upload: the file and the form around it."""
    return BodyLimit(settings.max_bytes + FORM_OVERHEAD, settings.upload_seconds, MediaTooLargeError)


@contextmanager
def place_of(scope: Scope, services: Services, user_id: UserId) -> Generator[Callable[[int], None]]:
    """A place for the upload of a request, and what counts bytes of it as they arrive. A request that has a place gets
    no other, and its bytes are counted already: a field of GraphQL asks the route within the request that has brought
    the form.

    Raises RateLimitedError, also if what the request declares is more than the user may send.
    """
    if scope.get(UPLOADING):
        yield lambda _: None
        return
    user = str(user_id)
    services.uploaded_bytes.check(user, declared_length(scope))
    with services.media.slots.take(user_id):
        scope[UPLOADING] = True
        yield partial(services.uploaded_bytes.take, user)


async def receive_file(request: Request, write: Callable[[bytes], Awaitable[None]], *, max_bytes: int) -> None:
    """Pass the bytes of the field `file` to `write`, piece by piece. The file's name and declared type are ignored,
    because they can only mislead.

    Raises NotAFormError, MediaTooLargeError, InvalidInputError for a form with other fields or more than one file, and
    UploadInterruptedError.
    """
    form = _Form(boundary_of(request))
    taken = 0
    try:
        async for packet in request.stream():
            for piece in form.feed(packet):
                taken += len(piece)
                if taken > max_bytes:
                    raise MediaTooLargeError(f"The file is larger than {max_bytes} bytes")
                await write(piece)
    except ClientDisconnect:
        raise UploadInterruptedError from None
    form.end()
    if not taken:
        raise _invalid("the file is empty")


def boundary_of(request: Request) -> bytes:
    """The boundary of a form. Raises NotAFormError."""
    given = request.headers.getlist("content-type")
    kind, options = parse_options_header(given[0] if len(given) == 1 else None)
    if kind != b"multipart/form-data":
        raise NotAFormError
    boundary = options.get(b"boundary", b"")
    if not 1 <= len(boundary) <= 70:  # RFC 2046, section 5.1.1
        raise NotAFormError("The boundary of the form must have 1 to 70 characters")
    return boundary


def has_many_delimiters(packet: bytes, boundary: bytes) -> bool:
    """Whether the packet would keep a parser busy."""
    return packet.count(b"\r\n--" + boundary) > MAX_DELIMITERS


class _Form:
    """The parser of a form with one field. `feed` returns what the parser's callbacks got."""

    def __init__(self, boundary: bytes) -> None:
        self._parts = 0
        self._complete = False
        self._name = bytearray()
        self._value = bytearray()
        self._disposition: bytes | None = None
        self._pieces: list[bytes] = []
        self._boundary = boundary
        callbacks: Any = {
            "on_part_begin": self._part_begins,
            "on_header_begin": self._header_begins,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_end": self._end,
        }
        self._parser = MultipartParser(
            boundary, callbacks, max_header_count=MAX_PART_HEADERS, max_header_size=MAX_PART_HEADER
        )

    def feed(self, packet: bytes) -> list[bytes]:
        """The pieces of the file that were in the packet."""
        if has_many_delimiters(packet, self._boundary):
            raise _invalid("the form cannot be read")
        try:
            self._parser.write(packet)
        except FormParserError:
            raise _invalid("the form cannot be read") from None
        pieces, self._pieces = self._pieces, []
        return pieces

    def end(self) -> None:
        """Raises InvalidInputError if the form is not complete."""
        if not self._complete or not self._parts:
            raise _invalid("the form has no end" if self._parts else "the form has no file")

    def _part_begins(self) -> None:
        self._parts += 1
        if self._parts > 1:
            raise _invalid("send one file and no other field")

    def _header_begins(self) -> None:
        self._name.clear()
        self._value.clear()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        # The part's own Content-Type is not read. The bytes decide the type.
        if bytes(self._name).lower() == b"content-disposition":
            if self._disposition is not None:
                raise _invalid("the part has two dispositions")
            self._disposition = bytes(self._value)

    def _headers_end(self) -> None:
        kind, options = parse_options_header((self._disposition or b"").decode("latin-1"))
        if kind != b"form-data" or options.get(b"name") != FIELD.encode():
            raise _invalid("send one file and no other field")
        if b"filename" not in options:
            raise _invalid("the field holds text and no file")

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._pieces.append(data[start:end])

    def _end(self) -> None:
        self._complete = True


def _invalid(reason: str) -> InvalidInputError:
    return InvalidInputError(f"{FIELD}: {reason}", fields=[{"field": FIELD, "reason": reason}])
