"""Publishing the metadata of tokens before they are minted."""

from __future__ import annotations

import asyncio
from functools import partial

from fastapi import Request, Response

from api.http.body_limits import declared_length
from api.http.bulk import bulk_body, read_bulk
from api.http.json import JsonModel
from api.http.json_bodies import Router
from api.http.problems import responses
from api.media.bodies.metadata_sets import EXAMPLES, MetadataSetAnswer, PublishBody, SampleToken
from api.root import ServicesDep
from api.sessions import SessionDep
from steadymint.domain import errors
from steadymint.publishing.addresses import token_uri
from steadymint.publishing.sets import NOTHING, PublishedSet

router = Router(prefix="/v1/metadata", tags=["Media"])


@router.post(
    "",
    summary="Publish the metadata of tokens",
    status_code=201,
    response_model=MetadataSetAnswer,
    openapi_extra=bulk_body(PublishBody, EXAMPLES),
    responses=responses(
        errors.UnauthorizedError,
        errors.InvalidInputError,
        errors.UnknownMediaError,
        errors.UnreadableMediaError,
        errors.NotPinnedError,
        errors.RateLimitedError,
        errors.UpstreamUnavailableError,
    ),
)
async def publish_metadata(
    request: Request,
    session: SessionDep,
    services: ServicesDep,
) -> Response:
    """Writes a document for each token, and a directory of them that a collection can point at.

    The body has either `tokens`, each with its own metadata, or a `template` for `count` tokens whose texts hold
    `{number}`. At most 5,000 tokens and 8 MiB; a larger set is built with `extends`. The same body always gives the
    same CIDs and the same `metadataSetId`. All documents can be read when this answers; before that the set does not
    exist.
    """
    user = str(session.user_id)
    publisher = services.publisher
    await services.limiter.take_of_user("publish", session.user_id, services.settings.media.publish_rate)
    services.uploaded_bytes.check(user, declared_length(request.scope))
    count = partial(services.uploaded_bytes.take, user)
    with publisher.slots.take(session.user_id):
        async with read_bulk(request, PublishBody, count, publisher.places) as body:
            extended = NOTHING
            if body.extends is not None:
                extended = await publisher.sets.to_extend(body.extends, body.standard, session.user_id)
            order = await asyncio.to_thread(body.order, extended.last)
            published = await publisher.sets.publish(order, session.user_id, extended)
    return JsonModel(_answer(published, services.settings.media.public_url), 201)


def _answer(published: PublishedSet, public_url: str) -> MetadataSetAnswer:
    uris = {one: token_uri(published.standard, published.base_uri, one) for one in published.first}
    return MetadataSetAnswer(
        metadata_set_id=published.asset.id,
        cid=published.asset.cid,
        standard=published.standard,
        base_uri=published.base_uri,
        count=published.count,
        sample=tuple(
            SampleToken(token_id=one, uri=uri, url=f"{public_url}/ipfs/{uri.removeprefix('ipfs://')}")
            for one, uri in uris.items()
        ),
    )
