"""What signing in does to the stores, and the question to a contract.

Each service's part is one statement that gives the same answer however often it is asked, so that a kill at any line
loses nothing and doubles nothing: the whole is repeated. The order leaves no gap that matters: a link whose user does
not exist yet is found and completed by the next sign-in of the same account, and the nonce, the success in the log and
the session are one statement.
"""

from __future__ import annotations

from typing import Final, Protocol
from uuid import UUID

from temporalio import activity

from steadymint.domain.errors import AccountClosedError, InvalidSignatureError, UpstreamUnavailableError
from steadymint.domain.sign_in import SignInAttempt, SignInGrant, WalletLink
from steadymint.domain.types import Address, ChainId, UserId
from steadymint.durable.failures import activity_boundary

ACTIVE: Final = "active"
"""The status of a user who may sign in."""


class Wallets(Protocol):
    async def link(self, attempt: SignInAttempt) -> WalletLink: ...


class Users(Protocol):
    async def ensure(self, user_id: UserId) -> str:
        """The status of the user, who is made if there was none."""
        ...


class Sessions(Protocol):
    async def open(self, attempt: SignInAttempt, wallet: WalletLink) -> SignInGrant:
        """Raises InvalidNonceError, ExpiredNonceError, AttemptAbandonedError."""
        ...


class Announcements(Protocol):
    async def signed_in(self, grant: SignInGrant) -> bool:
        """Tells the outside; False if it was not heard."""
        ...


class SignatureHandoff(Protocol):
    async def take(self, attempt_id: UUID) -> bytes:
        """The signature that the API keeps for this attempt. Raises UpstreamUnavailableError if it is gone."""
        ...


class ContractSignatures(Protocol):
    async def is_valid(self, chain_id: ChainId, address: Address, digest: bytes, signature: bytes) -> bool:
        """What the contract at the address says (EIP-1271, EIP-6492); False where there is none.

        Raises UpstreamUnavailableError when no node can say.
        """
        ...


class Granting:
    """The local activities of an attempt that has been proven."""

    def __init__(self, wallets: Wallets, users: Users, sessions: Sessions, announcements: Announcements) -> None:
        self._wallets = wallets
        self._users = users
        self._sessions = sessions
        self._announcements = announcements

    @activity.defn
    @activity_boundary
    async def grant_session(self, attempt: SignInAttempt) -> SignInGrant:
        """Whose account it is (wallet_service), the user with all that belongs to one (user_service), the nonce used
        up and the session open (auth_service); then told to the outside, if it hears.

        One activity for three statements, because an activity costs more than all of them. No statement and no
        transaction crosses a service. Raises AccountClosedError, InvalidNonceError, ExpiredNonceError,
        AttemptAbandonedError.
        """
        wallet = await self._wallets.link(attempt)
        if await self._users.ensure(UserId(wallet.user_id)) != ACTIVE:
            raise AccountClosedError
        grant = await self._sessions.open(attempt, wallet)
        return grant.model_copy(update={"announced": await self._announcements.signed_in(grant)})

    @activity.defn
    @activity_boundary
    async def announce_sign_in(self, grant: SignInGrant) -> None:
        """`auth.user_logged_in`, and `wallet.linked` where a link is new: once more, until it is heard."""
        if not await self._announcements.signed_in(grant):
            raise UpstreamUnavailableError("The events were not taken")


class Vouching:
    """The remote activity that asks a contract. It has the signature from the API by way of a short-lived key, since
    what is handed to a workflow stays in its history."""

    def __init__(self, handoff: SignatureHandoff, contracts: ContractSignatures) -> None:
        self._handoff = handoff
        self._contracts = contracts

    @activity.defn
    @activity_boundary
    async def ask_contract(self, attempt: SignInAttempt) -> None:
        """Raises InvalidSignatureError when there is no contract or it says no."""
        signature = await self._handoff.take(attempt.attempt_id)
        digest = bytes.fromhex(attempt.digest[2:])
        if not await self._contracts.is_valid(attempt.chain_id, attempt.account, digest, signature):
            raise InvalidSignatureError
