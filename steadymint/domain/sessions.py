"""The session of a verified access token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from steadymint.domain.types import Address, ChainId, SessionId, UserId


@dataclass(frozen=True, slots=True)
class Session:
    """A live session: who has signed in, and with which wallet."""

    user_id: UserId
    session_id: SessionId
    address: Address
    chain_id: ChainId
    """The chain that the sign-in message named."""
    expires_at: datetime
    """The time at which the access token expires. Streams close soon after."""
    contract_wallet: bool = False
    """A contract wallet is an identity of one chain; an EOA is the same on all of them."""
