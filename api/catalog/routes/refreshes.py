"""Asking for metadata to be read again, and watching how far that is.

A request is a row of the queue; the flow is woken, and finds the row by itself if it could not be. Nothing here reaches
a chain or a stranger's server.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Query, Request, Response

from api.catalog.bodies.refreshes import REFRESH_EXAMPLE, TOKEN_REFRESH_EXAMPLE, ProgressBody
from api.catalog.paths import ChainIdPath, ContractPath, TokenIdPath
from api.catalog.views.refreshes import refresh_body
from api.http.answers import BAD_INPUT, CACHED, LOCATED, MISSING, Responses, answers
from api.http.etags import answer, to_json
from api.http.json_bodies import Router
from api.http.problems import responses
from api.http.queries import NoQuery, each_once
from api.root import Services, ServicesDep
from steadymint.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    RateLimitedError,
    UpstreamUnavailableError,
)
from steadymint.domain.refreshing import CollectionRef
from steadymint.domain.types import Address, ChainId
from steadymint.metadata.requests import RefreshProgress

PER_SUBJECT: Final = 1
"""Per minute, whoever asks: a document that was read a minute ago is what it was."""

router = Router(prefix="/v1", tags=["Metadata"], dependencies=[Depends(each_once)])

_ASKED: Final[Responses] = {
    202: {
        "model": ProgressBody,
        "content": {"application/json": {"example": REFRESH_EXAMPLE}},
        "description": "Asked",
        **LOCATED,
    },
    **MISSING,
    **responses(InvalidInputError, RateLimitedError, UpstreamUnavailableError),
}


@router.post(
    "/collections/{chainId}/{contract}/refresh",
    status_code=202,
    summary="Read the metadata of a collection again",
    operation_id="refreshCollectionMetadata",
    response_model=None,
    responses=_ASKED,
)
async def refresh_collection(
    request: Request,
    services: ServicesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """Every token and the collection's own document, at whatever pace their servers allow. While that is under way the
    same request joins it; afterwards, and while all that is left waits for its servers, a collection can be asked for
    once a minute."""
    await _count(request, services)
    requests = services.refreshes
    progress = _found(await requests.of_collection(chain_id, contract), "collection")
    if not progress.joinable:
        await services.limiter.take_of_subject("refresh", progress.subject_id, PER_SUBJECT)
        await requests.ask_for_collection(progress.subject_id)
        await _wake(services, chain_id, contract)
        progress = _found(await requests.of_collection(chain_id, contract), "collection")
    return _accepted(request, progress)


@router.get(
    "/collections/{chainId}/{contract}/refresh",
    summary="How far the metadata of a collection is read",
    response_model=None,
    responses=answers(ProgressBody, REFRESH_EXAMPLE, CACHED, MISSING, BAD_INPUT),
)
async def get_collection_refresh(
    request: Request,
    services: ServicesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """The refresh that is running, or the last one, whatever caused it: a mint, an event, or a request."""
    progress = await services.refreshes.of_collection(chain_id, contract)
    return answer(request, refresh_body(_found(progress, "collection")))


@router.post(
    "/collections/{chainId}/{contract}/tokens/{tokenId}/refresh",
    status_code=202,
    summary="Read the metadata of a token again",
    operation_id="refreshTokenMetadata",
    response_model=None,
    responses={**_ASKED, **responses(ConflictError)},
)
async def refresh_token(
    request: Request,
    services: ServicesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    token_id: TokenIdPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """One that waits for its server is tried at once. A token can be asked for once a minute; `conflict` if an operator
    has taken it out of refreshing."""
    await _count(request, services)
    requests = services.refreshes
    progress = _found(await requests.of_token(chain_id, contract, token_id), "token")
    if not progress.refreshable:
        raise ConflictError("An operator has taken this token out of refreshing")
    if not progress.joinable:
        await services.limiter.take_of_subject("refresh", progress.subject_id, PER_SUBJECT)
        await requests.ask_for_token(progress.subject_id, progress.collection_id, token_id)
        await _wake(services, chain_id, contract)
        progress = _found(await requests.of_token(chain_id, contract, token_id), "token")
    return _accepted(request, progress)


@router.get(
    "/collections/{chainId}/{contract}/tokens/{tokenId}/refresh",
    summary="Whether the metadata of a token is read",
    response_model=None,
    responses=answers(ProgressBody, TOKEN_REFRESH_EXAMPLE, CACHED, MISSING, BAD_INPUT),
)
async def get_token_refresh(
    request: Request,
    services: ServicesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    token_id: TokenIdPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """With the reason where it could not be read, also while it is to be tried again."""
    progress = await services.refreshes.of_token(chain_id, contract, token_id)
    return answer(request, refresh_body(_found(progress, "token")))


async def _count(request: Request, services: Services) -> None:
    peer = request.client.host if request.client else None
    await services.limiter.take("metadata-refresh", peer, services.settings.metadata.refresh_rate)


async def _wake(services: Services, chain_id: ChainId, contract: Address) -> None:
    """Whether it could be done or not: the row is there, and the sweep finds it."""
    await services.refresh_flows.wake(CollectionRef(chain_id=chain_id, contract=contract))


def _accepted(request: Request, progress: RefreshProgress) -> Response:
    headers = {"location": request.url.path, "cache-control": "no-store"}
    return Response(to_json(refresh_body(progress)), 202, headers=headers, media_type="application/json")


def _found(progress: RefreshProgress | None, what: str) -> RefreshProgress:
    if progress is None:
        raise NotFoundError(f"The catalog has no such {what}")
    return progress
