"""Minting."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.http.answers import LOCATED
from api.http.problems import responses
from api.preparing import IdempotencyKey, caller_of, check_session_chain, prepare, request_hash
from api.root import LimiterDep, ServicesDep
from api.schemas.prepare import PreparedAnswer, PrepareMintBody
from api.sessions import SessionDep
from steadymint.domain import errors
from steadymint.domain.flows import MintOrder
from steadymint.domain.intents import IntentKind, new_intent_id

router = APIRouter(prefix="/v1/mints", tags=["Flows"])


@router.post(
    "/prepare",
    summary="Prepare a mint",
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
            errors.UnknownCollectionError,
            errors.NotEligibleError,
            errors.MissingMetadataError,
            errors.CallRevertedError,
            errors.InsufficientFundsError,
            errors.IdempotencyMismatchError,
            errors.RateLimitedError,
            errors.UpstreamUnavailableError,
        ),
    },
)
async def prepare_mint(
    body: PrepareMintBody,
    session: SessionDep,
    services: ServicesDep,
    limiter: LimiterDep,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Calldata for the collection, once its contract is seen to accept this very mint: window, wallet limit, supply,
    allowlist and price. `txRequest.value` is the price in wei. Where the collection points at a metadata set of ours, a
    mint of more tokens than have documents there is `missing_metadata`."""
    check_session_chain(session, body.chain_id)
    terms = body.terms(session.address)
    return await prepare(
        services,
        limiter,
        MintOrder(
            intent_id=new_intent_id(session.user_id, IntentKind.MINT, idempotency_key),
            chain_id=body.chain_id,
            caller=caller_of(session),
            request_hash=request_hash(IntentKind.MINT, body.chain_id, session.address, terms),
            idempotency_key=idempotency_key,
            deadline_seconds=services.settings.intents.deadline,
            terms=terms,
        ),
    )
