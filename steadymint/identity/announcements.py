"""The domain events of a sign-in: `auth.user_logged_in` and `wallet.linked`."""

from __future__ import annotations

from steadymint.domain.sign_in import SignInGrant
from steadymint.domain.types import show_address
from steadymint.live.events import AUTH, WALLETS, DomainEvent, DomainEvents

LOGGED_IN = "auth.user_logged_in"
LINKED = "wallet.linked"


class SignInAnnouncements:
    def __init__(self, events: DomainEvents) -> None:
        self._events = events

    async def signed_in(self, grant: SignInGrant) -> bool:
        """Publish the events. False if Redis did not take them. A repeated call publishes the same event ids."""
        who = {"userId": str(grant.user_id), "address": show_address(grant.account), "chainId": grant.chain_id}
        told = [
            DomainEvent(
                AUTH, LOGGED_IN, str(grant.session_id), grant.granted_at, {**who, "sessionId": str(grant.session_id)}
            )
        ]
        if grant.linked_now:
            wallet_id = str(grant.wallet_id)
            # The session is in the key: a wallet that is unlinked and linked again is linked twice.
            key = f"{wallet_id}:{grant.session_id}"
            told.append(DomainEvent(WALLETS, LINKED, key, grant.granted_at, {**who, "walletId": wallet_id}))
        return await self._events.publish(told)
