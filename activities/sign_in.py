"""The activities of a sign-in: asking a contract wallet, and granting the session.

The part of each service is one idempotent transaction, so after a kill at any line the whole activity is repeated and
nothing is lost or doubled. If a kill leaves a link without its user, the next sign-in of the same account creates the
user. The nonce, the success in the log and the session are one statement.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Protocol
from uuid import UUID

from temporalio import activity

from steadymint.domain.errors import (
    AccountClosedError,
    AccountDeletingError,
    InvalidNonceError,
    InvalidSignatureError,
)
from steadymint.domain.linking import LinkOrder
from steadymint.domain.sign_in import WALLET_GONE, SignInAttempt, SignInGrant, WalletLink
from steadymint.domain.types import Address, ChainId, SessionId, UserId
from steadymint.durable.failures import activity_boundary
from steadymint.durable.policies import signature_check_try

ANSWER_RESERVE: Final = 0.1
"""Seconds of a try in which the activity can still say that no node answered, before Temporal times it out."""
ACTIVE: Final = "active"
"""The status of a user who may sign in."""


class Wallets(Protocol):
    async def link(self, attempt: SignInAttempt) -> WalletLink: ...

    async def is_linked(self, user_id: UserId, address: Address, chain_id: ChainId) -> bool: ...


class Users(Protocol):
    async def ensure(self, user_id: UserId) -> str:
        """The status of the user, who is created if necessary."""
        ...


class Sessions(Protocol):
    async def open(self, attempt: SignInAttempt, wallet: WalletLink) -> SignInGrant:
        """Raises InvalidNonceError, ExpiredNonceError, AttemptAbandonedError."""
        ...

    async def revoke(self, session_id: SessionId, user_id: UserId, reason: str) -> bool: ...


class SignatureHandoff(Protocol):
    async def take(self, attempt_id: UUID) -> bytes:
        """The signature that the API has stored for this attempt. Raises UpstreamUnavailableError if it is gone."""
        ...


class ContractSignatures(Protocol):
    async def is_valid(
        self, chain_id: ChainId, address: Address, digest: bytes, signature: bytes, timeout: float
    ) -> bool:
        """What the contract at the address answers within `timeout` seconds (EIP-1271, EIP-6492); False if there is
        none.

        Raises UpstreamUnavailableError when no node can answer.
        """
        ...

    async def settles_in(self, chain_id: ChainId, signature: bytes) -> float | None:
        """Seconds until the wallet's block is deep enough to look again; None if that does not matter."""
        ...

    async def stands(self, chain_id: ChainId, address: Address, since: datetime) -> bool:
        """Whether the contract is there, in a block that is deep enough and was made after `since`.

        Raises UpstreamUnavailableError while no node can say so.
        """
        ...


class SessionEnds(Protocol):
    async def end(self, session_id: SessionId, user_id: UserId, reason: str) -> bool: ...


class Deletions(Protocol):
    async def open_until(self, user_id: UserId) -> datetime | None:
        """Until when the user can take back the deletion of their account; None if there is none that they can."""
        ...

    async def take_back(self, user_id: UserId) -> bool:
        """Opens the account again. False if there is no deletion that can be taken back."""
        ...


class Granting:
    """The local activity `grant_session`, for an attempt whose signature is proven."""

    def __init__(self, wallets: Wallets, users: Users, sessions: Sessions, deletions: Deletions) -> None:
        self._wallets = wallets
        self._users = users
        self._sessions = sessions
        self._deletions = deletions

    @activity.defn
    @activity_boundary
    async def grant_session(self, attempt: SignInAttempt) -> SignInGrant:
        """Finds or makes the wallet link (wallet_service), then the user (user_service), then consumes the nonce and
        opens the session (auth_service). Each writes its events for others into the outbox.

        One activity for three services, because an activity costs more than all of their statements. No transaction
        spans two services, except for the outbox, which every service has. Raises AccountClosedError,
        AccountDeletingError, InvalidNonceError, ExpiredNonceError, AttemptAbandonedError.
        """
        wallet = await self._wallets.link(attempt)
        closed = await self._users.ensure(UserId(wallet.user_id)) != ACTIVE
        if closed:
            await self._check_deletion(UserId(wallet.user_id), attempt)
        grant = await self._sessions.open(attempt, wallet)
        user_id = UserId(grant.user_id)
        if closed:  # not before the nonce is used up: a refused attempt opens no account
            await self._deletions.take_back(user_id)
        # An operator who closes the account sets the status and then ends the sessions. Either they find this session,
        # or the status is found here. The same holds for a user who unlinks the wallet, or moves it.
        if await self._users.ensure(user_id) != ACTIVE:
            await self._sessions.revoke(SessionId(grant.session_id), user_id, "user_closed")
            raise AccountClosedError
        if not await self._wallets.is_linked(user_id, grant.account, grant.chain_id):
            await self._sessions.revoke(SessionId(grant.session_id), user_id, "wallet_unlinked")
            raise InvalidNonceError("The wallet was unlinked while it signed in; ask for a new nonce and sign in again")
        return grant

    async def _check_deletion(self, user_id: UserId, attempt: SignInAttempt) -> None:
        """Whether the account is in the grace period of its deletion, and the attempt takes it back.

        Raises AccountDeletingError if it does not, AccountClosedError if the account is closed for another reason.
        """
        until = await self._deletions.open_until(user_id)
        if until is None:
            raise AccountClosedError
        if not attempt.take_back_deletion:
            moment = until.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            raise AccountDeletingError(deletesAt=moment)


class SignatureChecking:
    """The remote activities `ask_contract` and `look_again`. They may be repeated.

    The API passes the signature through a short-lived key in Redis, because a workflow's input stays in its history.
    """

    def __init__(self, handoff: SignatureHandoff, contracts: ContractSignatures, ends: SessionEnds) -> None:
        self._handoff = handoff
        self._contracts = contracts
        self._ends = ends

    @activity.defn
    @activity_boundary
    async def ask_contract(self, attempt: SignInAttempt | LinkOrder) -> float | None:
        """Seconds after which to look again whether the contract is there; None if that is not necessary.

        Raises InvalidSignatureError when there is no contract or it says no."""
        signature = await self._handoff.take(attempt.attempt_id)
        digest = bytes.fromhex(attempt.digest[2:])
        seconds = signature_check_try(attempt.contract_budget) - ANSWER_RESERVE
        if not await self._contracts.is_valid(attempt.chain_id, attempt.account, digest, signature, seconds):
            raise InvalidSignatureError
        return await self._contracts.settles_in(attempt.chain_id, signature)

    @activity.defn
    @activity_boundary
    async def look_again(self, grant: SignInGrant) -> bool:
        """Whether the wallet is still there. If the block that it was in has left the chain, the session ends."""
        if await self._contracts.stands(grant.chain_id, grant.account, grant.granted_at):
            return True
        await self._ends.end(SessionId(grant.session_id), UserId(grant.user_id), WALLET_GONE)
        return False
