"""Signing in with Ethereum, and the sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Path, Query, Request, Response

from api.accounts.attempts import AuditedRoute, new_attempt, peer_of
from api.accounts.bodies.sign_in import (
    NonceAnswer,
    NonceBody,
    RefreshBody,
    SessionPage,
    SessionView,
    TokenAnswer,
    VerifyBody,
)
from api.http.etags import to_json
from api.http.json import JsonModel, without_nulls
from api.http.json_bodies import Router
from api.http.outages import OUTAGES
from api.http.pagination import PageQuery
from api.http.problems import responses
from api.root import PagesDep, ServicesDep
from api.sessions import SessionDep
from steadymint.domain import errors
from steadymint.domain.sessions import Session
from steadymint.domain.types import SessionId
from steadymint.identity.errors import InvalidFieldError, SessionEndedError
from steadymint.identity.service import TokenPair
from steadymint.identity.sessions.store import StoredSession

CONTRACT_RATE: Final = 30
"""Sign-ins of one peer per minute that may ask a chain. A person with a contract wallet needs one."""
REFRESH_RATE: Final = 60
"""Refreshes of one session per minute. It needs one in 15 minutes, and each leaves a row that is kept for months."""

_NO_STORE: Final = {"cache-control": "no-store"}

router = Router(prefix="/v1/auth", tags=["Sign-in"])


@router.post(
    "/nonce",
    summary="Ask for a nonce",
    status_code=201,
    response_model=NonceAnswer,
    responses=responses(
        errors.DomainNotAllowedError,
        errors.UnknownChainError,
        errors.InvalidInputError,
        errors.RateLimitedError,
        errors.UpstreamUnavailableError,
    ),
)
async def issue_nonce(body: NonceBody, request: Request, services: ServicesDep) -> JsonModel:
    """A nonce for one sign-in to this site. It is bound to the account and the chain that you give. Leave them out if
    the wallet connects and signs in one step: the sign-in then binds them. The answer does not tell whether an account
    has signed in before. Earlier nonces stay valid."""
    peer = new_attempt(request)
    await services.limiter.take("nonce", peer.ip, services.settings.auth.nonce_rate)
    issued = await services.sign_in.proofs.issue_nonce(
        body.account_id, body.chain_id, body.domain, ip=peer.ip, user_agent=peer.user_agent
    )
    answer = NonceAnswer(nonce=issued.nonce, issued_at=issued.issued_at, expires_at=issued.expires_at)
    return JsonModel(answer, 201, _NO_STORE)


async def verify(body: VerifyBody, request: Request, services: ServicesDep) -> JsonModel:
    """Tokens for a signed message. Only success uses up the nonce."""
    peer = peer_of(request)

    async def before_asking_a_chain() -> None:
        await services.limiter.take("contract-sign-in", peer, CONTRACT_RATE)

    pair = await services.sign_in.verify(
        request.state.attempt,
        body.account_id,
        body.message,
        body.signature,
        before_asking_a_chain,
        take_back_deletion=body.take_back_deletion,
    )
    if body.take_back_deletion:
        await services.account_flows.taken_back(pair.user_id)
    return _tokens(pair)


router.add_api_route(
    "/verify",
    verify,
    summary="Sign in",
    methods=["POST"],
    route_class_override=AuditedRoute,
    response_model=TokenAnswer,
    responses=responses(
        errors.InvalidMessageError,
        errors.InvalidSignatureError,
        errors.InvalidNonceError,
        errors.ExpiredNonceError,
        errors.AccountClosedError,
        errors.AccountDeletingError,
        errors.MessageTooLargeError,
        InvalidFieldError,
        errors.UnknownChainError,
        errors.RateLimitedError,
        errors.UpstreamUnavailableError,
    ),
)


@router.post(
    "/refresh",
    summary="The next pair of tokens",
    operation_id="refreshSession",
    response_model=TokenAnswer,
    responses=responses(
        SessionEndedError, errors.InvalidInputError, errors.RateLimitedError, errors.UpstreamUnavailableError
    ),
)
async def refresh(body: RefreshBody, request: Request, services: ServicesDep) -> JsonModel:
    """The next pair of tokens. The given refresh token is used up. If it is used again, the session and all its tokens
    end, so a front end with several tabs lets one of them refresh."""
    peer, rate = peer_of(request), services.settings.auth.verify_rate
    await services.limiter.take("refresh", peer, rate)

    async def before_a_new_pair(session_id: SessionId) -> None:
        await services.limiter.take_of_subject("session-refresh", session_id, REFRESH_RATE)

    try:
        pair = await services.sign_in.refresh(new_attempt(request), body.refresh_token, before_a_new_pair)
    except (errors.UpstreamUnavailableError, *OUTAGES):
        await services.limiter.give_back("refresh", peer, rate)  # not the caller's failure
        raise
    await services.limiter.give_back("refresh", peer, rate)
    return _tokens(pair)


@router.post(
    "/logout",
    summary="Sign out",
    status_code=204,
    responses=responses(errors.UnauthorizedError, errors.UpstreamUnavailableError),
)
async def logout(session: SessionDep, services: ServicesDep) -> Response:
    """Ends the session of this request. Its access and refresh tokens are invalid at once."""
    await services.sign_in.end_session(session.session_id, session.user_id, "logout")
    return Response(status_code=204)


@router.get(
    "/sessions",
    summary="Your sessions",
    response_model=SessionPage,
    responses=responses(
        errors.UnauthorizedError, errors.InvalidInputError, errors.InvalidCursorError, errors.UpstreamUnavailableError
    ),
)
async def list_sessions(
    session: SessionDep, services: ServicesDep, query: Annotated[PageQuery, Query()], pages: PagesDep
) -> Response:
    """The caller's live sessions, newest first."""
    pager = pages.of(query)
    rows = await services.sign_in.sessions.of_user(
        session.user_id, limit=pager.fetch, after=pager.after(tuple[datetime, UUID])
    )
    page = pager.page(
        rows, lambda row: without_nulls(_shown(row, session)), lambda row: (row.created_at, row.session_id)
    )
    return Response(to_json(page), media_type="application/json", headers=_NO_STORE)


@router.delete(
    "/sessions/{sessionId}",
    summary="End one of your sessions",
    status_code=204,
    responses=responses(
        errors.UnauthorizedError, errors.NotFoundError, errors.InvalidInputError, errors.UpstreamUnavailableError
    ),
)
async def end_session(
    session_id: Annotated[UUID, Path(alias="sessionId", description="One of `GET /v1/auth/sessions`.")],
    session: SessionDep,
    services: ServicesDep,
) -> Response:
    """Ends one of the caller's sessions. Its tokens are invalid at once."""
    if not await services.sign_in.end_session(SessionId(session_id), session.user_id, "ended_by_user"):
        raise errors.NotFoundError
    return Response(status_code=204)


def _tokens(pair: TokenPair) -> JsonModel:
    answer = TokenAnswer(
        access_token=pair.access_token,
        refresh_token=pair.refresh_token,
        expires_at=pair.expires_at,
        user_id=pair.user_id,
        address=pair.address,
        chain_id=pair.chain_id,
    )
    return JsonModel(answer, headers=_NO_STORE)


def _shown(row: StoredSession, own: Session) -> SessionView:
    return SessionView(
        session_id=row.session_id,
        current=row.session_id == own.session_id,
        address=row.address,
        chain_id=row.chain_id,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        expires_at=row.expires_at,
        ip_address=row.ip_address,
        user_agent=row.user_agent,
    )
