"""Requests to read metadata again, and their progress.

A request is a row of the queue. The flow is woken; if that fails, the sweep finds the row. No route here asks a chain
or a stranger's server.
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
"""Requests for a subject per minute, by all users together. A document rarely changes within a minute."""

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
    """Reads every token and the collection's own document, as fast as their servers allow. A request during a refresh
    joins it. A new refresh can be asked for once a minute: after the last one, or while all that is left of it waits
    for servers."""
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
    summary="Progress of reading the metadata of a collection",
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
    """The running refresh, or the last one. A mint, an event or a request may have caused it."""
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
    """Reads the token's document, at once if it waits for its server. A token can be asked for once a minute.
    `conflict` if an operator has excluded it from refreshes."""
    await _count(request, services)
    requests = services.refreshes
    progress = _found(await requests.of_token(chain_id, contract, token_id), "token")
    if not progress.refreshable:
        raise ConflictError("An operator has excluded this token from refreshes")
    if not progress.joinable:
        await services.limiter.take_of_subject("refresh", progress.subject_id, PER_SUBJECT)
        await requests.ask_for_token(progress.subject_id, progress.collection_id, token_id)
        await _wake(services, chain_id, contract)
        progress = _found(await requests.of_token(chain_id, contract, token_id), "token")
    return _accepted(request, progress)


@router.get(
    "/collections/{chainId}/{contract}/tokens/{tokenId}/refresh",
    summary="Progress of reading the metadata of a token",
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
    """With the reason if it could not be read, also while another try is due."""
    progress = await services.refreshes.of_token(chain_id, contract, token_id)
    return answer(request, refresh_body(_found(progress, "token")))


async def _count(request: Request, services: Services) -> None:
    peer = request.client.host if request.client else None
    await services.limiter.take("metadata-refresh", peer, services.settings.metadata.refresh_rate)


async def _wake(services: Services, chain_id: ChainId, contract: Address) -> None:
    """Wake the flow. If that fails, the sweep finds the row."""
    await services.refresh_flows.wake(CollectionRef(chain_id=chain_id, contract=contract))


def _accepted(request: Request, progress: RefreshProgress) -> Response:
    headers = {"location": request.url.path, "cache-control": "no-store"}
    return Response(to_json(refresh_body(progress)), 202, headers=headers, media_type="application/json")


def _found(progress: RefreshProgress | None, what: str) -> RefreshProgress:
    if progress is None:
        raise NotFoundError(f"The catalog has no such {what}")
    return progress
