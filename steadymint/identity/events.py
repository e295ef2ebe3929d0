"""What others hear of a sign-in: that somebody has logged in, and that a wallet is linked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from steadymint.domain.sign_in import SignInAttempt
from steadymint.domain.types import SessionId, show_address
from steadymint.events.event import AUTH, WALLETS, event_id_of

LOGGED_IN: Final = "auth.user_logged_in"
LINKED: Final = "wallet.linked"


def logged_in_id(session_id: SessionId) -> UUID:
    """A session is opened once."""
    return event_id_of(AUTH, LOGGED_IN, str(session_id))


def linked_id(attempt_id: UUID) -> UUID:
    """An attempt makes at most one link. A wallet that is unlinked and linked again is linked by another attempt."""
    return event_id_of(WALLETS, LINKED, str(attempt_id))


def account_of(attempt: SignInAttempt) -> Mapping[str, str]:
    """The members that both events share. The statement that writes an event adds the ids that it has made."""
    return {"address": show_address(attempt.account), "chainId": attempt.chain_id}
