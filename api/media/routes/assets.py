"""Media: uploading pictures, and reading and listing assets."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends, Path, Query, Request, Response

from api.http.answers import BAD_INPUT, BAD_PAGE, BINARY, LOCATED, MISSING, answers
from api.http.etags import PRIVATE, to_json
from api.http.json_bodies import Router
from api.http.problems import responses
from api.http.queries import NoQuery, each_once
from api.media.bodies.assets import (
    MEDIA_EXAMPLE,
    MEDIA_PAGE_EXAMPLE,
    UPLOADED_EXAMPLE,
    MediaBody,
    MediaIdText,
    MediaListQuery,
    MediaPageBody,
)
from api.media.uploads import FIELD, NotAFormError, place_of, receive_file
from api.media.views.assets import media_body
from api.root import PagesDep, ServicesDep
from api.sessions import SessionDep
from steadymint.domain import errors
from steadymint.domain.errors import NotFoundError
from steadymint.domain.media import Asset, MediaId
from steadymint.media.service import Media

router = Router(prefix="/v1/media", tags=["Media"], dependencies=[Depends(each_once)])

_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "One field, and nothing else. The file's name and declared type are ignored.",
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "additionalProperties": False,
                    "properties": {FIELD: BINARY},
                }
            }
        },
    }
}
_CREATED: Final[dict[int | str, dict[str, Any]]] = {
    201: {"model": MediaBody, "content": {"application/json": {"example": UPLOADED_EXAMPLE}}, **LOCATED}
}


class _Position(msgspec.Struct, array_like=True):
    created_at: datetime
    media_id: str


@router.post(
    "",
    summary="Upload a picture",
    status_code=201,
    response_model=None,
    openapi_extra=_FORM,
    responses={
        **_CREATED,
        **answers(
            MediaBody,
            MEDIA_EXAMPLE,
            responses(
                errors.UnauthorizedError,
                errors.UploadInterruptedError,
                errors.RequestTimeoutError,
                errors.MediaTooLargeError,
                NotAFormError,
                errors.InvalidInputError,
                errors.UnsupportedMediaError,
                errors.MediaRefusedError,
                errors.RateLimitedError,
                errors.UpstreamUnavailableError,
            ),
        ),
    },
)
async def upload_media(request: Request, session: SessionDep, services: ServicesDep) -> Response:
    """PNG, JPEG, GIF, WebP, AVIF or SVG (which becomes a PNG), as `multipart/form-data` with one field `file`.

    The picture is decoded, the camera's metadata is removed, and the rest is stored by its content: 201, or 200 if you
    have uploaded it before. It can be used at once. Smaller renderings follow within seconds.
    """
    media, settings = services.media, services.settings.media
    await services.limiter.take_of_user("upload", session.user_id, settings.upload_rate)
    with place_of(request.scope, services, session.user_id) as count:
        async with media.spool.open() as upload:

            async def write(piece: bytes) -> None:
                count(len(piece))
                await upload.write(piece)

            await receive_file(request, write, max_bytes=settings.max_bytes)
            await upload.flush()
            asset, had = await media.take(upload, session.user_id)
    (body,) = await _shown(media, [asset])
    if body["status"] == "processing":
        await media.flows.process(asset)
    reply = _answer(body, 200 if had else 201)
    reply.headers["location"] = f"{router.prefix}/{asset.id}"
    return reply


@router.get(
    "/{mediaId}",
    summary="One of your assets",
    response_model=None,
    responses=answers(MediaBody, MEDIA_EXAMPLE, responses(errors.UnauthorizedError), MISSING, BAD_INPUT),
)
async def get_media(
    media_id: Annotated[MediaIdText, Path(alias="mediaId")],
    session: SessionDep,
    services: ServicesDep,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """One asset that you own. Others are not found here, although their content is public."""
    media = services.media
    asset = await media.assets.by_id(MediaId(media_id))
    if asset is None or not await media.assets.owned_by([asset.id], session.user_id):
        raise NotFoundError
    (body,) = await _shown(media, [asset])
    return _answer(body)


@router.get(
    "",
    summary="Your assets",
    response_model=None,
    responses=answers(MediaPageBody, MEDIA_PAGE_EXAMPLE, responses(errors.UnauthorizedError), BAD_PAGE),
)
async def list_media(
    query: Annotated[MediaListQuery, Query()], pages: PagesDep, session: SessionDep, services: ServicesDep
) -> Response:
    """Newest first, with the documents and directories that were written for you. `kind` selects one kind."""
    media, pager = services.media, pages.of(query)
    after = pager.after(_Position)
    found = await media.states.owned(
        session.user_id,
        kind=query.kind,
        after=(after.created_at, MediaId(after.media_id)) if after else None,
        limit=pager.fetch,
    )
    bodies = dict(zip((one.id for one in found), await _shown(media, found), strict=True))
    return _answer(pager.page(found, lambda one: bodies[one.id], _position))


async def _shown(media: Media, assets: Sequence[Asset]) -> list[MediaBody]:
    """The bodies of the assets, in their order."""
    ids = [asset.id for asset in assets]
    states, variants = await asyncio.gather(media.states.of(ids), media.assets.variants_of(ids))
    base = media.settings.public_url.rstrip("/")
    return [media_body(one, states[one.id], variants.get(one.id, ()), base) for one in assets]


def _position(asset: Asset) -> _Position:
    return _Position(asset.created_at, asset.id)


def _answer(body: Any, status: int = 200) -> Response:
    return Response(to_json(body), status, media_type="application/json", headers={"cache-control": PRIVATE})
