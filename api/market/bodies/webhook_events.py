"""What webhooks are sent: the shape of each event. `docs/webhook-events.schema.json` is made from it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from api.http.messages import Message
from api.http.shown import (
    ADDRESS_EXAMPLE,
    CONTRACT_EXAMPLE,
    TX_EXAMPLE,
    Time,
)
from api.intents.views import INTENT_EXAMPLE
from api.market.bodies.order_events import EVENT_EXAMPLE, OrderEventView
from api.market.bodies.webhook_data import (
    CollectionCreatedData,
    CollectionUpsertedData,
    IntentSteppedData,
    LoggedInData,
    MintedData,
    SoldData,
    TokenLaunchedData,
    TransferredData,
    WalletLinkedData,
    WalletUnlinkedData,
    WebhookPausedData,
    WebhookTestData,
)

_BLOCK: Final[dict[str, Any]] = {
    "chainId": "eip155:31337",
    "contract": CONTRACT_EXAMPLE.lower(),
    "txHash": TX_EXAMPLE,
    "blockNumber": 42,
}
_USER: Final = "7f0c1c52-7a0e-4b57-9a52-0f2b7f7f3a10"


class _Envelope(TypedDict):
    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    id: Annotated[str, Field(pattern="^msg_[0-9a-f]{32}$", description="`webhook-id`: the same each time it is sent.")]
    sequence: Annotated[int, Field(ge=1, description="1, 2, 3 without a gap, of this webhook.")]
    timestamp: Annotated[Time, Field(description="When it happened.")]


class UserLoggedInMessage(_Envelope):
    type: Literal["auth.user_logged_in"]
    data: LoggedInData


class WalletLinkedMessage(_Envelope):
    type: Literal["wallet.linked"]
    data: WalletLinkedData


class WalletUnlinkedMessage(_Envelope):
    type: Literal["wallet.unlinked"]
    data: WalletUnlinkedData


class PrimaryWalletChangedMessage(_Envelope):
    type: Literal["wallet.primary_changed"]
    data: WalletLinkedData


class TokenLaunchedMessage(_Envelope):
    type: Literal["tokens.events launched"]
    data: TokenLaunchedData


class CollectionCreatedMessage(_Envelope):
    type: Literal["collections.events created"]
    data: CollectionCreatedData


class CollectionUpsertedMessage(_Envelope):
    type: Literal["collections.domain upserted"]
    data: CollectionUpsertedData


class MintedMessage(_Envelope):
    type: Literal["mints.events minted"]
    data: MintedData


class MintUpsertedMessage(_Envelope):
    type: Literal["mints.domain upserted"]
    data: MintedData


class TransferredMessage(_Envelope):
    type: Literal["transfers.events transferred"]
    data: TransferredData


class SoldMessage(_Envelope):
    type: Literal["sales.events sold"]
    data: SoldData


class OrderChangedMessage(_Envelope):
    type: Literal["orders.events changed"]
    data: OrderEventView


class IntentSteppedMessage(_Envelope):
    type: Literal["intents.events stepped"]
    data: IntentSteppedData


class WebhookPausedMessage(_Envelope):
    type: Literal["webhook.paused"]
    data: WebhookPausedData


class WebhookTestMessage(_Envelope):
    type: Literal["webhook.test"]
    data: WebhookTestData


def _message(shape: Any, name: str, summary: str, data: dict[str, Any]) -> Message:
    example = {
        "id": "msg_7f0c1c527a0e4b579a520f2b7f7f3a10",
        "type": name,
        "sequence": 17,
        "timestamp": "2026-01-31T12:00:00.000Z",
        "data": data,
    }
    return Message(shape, summary, example)


_ACCOUNT: Final = {"userId": _USER, "address": ADDRESS_EXAMPLE, "chainId": "eip155:31337"}
_MINTED: Final = _BLOCK | {
    "to": ADDRESS_EXAMPLE.lower(),
    "standard": "erc721",
    "tokenIds": ["1"],
    "quantities": ["1"],
}
_TRANSFERRED: Final = _MINTED | {"from": ADDRESS_EXAMPLE.lower(), "to": "0x" + "b0" * 20}
_CREATED: Final = _BLOCK | {
    "creator": ADDRESS_EXAMPLE.lower(),
    "owner": ADDRESS_EXAMPLE.lower(),
    "name": "Cats",
    "symbol": "CAT",
}
_SOLD: Final = _BLOCK | {
    "tokenId": "1",
    "quantity": "1",
    "seller": ADDRESS_EXAMPLE.lower(),
    "buyer": "0x" + "b0" * 20,
    "orderHash": TX_EXAMPLE,
    "marketplace": "steadymint",
    "currency": None,
    "currencySymbol": "ETH",
    "priceAmount": "1000000000000000000",
    "price": "1",
}
_LAUNCHED: Final = _BLOCK | {
    "creator": ADDRESS_EXAMPLE.lower(),
    "name": "Harbour Coin",
    "symbol": "HARB",
    "decimals": 18,
    "supply": "1000000000000000000",
}
_STEPPED: Final = {"userId": _USER, "account": ADDRESS_EXAMPLE.lower(), "seq": 5, "intent": INTENT_EXAMPLE}

MESSAGES: Final[dict[str, Message]] = {
    found.example["type"]: found
    for found in (
        _message(UserLoggedInMessage, "auth.user_logged_in", "You have signed in", {**_ACCOUNT, "sessionId": _USER}),
        _message(WalletLinkedMessage, "wallet.linked", "You have linked a wallet", {**_ACCOUNT, "walletId": _USER}),
        _message(
            WalletUnlinkedMessage,
            "wallet.unlinked",
            "A wallet is yours no longer",
            {**_ACCOUNT, "walletId": _USER, "reason": "request"},
        ),
        _message(
            PrimaryWalletChangedMessage,
            "wallet.primary_changed",
            "Another wallet is your primary one",
            {**_ACCOUNT, "walletId": _USER},
        ),
        _message(TokenLaunchedMessage, "tokens.events launched", "A fungible token was launched", _LAUNCHED),
        _message(CollectionCreatedMessage, "collections.events created", "A collection was created", _CREATED),
        _message(
            CollectionUpsertedMessage,
            "collections.domain upserted",
            "A collection has changed",
            _BLOCK | {"change": "RoyaltySet"},
        ),
        _message(MintedMessage, "mints.events minted", "Tokens were minted", _MINTED),
        _message(MintUpsertedMessage, "mints.domain upserted", "Minted tokens are in the catalog", _MINTED),
        _message(TransferredMessage, "transfers.events transferred", "Tokens were transferred or burned", _TRANSFERRED),
        _message(OrderChangedMessage, "orders.events changed", "An order has changed", EVENT_EXAMPLE),
        _message(SoldMessage, "sales.events sold", "Tokens were sold", _SOLD),
        _message(IntentSteppedMessage, "intents.events stepped", "An intent has taken a step", _STEPPED),
        _message(
            WebhookPausedMessage,
            "webhook.paused",
            "We have paused a webhook of yours",
            {"userId": _USER, "webhookId": _USER, "reason": "unreachable"},
        ),
        _message(WebhookTestMessage, "webhook.test", "You have asked for a test", {"webhookId": _USER}),
    )
}
"""By the name of the event."""
