"""The sign-in service: sign in, refresh a session, sign out. The routes of `/v1/auth` call it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import asyncpg
from redis.asyncio import Redis

from steadymint.domain.errors import AccountClosedError, UpstreamUnavailableError
from steadymint.domain.sign_in import SignatureKind, SignInAttempt, SignInGrant
from steadymint.domain.types import Address, ChainId, SessionId, UserId
from steadymint.identity.errors import SessionEndedError
from steadymint.identity.login_events import Attempt, LoginEvents
from steadymint.identity.messages.proofs import Proofs
from steadymint.identity.messages.verification import Verified, hash_of_nonce
from steadymint.identity.sessions.revocation import Revocation
from steadymint.identity.sessions.store import Sessions
from steadymint.identity.sessions.tokens import AccessTokens, Claims, hash_of_refresh_token, new_refresh_token
from steadymint.identity.users.accounts import Users
from steadymint.identity.wallets.links import Wallets
from steadymint.settings import AuthSettings


class SignInFlow(Protocol):
    async def verify(self, attempt: SignInAttempt) -> SignInGrant: ...


@dataclass(frozen=True, slots=True)
class TokenPair:
    """The tokens that a client gets. They exist in the memory of one request; only hashes are stored."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    """When the access token expires."""
    user_id: UserId
    address: Address
    chain_id: ChainId


class SignInService:
    """Signs users in and out. Share one per process; it holds no state of its own."""

    def __init__(self, pool: asyncpg.Pool, redis: Redis, flow: SignInFlow, settings: AuthSettings) -> None:
        """Raises ValueError when no signing key is configured."""
        self.tokens = AccessTokens(settings)
        self.sessions = Sessions(
            pool, settings.refresh_ttl, settings.session_max_age, settings.contract_session_max_age
        )
        self.revocation = Revocation(self.sessions, redis, settings.access_ttl)
        self.login_events = LoginEvents(pool)
        self.proofs = Proofs(pool, redis, settings)
        self._users = Users(pool)
        self._wallets = Wallets(pool)
        self._flow = flow

    async def verify(
        self,
        attempt: Attempt,
        account: Address,
        message: str,
        signature: str,
        before_asking_a_chain: Callable[[], Awaitable[None]],
        *,
        take_back_deletion: bool = False,
    ) -> TokenPair:
        """A session for a message that the account signed. Fills in `attempt` on the way. `take_back_deletion` opens
        an account again whose user has asked for its deletion.

        Everything that needs no chain and no flow is checked first. So no flow starts for a forged message, unless a
        contract has to be asked; in that case `before_asking_a_chain` may refuse.

        Raises InvalidMessageError, InvalidSignatureError, InvalidNonceError, ExpiredNonceError, UnknownChainError,
        AccountClosedError, AccountDeletingError, UpstreamUnavailableError.
        """
        attempt.account = account
        verified = self.proofs.read(account, message, signature)
        attempt.chain_id, attempt.domain = verified.chain_id, verified.domain
        attempt.nonce_hash = hash_of_nonce(verified.nonce)
        await self.proofs.check(verified)
        if verified.proof is SignatureKind.CONTRACT:
            await before_asking_a_chain()
            await self.proofs.hand_over(attempt.attempt_id, verified)
        refresh_token = new_refresh_token()
        claims, not_after = await self._granted(attempt, verified, refresh_token, take_back_deletion)
        await self.proofs.forget(verified)
        return self._pair(claims, refresh_token, not_after)

    async def refresh(
        self, attempt: Attempt, refresh_token: str, before_a_new_pair: Callable[[SessionId], Awaitable[None]]
    ) -> TokenPair:
        """The next pair of tokens. The old refresh token becomes invalid, and its reuse ends the session.
        `before_a_new_pair` may refuse; then the old token stays valid. A reuse that ends a session is recorded as a
        failed attempt.

        Raises SessionEndedError if the token is unknown, expired or used, or if its user or wallet is gone.
        """
        old_hash = hash_of_refresh_token(refresh_token)
        owner = await self.sessions.of_token(old_hash)
        if owner is None:
            raise SessionEndedError
        session_id, user_id, address, chain_id = owner
        active, linked = await asyncio.gather(
            self._users.is_active(user_id), self._wallets.is_linked(user_id, address, chain_id)
        )
        if not (active and linked):
            await self.end_session(session_id, user_id, "user_closed" if not active else "wallet_unlinked")
            raise SessionEndedError
        await before_a_new_pair(session_id)
        next_token = new_refresh_token()
        session = await self.sessions.rotate(old_hash, hash_of_refresh_token(next_token))
        if session is None:
            ended = await self.sessions.revoke_family_of_used(old_hash, attempt.ip)
            await self.revocation.announce(ended)
            if ended:
                attempt.account, attempt.chain_id = address, chain_id
                said = "A used refresh token came again"
                await self.login_events.file_failure(attempt, "failed", said, is_event=False)
            raise SessionEndedError
        return self._pair(Claims(user_id, session_id, address, chain_id), next_token, session.absolute_expires_at)

    async def end_session(self, session_id: SessionId, user_id: UserId, reason: str) -> bool:
        """End a session of this user. False if the user has no session with this id."""
        return await self.revocation.end(session_id, user_id, reason)

    async def _granted(
        self, attempt: Attempt, verified: Verified, refresh_token: str, take_back_deletion: bool
    ) -> tuple[Claims, datetime]:
        """The flow's grant. If the flow does not answer, the log of attempts decides."""
        fields = self.proofs.fields_of(
            verified, attempt_id=attempt.attempt_id, ip=attempt.ip, user_agent=attempt.user_agent
        )
        order = SignInAttempt(
            **fields, refresh_hash=hash_of_refresh_token(refresh_token), take_back_deletion=take_back_deletion
        )
        try:
            grant = await self._flow.verify(order)
        except UpstreamUnavailableError as error:
            return await self._without_answer(attempt, error)
        claims = Claims(UserId(grant.user_id), SessionId(grant.session_id), grant.account, grant.chain_id)
        return claims, grant.absolute_expires_at

    async def _without_answer(self, attempt: Attempt, error: UpstreamUnavailableError) -> tuple[Claims, datetime]:
        """Record the failure; then the flow can no longer grant. If that fails, the flow has granted already."""
        if await self.login_events.file_failure(attempt, "failed", error.detail):
            raise error
        session = await self.sessions.granted_to(attempt.attempt_id)
        if session is None:
            raise error
        return Claims(
            session.user_id, session.session_id, session.address, session.chain_id
        ), session.absolute_expires_at

    def _pair(self, claims: Claims, refresh_token: str, not_after: datetime) -> TokenPair:
        access_token, expires_at = self.tokens.issue(claims, not_after)
        return TokenPair(
            access_token, refresh_token, expires_at, claims.user_id, claims.address, claims.chain_id
        )  # fmt: skip


def result_of(error: Exception) -> str:
    """The `login_events.result` for an attempt that ended with this error."""
    code = getattr(error, "code", "failed")
    if code in ("unknown_chain", "invalid_input", "too_large", "request_timeout"):
        return "invalid_message"
    return code if not isinstance(error, AccountClosedError) else "failed"
