"""What an event is for webhooks: its name, what it is about, and whose it is. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from steadymint.domain.webhooks import EventName
from steadymint.events.event import (
    AUTH,
    COLLECTIONS,
    COLLECTIONS_DOMAIN,
    INTENTS,
    MINTS,
    MINTS_DOMAIN,
    ORDERS,
    SALES,
    TOKENS,
    TRANSFERS,
    WALLETS,
    WEBHOOKS,
    PositionedEvent,
)

_NAMES: Final[dict[str, dict[str, EventName]]] = {
    AUTH: {"auth.user_logged_in": EventName.LOGGED_IN},
    WALLETS: {
        "wallet.linked": EventName.WALLET_LINKED,
        "wallet.unlinked": EventName.WALLET_UNLINKED,
        "wallet.primary_changed": EventName.PRIMARY_WALLET_CHANGED,
    },
    COLLECTIONS: {"created": EventName.COLLECTION_CREATED},
    COLLECTIONS_DOMAIN: {"upserted": EventName.COLLECTION_UPSERTED},
    MINTS: {"minted": EventName.MINTED},
    MINTS_DOMAIN: {"upserted": EventName.MINT_UPSERTED},
    ORDERS: {"changed": EventName.ORDER_CHANGED},
    TRANSFERS: {"transferred": EventName.TRANSFERRED},
    SALES: {"sold": EventName.SOLD},
    TOKENS: {"launched": EventName.TOKEN_LAUNCHED},
    INTENTS: {"stepped": EventName.INTENT_STEPPED},
    WEBHOOKS: {"webhook.paused": EventName.PAUSED},
}
"""By stream, and by how the routing key of an event begins: streams may get events of other kinds."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as subscriptions see it."""

    event: PositionedEvent
    name: EventName
    subject: str
    """Events of one subject are delivered in their order."""
    collection: str | None = None
    """`{chain}/{contract}`."""
    accounts: frozenset[tuple[str, str]] = field(default_factory=frozenset[tuple[str, str]])
    """Chain and address, lower case, of those who take part."""
    user: str | None = None
    """Whose event it is, where it is a user's own and not the chain's. Nobody else gets it, whatever is linked."""


def told_of(event: PositionedEvent) -> Told | None:
    """None for an event that webhooks are not told of."""
    for key, name in _NAMES.get(event.stream, {}).items():
        if f"{event.type}.".startswith(f"{key}."):
            return _READERS[event.stream](event, name)
    return None


def collection_key(chain_id: str, contract: str) -> str:
    """How a collection is named in the filter of a webhook."""
    return f"{chain_id}/{contract.lower()}"


def _of_user(event: PositionedEvent, name: EventName) -> Told:
    said = event.payload
    return Told(event, name, f"user {said['userId']}", None, _accounts(said, "address"), said["userId"])


def _of_webhook(event: PositionedEvent, name: EventName) -> Told:
    said = event.payload
    return Told(event, name, f"webhook {said['webhookId']}", user=said["userId"])


def _of_collection(event: PositionedEvent, name: EventName) -> Told:
    said = event.payload
    key = collection_key(said["chainId"], said["contract"])
    return Told(event, name, key, key, _accounts(said, "creator", "owner", "from", "to", "seller", "buyer"))


def _of_order(event: PositionedEvent, name: EventName) -> Told:
    said = event.payload
    key = collection_key(said["chainId"], said["contract"])
    return Told(event, name, f"order {said['orderHash']}", key, _accounts(said, "maker"))


def _of_intent(event: PositionedEvent, name: EventName) -> Told:
    said = event.payload
    intent: Mapping[str, Any] = said["intent"]
    contract = intent.get("contract")
    key = None if contract is None else collection_key(intent["chainId"], contract)
    accounts = frozenset({(intent["chainId"], said["account"].lower())})
    return Told(event, name, f"intent {intent['intentId']}", key, accounts, said["userId"])


def _accounts(said: Mapping[str, Any], *members: str) -> frozenset[tuple[str, str]]:
    return frozenset((said["chainId"], said[member].lower()) for member in members if isinstance(said.get(member), str))


_READERS: Final[dict[str, Callable[[PositionedEvent, EventName], Told]]] = {
    AUTH: _of_user,
    WALLETS: _of_user,
    COLLECTIONS: _of_collection,
    COLLECTIONS_DOMAIN: _of_collection,
    MINTS: _of_collection,
    MINTS_DOMAIN: _of_collection,
    ORDERS: _of_order,
    TRANSFERS: _of_collection,
    SALES: _of_collection,
    TOKENS: _of_collection,
    INTENTS: _of_intent,
    WEBHOOKS: _of_webhook,
}
