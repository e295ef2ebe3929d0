"""The serving of files: whole or in part, cacheable for ever, and without rights in a browser.

The content under a name never changes, so caches need not ask again. The content is untrusted: its type is one of a
short list, and a browser that opens it gives it no rights.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from fastapi import Request, Response
from starlette.responses import StreamingResponse

from api.http.etags import names_tag
from api.http.problems import problem
from api.http.ranges import ByteRange, UnsatisfiableError, byte_range_of
from steadymint.domain.counting import counted
from steadymint.domain.errors import NotFoundError, RangeNotSatisfiableError

IMMUTABLE: Final = "public, max-age=31536000, immutable"
REVALIDATED: Final = "public, no-cache"
OPEN_HEADERS: Final = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
}
"""Every page may embed the file, and nothing in the file may run."""

EXTENSIONS: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "application/json": "json",
}
"""The types that are served under their own name. SVG and HTML are not among them, because both can run scripts."""
_UNKNOWN: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class File:
    """A file to serve."""

    name: str
    """The name without an extension. It is made by us, because it goes into a header."""
    mime: str
    size: int
    """Bytes."""
    etag: str
    """A strong ETag with its quotes. Other bytes have another ETag."""
    stream: Callable[[int, int], AsyncIterator[bytes]]
    """The bytes from `start` to before `end`. Raises NotFoundError at the first piece if they are gone."""
    cache: str = IMMUTABLE
    """`Cache-Control`. What may be another file soon is `REVALIDATED`."""


async def serve(request: Request, file: File | None) -> Response:
    """Answer with 200, 206, 304, 404 or 416. Raises the errors of the stream's first piece, except NotFoundError."""
    if file is None:
        return not_found()
    if names_tag(request.headers.get("if-none-match"), file.etag):
        return Response(status_code=304, headers=OPEN_HEADERS | _cached(file))
    if request.method == "HEAD":
        return Response(headers=_headers(file, ByteRange(0, file.size)))
    try:
        part = _part(request, file)
    except UnsatisfiableError:
        return problem(
            RangeNotSatisfiableError.status,
            RangeNotSatisfiableError.code,
            RangeNotSatisfiableError.title,
            f"The file has {counted(file.size, 'byte')}",
            headers=OPEN_HEADERS | {"content-range": f"bytes */{file.size}", "cache-control": "no-store"},
        )
    span = part or ByteRange(0, file.size)
    pieces = file.stream(span.start, span.end)
    try:
        first = await anext(pieces, b"")
    except NotFoundError:
        return not_found()
    headers = _headers(file, span)
    if part is not None:
        headers["content-range"] = part.of(file.size)
    return StreamingResponse(_all_of(first, pieces), 206 if part else 200, headers)


def not_found() -> Response:
    """The answer 404. It must not be cached, because the file may be uploaded later."""
    error = NotFoundError
    headers = OPEN_HEADERS | {"cache-control": "no-store"}
    return problem(error.status, error.code, error.title, "We hold no such file", headers=headers)


def _part(request: Request, file: File) -> ByteRange | None:
    """The requested range, or None for the whole file. `If-Range` must name the exact ETag; a date is not enough."""
    condition = request.headers.get("if-range")
    if condition is not None and condition.strip() != file.etag:
        return None
    ranges = request.headers.getlist("range")
    return byte_range_of(ranges[0], file.size) if len(ranges) == 1 else None


def _cached(file: File) -> dict[str, str]:
    return {"cache-control": file.cache, "etag": file.etag}


def _headers(file: File, span: ByteRange) -> dict[str, str]:
    known = file.mime in EXTENSIONS
    shown_inline = known and file.mime.startswith("image/")
    name = f"{file.name}.{EXTENSIONS.get(file.mime, 'bin')}"
    return (
        OPEN_HEADERS
        | _cached(file)
        | {
            "accept-ranges": "bytes",
            "content-type": file.mime if known else _UNKNOWN,
            "content-length": str(span.end - span.start),
            # A browser downloads a document that is opened in a tab. `fetch` ignores this header.
            "content-disposition": f'{"inline" if shown_inline else "attachment"}; filename="{name}"',
        }
    )


async def _all_of(first: bytes, rest: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    try:
        yield first
        async for piece in rest:
            yield piece
    finally:
        if isinstance(rest, AsyncGenerator):  # closes the file if the caller disconnects early
            await rest.aclose()
