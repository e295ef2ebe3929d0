"""Creating a collection."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.http.answers import LOCATED
from api.http.problems import responses
from api.preparing import IdempotencyKey, caller_of, check_session_chain, prepare, request_hash
from api.root import LimiterDep, Services, ServicesDep
from api.schemas.prepare import PrepareCollectionBody, PreparedAnswer
from api.sessions import SessionDep
from steadymint.domain import errors
from steadymint.domain.flows import CollectionOrder
from steadymint.domain.intents import IntentKind, new_intent_id
from steadymint.domain.types import UserId

router = APIRouter(prefix="/v1/collections", tags=["Flows"])


@router.post(
    "/prepare",
    summary="Prepare the creation of a collection",
    status_code=201,
    response_model=PreparedAnswer,
    responses={
        201: LOCATED,
        200: {
            "model": PreparedAnswer,
            "description": "The intent that the same Idempotency-Key made before",
            **LOCATED,
        },
        **responses(
            errors.UnauthorizedError,
            errors.InvalidInputError,
            errors.UnknownChainError,
            errors.UnknownMediaError,
            errors.UnreadableMediaError,
            errors.NotPinnedError,
            errors.CallRevertedError,
            errors.InsufficientFundsError,
            errors.IdempotencyMismatchError,
            errors.RateLimitedError,
            errors.UpstreamUnavailableError,
        ),
    },
)
async def prepare_collection(
    body: PrepareCollectionBody,
    session: SessionDep,
    services: ServicesDep,
    limiter: LimiterDep,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Calldata for the factory, with the exact address that the collection will have.

    Without a `contractUri` of your own, description, pictures and link become the collection's document (ERC-7572) in
    our store. Whatever the calldata names of ours has been read back when this answers.
    """
    check_session_chain(session, body.chain_id)
    terms = body.terms(session.address)
    order = CollectionOrder(
        intent_id=new_intent_id(session.user_id, IntentKind.COLLECTION, idempotency_key),
        chain_id=body.chain_id,
        caller=caller_of(session),
        request_hash=request_hash(IntentKind.COLLECTION, body.chain_id, session.address, terms, body.named()),
        idempotency_key=idempotency_key,
        deadline_seconds=services.settings.intents.deadline,
        terms=terms,
    )

    async def published() -> CollectionOrder:
        found = {
            "contract_uri": terms.contract_uri or await _contract_uri(services, body, session.user_id),
            "base_uri": await _base_uri(services, body, session.user_id),
        }
        return order.model_copy(update={"terms": terms.model_copy(update=found)})

    return await prepare(services, limiter, order, published)


async def _contract_uri(services: Services, body: PrepareCollectionBody, user_id: UserId) -> str:
    words = body.words()
    return await services.publisher.collections.contract_uri(words, user_id) if words.says_something() else ""


async def _base_uri(services: Services, body: PrepareCollectionBody, user_id: UserId) -> str:
    if body.metadata_set_id is not None:
        return await services.publisher.sets.base_uri_of(body.metadata_set_id, body.standard, user_id)
    if body.base_uri is not None and body.base_uri.startswith("ipfs://"):
        await services.publisher.sets.check_base_uri(body.base_uri, body.standard)
    return body.base_uri or ""
