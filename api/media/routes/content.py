"""The content, for everybody: originals and variants by the asset's id, all of our content by its CID."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request, Response
from pydantic import Field

from api.http.answers import BINARY
from api.http.files import EXTENSIONS, IMMUTABLE, REVALIDATED, File, not_found, serve
from api.http.json_bodies import Router
from api.http.problems import responses
from api.http.shown import MEDIA_ID_EXAMPLE
from api.media.bodies.assets import CID_EXAMPLE
from api.root import ServicesDep
from steadymint.domain import errors
from steadymint.domain.media import MediaId
from steadymint.media.content import Content
from steadymint.media.service import Media
from steadymint.media.store import ObjectStore, variant_key
from steadymint.media.tasks import widths_for

router = Router(tags=["Content"])

MAX_WIDTH: Final = 16_383
"""Pixels: the longest side of a WebP."""

_DOCUMENT: Final = {"name": "Lighthouse #1", "image": f"ipfs://{CID_EXAMPLE}"}

AssetIdPath = Annotated[
    str,
    Path(
        alias="mediaId",
        examples=[MEDIA_ID_EXAMPLE],
        description="The id that the upload answered.",
        json_schema_extra={"pattern": "^[0-9a-f]{64}$"},  # an id of another form is not found, like any unknown id
    ),
]
WidthPath = Annotated[str, Path(examples=["256"], description="A width of the asset's `variants`.")]
WidthQuery = Annotated[
    Annotated[int, Field(ge=1, le=MAX_WIDTH)] | None,
    Query(
        description="Of a picture: its narrowest variant that is at least so many pixels wide, or as wide as the "
        "original. The original, where none is, and as long as none is made."
    ),
]
CidPath = Annotated[str, Path(max_length=128, examples=[CID_EXAMPLE], description="A CIDv1 or CIDv0.")]


def _answers(*types: str) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI entries of a file of these types."""
    content: dict[str, Any] = {one: {"schema": BINARY} for one in types}
    if "application/json" in content:
        content["application/json"] = {"schema": {"type": "object"}, "example": _DOCUMENT}
    return {
        200: {"description": "The whole file, with a strong `ETag`.", "content": content},
        206: {"description": "The part that `Range` asks for: one range of bytes.", "content": content},
        304: {"description": "`If-None-Match` names the file."},
        **responses(errors.NotFoundError, errors.RangeNotSatisfiableError, errors.UpstreamUnavailableError),
        **(responses(errors.InvalidInputError) if len(types) > 1 else {}),  # where a width may be asked for
    }


def _route(path: str, summary: str, *types: str) -> Callable[[Any], Any]:
    """Add a GET route, and a HEAD route, which OpenAPI does not list."""

    def add(endpoint: Any) -> Any:
        router.add_api_route(
            path, endpoint, methods=["GET"], summary=summary, response_class=Response, responses=_answers(*types)
        )
        router.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)
        return endpoint

    return add


@_route("/media/{mediaId}", "An asset's content", *EXTENSIONS)
async def get_original(
    request: Request, media_id: AssetIdPath, services: ServicesDep, width: WidthQuery = None
) -> Response:
    """The bytes that the upload stored. They never change: the id is their SHA-256."""
    if not _is_id(media_id):
        return not_found()
    return await _served(request, await services.media.content.open_id(MediaId(media_id)), services.media, width)


@_route("/media/{mediaId}/{width}.webp", "A variant of an asset", "image/webp")
async def get_variant(request: Request, media_id: AssetIdPath, width: WidthPath, services: ServicesDep) -> Response:
    """A smaller rendering, animated if the original is."""
    if not _is_id(media_id) or not _is_width(width):
        return not_found()
    return await serve(request, await _variant(services.media.store, MediaId(media_id), int(width)))


@_route("/ipfs/{cid}", "Content by its CID", *EXTENSIONS)
async def get_by_cid(request: Request, cid: CidPath, services: ServicesDep, width: WidthQuery = None) -> Response:
    """A picture or a document of ours, as an IPFS gateway serves it. Content that we do not hold is not fetched."""
    return await _served(request, await services.media.content.open(cid), services.media, width)


@_route("/ipfs/{cid}/{path:path}", "Content by its path in a directory", *EXTENSIONS)
async def get_by_path(
    request: Request,
    cid: CidPath,
    path: Annotated[
        str, Path(max_length=1024, examples=["1"], description="Names in the directory, as in a token's URI.")
    ],
    services: ServicesDep,
    width: WidthQuery = None,
) -> Response:
    """A file in a directory of ours, such as the metadata of a token. Directories are not listed."""
    return await _served(request, await services.media.content.open(cid, path), services.media, width)


async def _served(request: Request, content: Content | None, media: Media, width: int | None) -> Response:
    """The content, or the variant that is wide enough."""
    if content is None:
        return not_found()
    if width is None or not content.mime.startswith("image/"):
        return await serve(request, _file_of(content))
    variants = (await media.assets.variants_of([content.sha256])).get(content.sha256, [])
    made, whole = [one.width for one in variants], content.asset.width
    # The variant of the original's own width stands for all that is wider.
    wide = next((one for one in made if one >= width or one == whole), None)
    file = None if wide is None else await _variant(media.store, content.sha256, wide)
    if file is None:
        due = whole is None or not set(made) >= set(widths_for(whole, media.settings.variant_widths))
        # A variant that is to come, or whose object is gone, may be there soon.
        file = _file_of(content, REVALIDATED if due or wide is not None else IMMUTABLE)
    return await serve(request, file)


async def _variant(store: ObjectStore, media_id: MediaId, width: int) -> File | None:
    key = variant_key(media_id, width)
    info = await store.head(key)
    if info is None:
        return None
    # A variant that is written again may have other bytes, after an update of the encoder. Its time tells them apart.
    written = f"{int(info.modified_at.timestamp() * 1_000_000):x}"
    return File(
        name=f"{media_id[:16]}-{width}",
        mime="image/webp",
        size=info.size,
        etag=f'"{media_id[:32]}-{width}-{written}"',
        stream=lambda start, end: store.stream(key, start, end),
    )


def _file_of(content: Content, cache: str = IMMUTABLE) -> File:
    return File(
        name=content.sha256[:16],
        mime=content.mime,
        size=content.size,
        etag=f'"{content.sha256}"',
        stream=content.stream,
        cache=cache,
    )


def _is_id(text: str) -> bool:
    return len(text) == 64 and all(char in "0123456789abcdef" for char in text)


def _is_width(text: str) -> bool:
    return text.isascii() and text.isdigit() and text[0] != "0" and int(text[:6]) <= MAX_WIDTH and len(text) <= 5
