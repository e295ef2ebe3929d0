"""Allowlists: published by creators, and what they say of an account."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Query, Request, Response

from api.catalog.bodies.allowlists import (
    ALLOWLIST_EXAMPLE,
    ELIGIBILITY_EXAMPLE,
    EXAMPLES,
    AllowlistBody,
    EligibilityBody,
    PublishAllowlistBody,
)
from api.catalog.cached import found
from api.catalog.paths import AccountPath, ChainIdPath, ContractPath
from api.http.answers import BAD_INPUT, CACHED, MISSING, answers
from api.http.body_limits import declared_length
from api.http.bulk import bulk_body, read_bulk
from api.http.etags import answer, to_json
from api.http.json_bodies import Router
from api.http.problems import responses
from api.http.queries import NoQuery, each_once
from api.root import ServicesDep
from api.sessions import SessionDep
from steadymint.catalog.reads.collections import collection
from steadymint.domain import errors

PATH: Final = "/v1/allowlists"

router = Router(tags=["Catalog"], dependencies=[Depends(each_once)])


@router.post(
    PATH,
    summary="Publish an allowlist",
    status_code=201,
    response_model=None,
    openapi_extra=bulk_body(PublishAllowlistBody, EXAMPLES),
    responses={
        201: {"model": AllowlistBody, "content": {"application/json": {"example": ALLOWLIST_EXAMPLE}}},
        **responses(
            errors.UnauthorizedError, errors.InvalidInputError, errors.RateLimitedError, errors.UpstreamUnavailableError
        ),
    },
)
async def publish_allowlist(
    request: Request, session: SessionDep, services: ServicesDep, _: Annotated[NoQuery, Query()]
) -> Response:
    """Publish it before the collection that names its root. From then on each account that is on it finds its proof by
    itself. We keep hashes, so nobody can read the list here; whoever knows an address can ask for it. A list that no
    collection has named 30 days after it was published last is deleted."""
    user = str(session.user_id)
    await services.limiter.take_of_user("publish", session.user_id, services.settings.media.publish_rate)
    services.uploaded_bytes.check(user, declared_length(request.scope))
    count = partial(services.uploaded_bytes.take, user)
    with services.publisher.slots.take(session.user_id):
        async with read_bulk(request, PublishAllowlistBody, count, services.publisher.places) as body:
            tree = await asyncio.to_thread(body.tree)
            await services.allowlists.publish(tree, session.user_id, services.settings.media.allowlists_per_day)
    published: AllowlistBody = {"root": tree.root, "addresses": tree.size}
    return Response(to_json(published), 201, media_type="application/json")


@router.get(
    "/v1/collections/{chainId}/{contract}/eligibility/{address}",
    summary="Whether an allowlist has an account",
    response_model=None,
    responses=answers(EligibilityBody, ELIGIBILITY_EXAMPLE, CACHED, MISSING, BAD_INPUT),
)
async def get_eligibility(
    request: Request,
    services: ServicesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    account: AccountPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """The proof that the account brings to a mint. What else the mint asks for (its window, its limit) is in the
    collection's `mint`, and `POST /v1/mints/prepare` tries all of it."""
    row = found(await collection(chain_id, contract).first(services.pool), "collection")
    root = row.mint_allowlist_root
    said = None if root is None else await services.allowlists.of(root, account)
    proof = None if said is None else said.proof
    known = "listed" if proof is not None else "not_listed"
    body: EligibilityBody = {
        "allowlist": "none" if root is None else "unpublished" if said is None else known,
        "proof": list(proof or ()),
    }
    return answer(request, body)
