"""Leaving: the deletion of the own account, and an export of everything that is held of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request, Response
from starlette.responses import StreamingResponse

from api.accounts.attempts import peer_of
from api.accounts.bodies.leaving import DELETION_EXAMPLE, DOWNLOAD, EXPORT_EXAMPLE, DeletionBody, ExportBody
from api.accounts.views.leaving import export_body
from api.http.answers import BAD_INPUT, BINARY, MISSING, answers
from api.http.etags import PRIVATE, answer, to_json
from api.http.json_bodies import Router
from api.http.problems import responses
from api.http.queries import NoQuery, each_once
from api.root import ServicesDep
from api.sessions import SessionDep
from steadymint.domain import errors
from steadymint.domain.accounts import ExportOrder

ASK_RATE: Final = 10
"""Deletions and exports that one user may ask for a minute: each may start a flow."""

_UNAUTHORIZED: Final = responses(errors.UnauthorizedError)
_NO_STORE: Final = {"cache-control": "private, no-store"}


def _accepted(body: Any, example: Any, *problems: type[errors.SteadymintError]) -> dict[int | str, dict[str, Any]]:
    return {
        202: {"model": body, "content": {"application/json": {"example": example}}},
        **_UNAUTHORIZED,
        **responses(*problems, errors.InvalidInputError, errors.RateLimitedError, errors.UpstreamUnavailableError),
    }


router = Router(prefix="/v1", tags=["Users"], dependencies=[Depends(each_once)])


@router.delete(
    "/me",
    summary="Delete your account",
    status_code=202,
    response_model=None,
    responses=_accepted(DeletionBody, DELETION_EXAMPLE, errors.AccountClosedError),
)
async def delete_me(services: ServicesDep, session: SessionDep, _: Annotated[NoQuery, Query()]) -> Response:
    """Ends all sessions and hides your profile at once. Until `deletesAt` you can take it back: sign in with
    `takeBackDeletion`. Then everything personal is erased."""
    await services.limiter.take_of_user("leaving", session.user_id, ASK_RATE)
    asked = await services.account_flows.delete(session.user_id)
    body: DeletionBody = {"deletesAt": asked.due_at}
    return Response(to_json(body), 202, _NO_STORE, "application/json")


@router.post(
    "/me/export",
    summary="Ask for an export of your account",
    status_code=202,
    response_model=None,
    responses=_accepted(ExportBody, EXPORT_EXAMPLE),
)
async def ask_for_export(
    request: Request, services: ServicesDep, session: SessionDep, _: Annotated[NoQuery, Query()]
) -> Response:
    """A zip file with everything that we hold of you. Whoever asks again within a day gets the same one."""
    await services.limiter.take_of_user("leaving", session.user_id, ASK_RATE)
    export = await services.exports.ask(session.user_id, peer_of(request))
    if export.status == "preparing":
        await services.account_flows.export(ExportOrder(export_id=export.export_id, user_id=session.user_id))
    return Response(to_json(export_body(export)), 202, _NO_STORE, "application/json")


@router.get(
    "/me/export",
    summary="Your newest export",
    response_model=None,
    responses=answers(ExportBody, EXPORT_EXAMPLE, _UNAUTHORIZED, MISSING, BAD_INPUT),
)
async def get_export(
    request: Request, services: ServicesDep, session: SessionDep, _: Annotated[NoQuery, Query()]
) -> Response:
    """Whether it is ready, and until when. Not found if you have not asked for one."""
    export = await services.exports.last(session.user_id)
    if export is None:
        raise errors.NotFoundError
    return answer(request, export_body(export), cache=PRIVATE)


@router.get(
    DOWNLOAD.removeprefix("/v1"),
    summary="Download your newest export",
    response_class=Response,
    responses={
        200: {"description": "A zip file.", "content": {"application/zip": {"schema": BINARY}}},
        **_UNAUTHORIZED,
        **MISSING,
        **BAD_INPUT,
    },
)
async def download_export(services: ServicesDep, session: SessionDep, _: Annotated[NoQuery, Query()]) -> Response:
    """Yours only, and only while it is `ready`."""
    export = await services.exports.last(session.user_id)
    if export is None or export.status != "ready" or export.bytes is None:
        raise errors.NotFoundError
    pieces = services.exports.stream(export)
    first = await anext(pieces, b"")  # raises while an error can still be answered

    async def whole() -> AsyncGenerator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    headers = {**_NO_STORE, "content-disposition": 'attachment; filename="account.zip"'}
    headers["content-length"] = str(export.bytes)
    return StreamingResponse(whole(), 200, headers, "application/zip")
