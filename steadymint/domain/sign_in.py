"""What the sign-in flow is told and what it answers.

These records are in workflow history. No secret is among them: a nonce and a refresh token are there as their SHA-256
only, a signature and an access token not at all.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from steadymint.domain.record import Record
from steadymint.domain.types import Address, Bytes32, ChainId

SIGN_IN: Final = "SignIn"
VERIFY: Final = "verify"


class Proof(StrEnum):
    """What vouches for the account."""

    EOA = "eoa"
    """Its own key: the signature recovers to the address. Then the account is the same on every chain."""
    CONTRACT = "contract"
    """A contract at the address (EIP-1271, EIP-6492). Then the account exists on that one chain only: whoever deploys
    a contract at the same address of another chain is somebody else."""


class SignInAttempt(Record):
    """One call of `verify`, with everything but the nonce's life and a contract's word already checked."""

    attempt_id: UUID
    """Made by the API for each call. The one line in `login_events` that this attempt will have is filed under it."""
    nonce_hash: str
    account: Address
    chain_id: ChainId
    domain: str
    proof: Proof
    digest: Bytes32
    """EIP-191 hash of the message, which is what a contract is asked about."""
    refresh_hash: str
    """SHA-256 of the refresh token. The token itself is in the memory of the API's request and nowhere else, so a
    session whose request died can be used by nobody."""
    contract_budget: float
    """Seconds for a contract's word, all tries together (setting `auth.contract_budget`)."""
    ip: str | None = None
    user_agent: str | None = None


class WalletLink(Record):
    """The wallet of an account, and whose it is."""

    wallet_id: UUID
    user_id: UUID


class SignInGrant(Record):
    """The session that an attempt has earned."""

    session_id: UUID
    user_id: UUID
    wallet_id: UUID
    account: Address
    chain_id: ChainId
    granted_at: datetime
    expires_at: datetime
    """Of the refresh token."""
    absolute_expires_at: datetime
    """Of the session, whatever is refreshed."""


def workflow_id_of_nonce(nonce_hash: str) -> str:
    """One flow per nonce: the id is what makes two requests with one nonce meet."""
    return f"sign-in:{nonce_hash[:32]}"
