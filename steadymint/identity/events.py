"""What others hear of users and their wallets: sign-ins, links, and which wallet is the primary one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from steadymint.domain.sign_in import ProvenMessage
from steadymint.domain.types import Address, ChainId, SessionId, show_address
from steadymint.events.event import AUTH, WALLETS, DomainEvent, event_id_of

LOGGED_IN: Final = "auth.user_logged_in"
LINKED: Final = "wallet.linked"
UNLINKED: Final = "wallet.unlinked"
PRIMARY_CHANGED: Final = "wallet.primary_changed"


def logged_in_id(session_id: SessionId) -> UUID:
    """A session is opened once."""
    return event_id_of(AUTH, LOGGED_IN, str(session_id))


def linked_id(attempt_id: UUID) -> UUID:
    """An attempt makes at most one link. A wallet that is unlinked and linked again is linked by another attempt."""
    return event_id_of(WALLETS, LINKED, str(attempt_id))


def account_of(message: ProvenMessage) -> Mapping[str, str]:
    """The members that these events share. The statement that writes an event adds the ids that it has made."""
    return {"address": show_address(message.account), "chainId": message.chain_id}


def of_wallet(
    kind: str,
    activity_id: UUID,
    at: datetime,
    *,
    user_id: UUID,
    wallet_id: UUID,
    address: Address,
    chain_id: ChainId,
    **more: str,
) -> DomainEvent:
    """The event of a line of `wallet_activity`, which happens once."""
    payload = {"userId": str(user_id), "walletId": str(wallet_id), "address": show_address(address)}
    return DomainEvent(WALLETS, kind, str(activity_id), at, payload | {"chainId": chain_id} | more)
