"""Who is asking: the session of a request, from its bearer token (RFC 6750, in the header only)."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import Depends, Security
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection

from api.dependencies import Services, ServicesDep
from steadymint.domain.errors import UnauthorizedError
from steadymint.domain.sessions import Session
from steadymint.durable.sign_in import SignInFlows
from steadymint.identity.service import SignInService


def sign_in_service(connection: HTTPConnection, services: Services) -> SignInService:
    """The sign-in of this application, made on first use."""
    state = connection.app.state
    service = cast("SignInService | None", getattr(state, "sign_in", None))
    if service is None:
        flows = SignInFlows(services.temporal, services.queues)
        service = state.sign_in = SignInService(services.pool, services.redis, flows, services.settings.auth)
    return service


async def _sign_in(connection: HTTPConnection, services: ServicesDep) -> SignInService:
    return sign_in_service(connection, services)  # async: FastAPI would run the other in a thread


SignInDep = Annotated[SignInService, Depends(_sign_in)]


class _BearerToken(SecurityBase):
    """Exactly one `Authorization: Bearer ...`; for HTTP and WebSocket alike."""

    def __init__(self) -> None:
        self.model = HTTPBearerModel(bearerFormat="JWT", description="The `accessToken` of `POST /v1/auth/verify`.")
        self.scheme_name = "accessToken"

    async def __call__(self, connection: HTTPConnection) -> str:
        given = connection.headers.getlist("authorization")
        if len(given) != 1:
            raise UnauthorizedError
        scheme, _, token = given[0].partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise UnauthorizedError
        return token


_bearer_token: Any = _BearerToken()


async def current_session(token: Annotated[str, Security(_bearer_token)], sign_in: SignInDep) -> Session:
    """The caller's session. Raises UnauthorizedError."""
    claims = sign_in.tokens.read(token)
    session = await sign_in.revocation.live(claims.session_id)
    if session is None or session.user_id != claims.user_id:
        raise UnauthorizedError
    return Session(
        user_id=session.user_id,
        session_id=session.session_id,
        address=session.address,
        chain_id=session.chain_id,
        expires_at=claims.ends or session.expires_at,
        contract_wallet=session.account_type != "eoa",
    )


SessionDep = Annotated[Session, Depends(current_session)]
