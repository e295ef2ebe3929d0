"""Answers what no route of the API answers: the pages of the storefront and their files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, cast

from fastapi import FastAPI, Request, Response
from starlette.types import Receive, Scope, Send

from api.http.etags import names_tag
from api.http.files import IMMUTABLE
from api.root import Services
from api.storefront.addresses import is_of_api, place_of
from api.storefront.build import FOLDER, Build, Builds, File
from api.storefront.head import Head, render
from api.storefront.heads import head_of
from api.storefront.policy import headers_of
from steadymint.settings import Settings

NOT_BUILT: Final = (
    "The storefront has not been built. `make storefront` builds it; it is there at the next request.\n"
    "The API works without it, and its reference is at /docs.\n"
)
_ALWAYS_ASK: Final = "public, no-cache"
_HASHED: Final = "/assets/"
"""Files below it have a hash in their names."""


class _Shown:
    """What access logs and metrics show as the route."""

    path = "storefront"


def install(app: FastAPI, settings: Settings, folder: Path = FOLDER) -> None:
    """Let the application answer with pages where it has no route. Its own routes come first, and what is unknown
    below them stays a problem document."""
    not_found = app.router.default
    storefront = Storefront(settings, Builds(folder))

    async def unrouted(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and not is_of_api(scope["path"]):
            request = Request(scope, receive, send)
            response = await storefront.answer(request)
            if response is not None:
                scope["route"] = _Shown
                await response(scope, receive, send)
                return
        await not_found(scope, receive, send)

    app.router.default = unrouted


class Storefront:
    """The pages and their files."""

    def __init__(self, settings: Settings, builds: Builds) -> None:
        self._builds = builds
        self._headers = headers_of(settings)

    async def answer(self, request: Request) -> Response | None:
        """None if the address is neither a page nor a file, and whoever asks wants no page."""
        build = self._builds.newest()
        path = _path(request)
        place = place_of(path)
        if build is None:
            return None if place is None else Response(NOT_BUILT, 503, media_type="text/plain; charset=utf-8")
        if (file := build.files.get(path)) is not None:
            return _file(request, path, file)
        if place is None and "text/html" not in request.headers.get("accept", ""):
            return None
        services = cast(Services, request.app.state.services)
        head = None if place is None else await head_of(services, place)
        return self._page(request, build, head)

    def _page(self, request: Request, build: Build, head: Head | None) -> Response:
        """The page. One that names nothing that exists is 404, and says so itself."""
        content = build.page(render(head or Head("Not found", listed=False)))
        etag = f'W/"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
        headers = self._headers | {"cache-control": _ALWAYS_ASK, "etag": etag}
        if head is not None and names_tag(request.headers.get("if-none-match"), etag):
            return Response(status_code=304, headers=headers)
        return Response(content, 200 if head else 404, headers, "text/html; charset=utf-8")


def _file(request: Request, path: str, file: File) -> Response:
    headers = {
        "cache-control": IMMUTABLE if path.startswith(_HASHED) else _ALWAYS_ASK,
        "etag": file.etag,
        "vary": "Accept-Encoding",
        "cross-origin-resource-policy": "same-origin",
    }
    if names_tag(request.headers.get("if-none-match"), file.etag):
        return Response(status_code=304, headers=headers)
    coding = _coding(request.headers.get("accept-encoding", ""), file)
    if coding is None:
        return Response(file.content, headers=headers, media_type=file.mime)
    # Other bytes are another representation, so they have a tag of their own (RFC 9110, section 8.8.3).
    headers |= {"content-encoding": coding, "etag": f"W/{file.etag}"}
    return Response(file.compressed[coding], headers=headers, media_type=file.mime)


def _coding(accepted: str, file: File) -> str | None:
    """The best content coding that the caller takes and the file has (RFC 9110, section 12.5.3)."""
    taken: set[str] = set()
    for part in accepted.lower().split(","):
        name, _, parameters = part.partition(";")
        if parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            taken.add(name.strip())
    return next((coding for coding in ("br", "gzip") if coding in taken and coding in file.compressed), None)


def _path(request: Request) -> str:
    """The path as it was sent, so that `%2F` in a name is no slash."""
    raw = cast(bytes, request.scope.get("raw_path") or request.scope["path"].encode())
    path = raw.split(b"?", 1)[0].decode("latin-1")
    root = request.scope.get("root_path", "")
    return path.removeprefix(root) or "/"
