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
    WALLETS,
    WEBHOOKS,
    PositionedEvent,
)

_OF_STREAM: Final = {
    AUTH: EventName.LOGGED_IN,
    WALLETS: EventName.WALLET_LINKED,
    COLLECTIONS: EventName.COLLECTION_CREATED,
    COLLECTIONS_DOMAIN: EventName.COLLECTION_UPSERTED,
    MINTS: EventName.MINTED,
    MINTS_DOMAIN: EventName.MINT_UPSERTED,
    ORDERS: EventName.ORDER_CHANGED,
    SALES: EventName.SOLD,
    INTENTS: EventName.INTENT_STEPPED,
    WEBHOOKS: EventName.PAUSED,
}
_KEYS: Final = {
    name: str(name) if name in (EventName.LOGGED_IN, EventName.WALLET_LINKED, EventName.PAUSED) else name.split()[1]
    for name in _OF_STREAM.values()
}
"""How the routing key of an event begins: streams may get events of other kinds."""


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
    name = _OF_STREAM.get(event.stream)
    if name is None or not f"{event.type}.".startswith(f"{_KEYS[name]}."):
        return None
    return _READERS[event.stream](event, name)


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
    return Told(event, name, key, key, _accounts(said, "creator", "owner", "to", "seller", "buyer"))


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
    SALES: _of_collection,
    INTENTS: _of_intent,
    WEBHOOKS: _of_webhook,
}
