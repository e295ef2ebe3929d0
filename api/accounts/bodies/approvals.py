"""Whom the wallets of the signed-in user let move what is theirs."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field
from typing_extensions import TypedDict

from api.http.shown import (
    ADDRESS_EXAMPLE,
    CONTRACT_EXAMPLE,
    EXACT,
    TIME_EXAMPLE,
    TX_EXAMPLE,
    AddressText,
    AmountText,
    ChainIdText,
    DecimalText,
    NextCursor,
    QuantityText,
    Time,
    TxHashText,
)


class AtStakeBody(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    tokens: Annotated[QuantityText, Field(description="Units that the wallet has of the collection.")]
    value: Annotated[AmountText | None, Field(description="At the floor; null without one.")]


class StandingApprovalBody(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    wallet: AddressText
    chainId: ChainIdText
    contract: AddressText
    standard: Literal["erc20", "erc721", "erc1155"]
    collection: Annotated[str | None, Field(description="Its name.")]
    slug: str | None
    operator: AddressText
    operatorName: Annotated[
        str | None,
        Field(
            description="The role of a contract that this marketplace knows, such as `seaport`; null for anybody else.",
            examples=["seaport"],
        ),
    ]
    amount: Annotated[
        DecimalText | None,
        Field(description="Of a currency, in its smallest unit, as it was approved. Some of it may be spent."),
    ]
    atStake: Annotated[AtStakeBody | None, Field(description="Null for what the catalog does not have.")]
    since: Time
    txHash: TxHashText


class StandingApprovalPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[StandingApprovalBody]
    nextCursor: NextCursor


APPROVAL_PAGE_EXAMPLE: Final[dict[str, Any]] = {
    "items": [
        {
            "wallet": ADDRESS_EXAMPLE,
            "chainId": "eip155:31337",
            "contract": CONTRACT_EXAMPLE,
            "standard": "erc721",
            "collection": "Harbour Lights",
            "slug": "harbour-lights",
            "operator": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            "operatorName": None,
            "amount": None,
            "atStake": {"tokens": "3", "value": "0.24"},
            "since": TIME_EXAMPLE,
            "txHash": TX_EXAMPLE,
        }
    ],
    "nextCursor": None,
}
