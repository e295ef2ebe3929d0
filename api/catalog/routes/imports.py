"""Importing collections that others have deployed, and reading the progress."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Query, Request, Response

from api.catalog.bodies.imports import IMPORT_EXAMPLE, ImportAnswer, ImportBody
from api.catalog.paths import ChainIdPath, ContractPath
from api.catalog.views.imports import import_answer
from api.http.answers import BAD_INPUT, CACHED, LOCATED, MISSING, answers
from api.http.etags import answer, to_json
from api.http.json_bodies import Router
from api.http.problems import responses
from api.http.queries import NoQuery, each_once
from api.root import ServicesDep
from api.sessions import SessionDep
from steadymint.catalog.contracts import contract_of
from steadymint.catalog.imports import shown_import_progress
from steadymint.domain import errors
from steadymint.domain.importing import ImportOrder

PER_MINUTE: Final = 5
"""Imports that one user may ask for. Each reads the whole history of a contract."""

router = Router(prefix="/v1", tags=["Flows"], dependencies=[Depends(each_once)])


@router.post(
    "/collections/import",
    summary="Import a collection that others have deployed",
    status_code=202,
    response_model=None,
    responses={
        202: {
            "model": ImportAnswer,
            "content": {"application/json": {"example": IMPORT_EXAMPLE}},
            "description": "Under way",
            **LOCATED,
        },
        **responses(
            errors.UnauthorizedError,
            errors.InvalidInputError,
            errors.UnknownChainError,
            errors.ContractNotFoundError,
            errors.NotACollectionError,
            errors.AlreadyInCatalogError,
            errors.RateLimitedError,
            errors.TooManyImportsError,
            errors.UpstreamUnavailableError,
        ),
    },
)
async def import_collection(body: ImportBody, session: SessionDep, services: ServicesDep) -> Response:
    """Any ERC-721 or ERC-1155 on a chain that we index. Its history is read from its first block, and then it is
    followed like our own. A request during an import joins it; after one that has failed it starts anew."""
    await services.limiter.take_of_user("import", session.user_id, PER_MINUTE)
    contract = await contract_of(services.pool, body.chain_id, body.contract)
    if contract is None:
        raise errors.ContractNotFoundError(f"No collection of {body.chain_id} has the slug {body.contract}")
    order = ImportOrder(chain_id=body.chain_id, contract=contract, requested_by=session.user_id)
    found = await services.imports.begin(order)
    progress = await shown_import_progress(services.pool, body.chain_id, contract)
    shown = import_answer(body.chain_id, contract, progress, found)
    headers = {"location": f"/v1/collections/{body.chain_id}/{shown['contract']}/import", "cache-control": "no-store"}
    return Response(to_json(shown), status_code=202, headers=headers, media_type="application/json")


@router.get(
    "/collections/{chainId}/{contract}/import",
    summary="Progress of the import of a collection",
    response_model=None,
    responses=answers(ImportAnswer, IMPORT_EXAMPLE, CACHED, MISSING, BAD_INPUT),
)
async def get_import(
    request: Request,
    services: ServicesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """The blocks of its history that are read. `not_found` for a collection that was never imported, and in the first
    seconds of an import, while its first block is searched for."""
    progress = await shown_import_progress(services.pool, chain_id, contract)
    if progress is None:
        raise errors.NotFoundError("No import of this collection is known")
    return answer(request, import_answer(chain_id, contract, progress))
