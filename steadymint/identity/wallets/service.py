"""The wallets of a user who has signed in: nonces, links, and what is changed. The routes of `/v1/me/wallets` call
it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final, Protocol
from uuid import uuid4

import asyncpg

from steadymint.audit.entries import Entry, EventType, record
from steadymint.domain.errors import ConflictError, SignInError, SteadymintError
from steadymint.domain.linking import LinkedWallet, LinkOrder
from steadymint.domain.sign_in import SignatureKind
from steadymint.domain.types import Address, UserId
from steadymint.identity.errors import as_bad_input
from steadymint.identity.messages.proofs import Proofs
from steadymint.identity.sessions.revocation import Revocation
from steadymint.identity.wallets import changes
from steadymint.identity.wallets.rows import Origin

UNLINKED: Final = "wallet_unlinked"
"""Why the sessions of a wallet have ended that was unlinked."""


class LinkFlow(Protocol):
    async def link(self, order: LinkOrder) -> LinkedWallet: ...


class OwnWallets:
    """What a user does with their wallets. Share one per process; it holds no state of its own."""

    def __init__(self, pool: asyncpg.Pool, proofs: Proofs, flow: LinkFlow, revocation: Revocation) -> None:
        self._pool = pool
        self._proofs = proofs
        self._flow = flow
        self._revocation = revocation

    async def link(
        self,
        user_id: UserId,
        account: Address,
        message: str,
        signature: str,
        origin: Origin,
        *,
        move: bool,
        before_asking_a_chain: Callable[[], Awaitable[None]],
    ) -> LinkedWallet:
        """Link the wallet that has signed the message. As with a sign-in, everything that needs no chain and no flow is
        checked first.

        Raises the errors of a sign-in with status 422; UnknownChainError, WalletIsPrimaryError,
        WalletLinkedElsewhereError, ConflictError, UpstreamUnavailableError.
        """
        try:
            verified = self._proofs.read(account, message, signature)
            await self._proofs.check(verified, user_id)
            attempt_id = uuid4()
            if verified.proof is SignatureKind.CONTRACT:
                await before_asking_a_chain()
                await self._proofs.hand_over(attempt_id, verified)
            fields = self._proofs.fields_of(verified, attempt_id=attempt_id, ip=origin.ip, user_agent=origin.user_agent)
            linked = await self._flow.link(LinkOrder(**fields, user_id=user_id, move=move))
        except (SignInError, ConflictError) as refused:
            await self._file(user_id, account, origin, refused)
            raise (as_bad_input(refused) if isinstance(refused, SignInError) else refused) from None
        await self._proofs.forget(verified)
        return linked

    async def _file(self, user_id: UserId, account: Address, origin: Origin, refused: SteadymintError) -> None:
        """Put a refused proof on record: somebody may be trying to get at another's wallet. One entry an hour for each
        code and wallet."""
        await record(
            self._pool,
            Entry(
                EventType.WALLET_LINK_REFUSED,
                "A proof has linked no wallet",
                severity="warning",
                user_id=user_id,
                wallet=account,
                ip=origin.ip,
                details={"code": refused.code},
                key=f"{refused.code}:{user_id}:{account}:{datetime.now(UTC):%Y-%m-%dT%H}",
            ),
        )

    async def make_primary(self, user_id: UserId, address: Address, origin: Origin) -> None:
        """Raises NotFoundError."""
        await changes.make_primary(self._pool, user_id, address, origin)

    async def relabel(self, user_id: UserId, address: Address, label: str | None, origin: Origin) -> None:
        """Raises NotFoundError."""
        await changes.relabel(self._pool, user_id, address, label, origin)

    async def unlink(self, user_id: UserId, address: Address, origin: Origin) -> None:
        """Unlink the wallet and end its sessions. Raises NotFoundError or LastWalletError.

        The sessions end after the commit. A sign-in that overlaps looks once more whether its wallet is linked when its
        session is open. If this is cut off in between, the user repeats it, and a refresh ends the sessions anyway.
        """
        chains = await changes.unlink(self._pool, user_id, address, origin)
        await self._revocation.end_of_wallet(user_id, address, chains, UNLINKED)
