"""Forms with files, by the GraphQL multipart request specification: the limits of an upload, before a form is parsed.

The library reads a form when it wants the operation. It is read here before that, so that the library finds it read.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Final

from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from api.graphql.sockets import token_of
from api.media.uploads import NotAFormError, boundary_of, has_many_delimiters, place_of
from api.root import services_of
from api.sessions import session_of
from steadymint.domain.errors import BadRequestError, UnauthorizedError, UploadInterruptedError

PREFLIGHTED: Final = ("apollo-require-preflight", "graphql-require-preflight", "x-apollo-operation-name")
"""A form needs one of these headers: a browser lets a page of another origin send it only after a preflight."""
FIELDS: Final = 2
"""`operations` and `map`."""
MAX_FILES: Final = 12
"""Of one form: three times what one `uploadMedia` takes. With its fields, a form of them has less delimiters than one
packet may have."""


async def read_form(request: Request, held: AsyncExitStack, *, max_field: int) -> Request:
    """The request with its form read. `held` keeps the place of the upload, and the files.

    Raises BadRequestError, UnauthorizedError, RateLimitedError, UploadInterruptedError.
    """
    if not any(name in request.headers for name in PREFLIGHTED):
        raise BadRequestError(f"A form needs the header {PREFLIGHTED[1]}, with any value")
    token = token_of(request)
    if token is None:
        raise UnauthorizedError
    services = services_of(request)
    session = await session_of(token, services.sign_in)  # nobody else has files read, and kept, for nothing
    boundary = _boundary_of(request)
    count = held.enter_context(place_of(request.scope, services, session.user_id))
    found = Request(request.scope, _counted(request.receive, boundary, count))
    held.push_async_callback(found.close)
    try:
        await found.form(max_files=MAX_FILES, max_fields=FIELDS, max_part_size=max_field)
    except ClientDisconnect:
        raise UploadInterruptedError from None
    return found


def _boundary_of(request: Request) -> bytes:
    try:
        boundary = boundary_of(request)
    except NotAFormError as error:
        raise BadRequestError(error.detail) from None
    _, options = parse_options_header(request.headers["content-type"])
    if options.get(b"charset", b"utf-8").lower() != b"utf-8":  # some take the square of a field's length to decode
        raise BadRequestError("A form is written in UTF-8")
    return boundary


def _counted(receive: Receive, boundary: bytes, count: Callable[[int], None]) -> Receive:
    """What is received, with its bytes counted. Raises RateLimitedError, and BadRequestError for what would keep the
    parser busy."""

    async def counted() -> Message:
        message = await receive()
        packet = message.get("body", b"")
        count(len(packet))
        if has_many_delimiters(packet, boundary):
            raise BadRequestError("The form cannot be read")
        return message

    return counted
