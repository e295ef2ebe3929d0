"""Signed messages (EIP-4361), as far as no chain has to be asked: nonces to sign, and the checks of what was signed.

A sign-in and the linking of a wallet are proven alike. They differ in whom the nonce was issued to.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from redis.asyncio import Redis

from steadymint.domain.errors import DomainNotAllowedError
from steadymint.domain.types import Address, ChainId, UserId
from steadymint.identity.messages.enabled_chains import EnabledChains
from steadymint.identity.messages.handoff import SignatureHandoff
from steadymint.identity.messages.nonces import IssuedNonce, Nonces
from steadymint.identity.messages.signatures import bytes32
from steadymint.identity.messages.verification import Site, Verified, hash_of_nonce, verify
from steadymint.settings import AuthSettings

ORIGINS_SETTING: Final = "STEADYMINT_AUTH__ALLOWED_ORIGINS"
"""What an operator sets to let a site ask for signed messages."""


class Proofs:
    """Issues nonces, and checks messages that were signed with them."""

    def __init__(self, pool: asyncpg.Pool, redis: Redis, settings: AuthSettings) -> None:
        self._site = Site.of(settings.allowed_origins, settings.message_max_age)
        self._nonces = Nonces(pool, redis, settings.nonce_ttl)
        self._chains = EnabledChains(pool)
        self._handoff = SignatureHandoff(redis)
        self._contract_budget = settings.contract_budget

    async def issue_nonce(
        self,
        account: Address | None,
        chain_id: ChainId | None,
        domain: str,
        *,
        ip: str | None,
        user_agent: str | None,
        linker: UserId | None = None,
    ) -> IssuedNonce:
        """A new nonce: for a sign-in, or for `linker`, who is going to link a wallet. The answer is the same for a
        known and an unknown account. Without an account or a chain, the nonce is valid for any.

        Raises DomainNotAllowedError or UnknownChainError.
        """
        if not self._site.allows(domain):
            named = domain if domain.isascii() and domain.isprintable() else "This domain"
            raise DomainNotAllowedError(f"{named} may not ask for sign-ins: no origin in {ORIGINS_SETTING} has it")
        if chain_id is not None:
            await self._chains.require(chain_id)
        return await self._nonces.issue(account, chain_id, domain, ip=ip, user_agent=user_agent, linker=linker)

    def read(self, account: Address, message: str, signature: str) -> Verified:
        """The message, after all checks that need no store and no chain.

        Raises InvalidMessageError, InvalidSignatureError, MessageTooLargeError.
        """
        return verify(self._site, account, message, signature, datetime.now(UTC))

    async def check(self, verified: Verified, linker: UserId | None = None) -> None:
        """Check chain and nonce. `linker` is the user who links a wallet; None for a sign-in.

        Raises UnknownChainError, InvalidNonceError, ExpiredNonceError.
        """
        found = await asyncio.gather(
            self._chains.require(verified.chain_id),
            self._nonces.check(verified.nonce, verified.account, verified.chain_id, verified.domain, linker),
            return_exceptions=True,
        )
        for refusal in found:  # if both refuse, the chain's is told, whichever came first
            if refusal is not None:
                raise refusal

    async def hand_over(self, attempt_id: UUID, verified: Verified) -> None:
        """Hand the signature to the worker that asks the contract. Raises UpstreamUnavailableError."""
        await self._handoff.put(attempt_id, verified.signature)

    async def forget(self, verified: Verified) -> None:
        """Delete the copy of a nonce that was used."""
        await self._nonces.forget(verified.nonce)

    def fields_of(
        self, verified: Verified, *, attempt_id: UUID, ip: str | None, user_agent: str | None
    ) -> dict[str, Any]:
        """The fields of a `ProvenMessage`."""
        return {
            "attempt_id": attempt_id,
            "nonce_hash": hash_of_nonce(verified.nonce),
            "account": verified.account,
            "chain_id": verified.chain_id,
            "domain": verified.domain,
            "proof": verified.proof,
            "digest": bytes32(verified.digest),
            "contract_budget": self._contract_budget,
            "ip": ip,
            "user_agent": user_agent,
        }
