"""Issuing a fungible token by RGB++: the unsigned pair of transactions, for its owner."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Response

from api.catalog.bodies.issuances import ISSUANCE_EXAMPLE, IssuanceAnswer, IssuanceBody
from api.catalog.views.browser_urls import BrowserUrls
from api.catalog.views.issuances import issuance_answer
from api.http.answers import BAD_INPUT, LOCATED, MISSING, answers
from api.http.etags import to_json
from api.http.json_bodies import Router
from api.http.problems import responses
from api.http.queries import NoQuery, each_once
from api.root import Services, ServicesDep
from api.sessions import SessionDep
from steadymint.catalog.issuances import Issuance, IssuanceWords
from steadymint.domain import errors

router = Router(prefix="/v1/rgbpp-issuances", tags=["Flows"], dependencies=[Depends(each_once)])


@router.post(
    "",
    summary="Prepare the issuance of a fungible token by RGB++",
    operation_id="prepareIssuance",
    status_code=201,
    response_model=None,
    responses={
        201: {
            "model": IssuanceAnswer,
            "content": {"application/json": {"example": ISSUANCE_EXAMPLE}},
            **LOCATED,
        },
        200: {
            "model": IssuanceAnswer,
            "content": {"application/json": {"example": ISSUANCE_EXAMPLE}},
            "description": "The issuance that the same request made before",
            **LOCATED,
        },
        **responses(
            errors.UnauthorizedError,
            errors.InvalidInputError,
            errors.UnknownMediaError,
            errors.UnreadableMediaError,
            errors.NotPinnedError,
            errors.RateLimitedError,
            errors.UpstreamUnavailableError,
        ),
    },
)
async def prepare_issuance(body: IssuanceBody, session: SessionDep, services: ServicesDep) -> Response:
    """The transaction of Bitcoin to sign, and the one of CKB to which it commits. The same request gives the same pair.

    Nothing is asked of either network: whether the output and the cells are unspent, their wallets know.
    """
    await services.limiter.take_of_user("prepare", session.user_id, services.settings.api.flow_rate)
    uri = await services.publisher.collections.contract_uri(body.words(), session.user_id)
    words = IssuanceWords(body.description, body.icon_media_id, uri)
    found, made_here = await services.issuances.prepare(session.user_id, session.address, body.terms(), words)
    return _handed_out(services, found, 201 if made_here else 200)


@router.get(
    "/{issuanceId}",
    summary="One issuance of yours",
    operation_id="getIssuance",
    response_model=None,
    responses=answers(IssuanceAnswer, ISSUANCE_EXAMPLE, responses(errors.UnauthorizedError), MISSING, BAD_INPUT),
)
async def get_issuance(
    services: ServicesDep,
    session: SessionDep,
    issuance_id: Annotated[UUID, Path(alias="issuanceId", description="Of the preparation.")],
    _: Annotated[NoQuery, Query()],
) -> Response:
    """The pair as it was prepared. Somebody else's is `not_found`."""
    return _handed_out(services, await services.issuances.find(session.user_id, issuance_id), 200)


def _handed_out(services: Services, found: Issuance, status: int) -> Response:
    body = to_json(issuance_answer(found, BrowserUrls.of(services.settings)))
    headers = {"location": f"/v1/rgbpp-issuances/{found.id}", "cache-control": "no-store"}
    return Response(body, status_code=status, headers=headers, media_type="application/json")
