"""The inputs and results of the sign-in flow.

All of them are in workflow history, so they hold no secret: of a nonce and a refresh token only the SHA-256, of a
signature and an access token nothing.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from steadymint.domain.outcome import Refusal
from steadymint.domain.record import Record
from steadymint.domain.types import Address, Bytes32, ChainId

SIGN_IN: Final = "SignIn"
VERIFY: Final = "verify"


class SignatureKind(StrEnum):
    """The kind of a signature: what proves that the account signed."""

    EOA = "eoa"
    """Its key: the signature recovers to the address. The account is the same on every chain."""
    CONTRACT = "contract"
    """A contract at the address (EIP-1271, EIP-6492). The account exists on this chain only, because somebody else may
    deploy a contract at the same address of another chain."""


class ProvenMessage(Record):
    """A message that an account has signed. All is checked, except whether the nonce is live and what a contract
    says."""

    attempt_id: UUID
    """The API makes one for each call."""
    nonce_hash: str
    account: Address
    chain_id: ChainId
    domain: str
    proof: SignatureKind
    digest: Bytes32
    """The EIP-191 hash of the message. A contract is asked about it."""
    contract_budget: float
    """Seconds for a contract's word, all tries together (setting `auth.contract_budget`)."""
    ip: str | None = None
    user_agent: str | None = None
    take_back_deletion: bool = False
    """Whether the account is to be opened again, if its user has asked for its deletion."""


class SignInAttempt(ProvenMessage):
    """One call of `verify`. The attempt has one row in `login_events`, with its id."""

    refresh_hash: str
    """SHA-256 of the refresh token. Only the memory of the API's request holds the token, so nobody can use a session
    whose request died."""


class WalletLink(Record):
    """The wallet of an account, and the user that it belongs to."""

    wallet_id: UUID
    user_id: UUID


WALLET_GONE: Final = "wallet_reorged_away"
"""Why a session ended whose wallet was in a block that has left the chain."""


class SignInGrant(Record):
    """The session that was opened for an attempt."""

    session_id: UUID
    user_id: UUID
    wallet_id: UUID
    account: Address
    chain_id: ChainId
    granted_at: datetime
    expires_at: datetime
    """The expiry of the refresh token."""
    absolute_expires_at: datetime
    """The expiry of the session, which no refresh can move."""


class SignInResult(Record):
    """What a finished flow shows in the Temporal UI: the grant, or why there is none."""

    grant: SignInGrant | None = None
    refusal: Refusal | None = None
    wallet_gone: bool = False
    """Whether the session was ended again, because the wallet's block had left the chain."""


def workflow_id_of_nonce(nonce_hash: str) -> str:
    """The id of the nonce's flow. Two requests with one nonce reach the same flow."""
    return f"sign-in:{nonce_hash[:32]}"
