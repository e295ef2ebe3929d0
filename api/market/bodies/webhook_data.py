"""What webhooks are sent: the data of each event."""

from __future__ import annotations

from typing import Annotated, Final, NotRequired
from uuid import UUID

from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from api.http.shown import AddressText, Bytes32Text, ChainIdText, DecimalText, MoneyText, QuantityText, TxHashText
from steadymint.domain.intents.view import IntentView
from steadymint.domain.webhooks import PausedBecause

OPEN: Final = ConfigDict(extra="allow")
"""Data may get further members; receivers ignore what they do not know."""


class _OnChain(TypedDict):
    __pydantic_config__ = OPEN  # type: ignore[misc]

    chainId: ChainIdText
    contract: Annotated[AddressText, Field(description="Lower case.")]
    txHash: TxHashText
    blockNumber: int


class LoggedInData(TypedDict):
    __pydantic_config__ = OPEN  # type: ignore[misc]

    userId: UUID
    sessionId: UUID
    address: AddressText
    chainId: ChainIdText


class WalletLinkedData(TypedDict):
    __pydantic_config__ = OPEN  # type: ignore[misc]

    userId: UUID
    walletId: UUID
    address: AddressText
    chainId: ChainIdText


class WalletUnlinkedData(WalletLinkedData):
    reason: Annotated[str, Field(description="`request`, `moved` or `wallet_reorged_away`.")]


class TokenLaunchedData(_OnChain):
    """A fungible token, as its factory's event has it."""

    creator: AddressText
    name: str
    symbol: str
    decimals: int
    supply: Annotated[QuantityText, Field(description="What was minted at its launch, in the smallest unit.")]


class CollectionCreatedData(_OnChain):
    """What the factory's event says, too."""

    creator: AddressText
    owner: AddressText
    name: str
    symbol: str


class CollectionUpsertedData(_OnChain):
    change: Annotated[str, Field(description="The name of the contract's event.")]


class MintedData(_OnChain):
    """What one transaction has minted to one account: at most 100 tokens. Of more there are several events."""

    to: AddressText
    standard: str
    tokenIds: list[DecimalText]
    quantities: list[QuantityText]


TransferredData = TypedDict(
    "TransferredData",
    {
        "chainId": ChainIdText,
        "contract": Annotated[AddressText, Field(description="Lower case.")],
        "txHash": TxHashText,
        "blockNumber": int,
        "from": AddressText,
        "to": Annotated[AddressText | None, Field(description="Null if they were burned.")],
        "standard": str,
        "tokenIds": list[DecimalText],
        "quantities": list[QuantityText],
    },
)
"""Tokens of a collection that one transaction has moved from one account to another, beside what a sale tells of: at
most 100. Of more there are several events. In this form because of the member `from`."""
TransferredData.__pydantic_config__ = OPEN  # type: ignore[attr-defined]


class SoldData(_OnChain):
    """Amounts are of the smallest unit of the currency, but for `price`."""

    tokenId: DecimalText
    quantity: QuantityText
    seller: AddressText
    buyer: AddressText
    orderHash: Bytes32Text | None
    marketplace: str | None
    currency: AddressText | None
    currencySymbol: str
    priceAmount: MoneyText
    price: str


class IntentSteppedData(TypedDict):
    __pydantic_config__ = OPEN  # type: ignore[misc]

    userId: UUID
    account: AddressText
    seq: Annotated[int, Field(description="The number of the step in the intent's log.")]
    intent: IntentView


class WebhookPausedData(TypedDict):
    __pydantic_config__ = OPEN  # type: ignore[misc]

    userId: NotRequired[UUID]
    webhookId: UUID
    reason: PausedBecause


class WebhookTestData(TypedDict):
    __pydantic_config__ = OPEN  # type: ignore[misc]

    webhookId: UUID
