"""The session of a request, from its bearer token (RFC 6750, in the header only)."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Depends, Security
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection

from api.root import ServicesDep
from steadymint.domain.errors import UnauthorizedError
from steadymint.domain.sessions import Session
from steadymint.identity.service import SignInService


class _BearerToken(SecurityBase):
    """The token of exactly one `Authorization: Bearer ...` header, for HTTP and WebSocket."""

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


class _PossibleToken(_BearerToken):
    """The same where the header may be missing."""

    async def __call__(self, connection: HTTPConnection) -> str | None:  # type: ignore[override]
        return await super().__call__(connection) if "authorization" in connection.headers else None


_bearer_token: Any = _BearerToken()
_possible_token: Any = _PossibleToken()


async def session_of(token: str, sign_in: SignInService) -> Session:
    """The live session of an access token. Raises UnauthorizedError."""
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


async def current_session(
    connection: HTTPConnection, token: Annotated[str, Security(_bearer_token)], services: ServicesDep
) -> Session:
    """The caller's session. Raises UnauthorizedError."""
    session = await session_of(token, services.sign_in)
    connection.state.user_id = session.user_id  # for the record of what is refused later
    return session


async def possible_session(
    token: Annotated[str | None, Security(_possible_token)], services: ServicesDep
) -> Session | None:
    """The caller's session; None for a request without a token. Raises UnauthorizedError for any other token than one
    of a live session: its sender believes to be signed in."""
    return None if token is None else await session_of(token, services.sign_in)


SessionDep = Annotated[Session, Depends(current_session)]
PossibleSessionDep = Annotated[Session | None, Depends(possible_session)]
"""For routes that anybody may ask, and that show more, or less, to some who have signed in."""
OR_NOBODY: Final[dict[str, Any]] = {"security": [{}]}
"""Such a route's `openapi_extra`: the token may be left out."""
