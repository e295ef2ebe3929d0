"""Activity as HTTP shows it."""
# ruff: noqa: N815 - JSON members; ruff does not see that a subclass of a TypedDict is one

from __future__ import annotations

from typing import Annotated, Literal, NotRequired
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from api.http.shown import (
    EXACT,
    AddressText,
    AmountText,
    ChainIdText,
    DecimalText,
    NextCursor,
    QuantityText,
    Time,
    TxHashText,
)

_From = TypedDict("_From", {"from": AddressText | None})  # `from` is a keyword of Python


class ActivityBody(_From):
    """An event of a token. A mint comes from the zero address, a burn goes to it."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    id: UUID
    type: Literal["listed", "offer", "sale", "transfer", "mint", "burn"]
    chainId: ChainIdText
    contract: AddressText | None
    tokenId: DecimalText | None
    to: AddressText | None
    quantity: QuantityText
    price: NotRequired[
        Annotated[
            AmountText,
            Field(description="In `currency`. Of a sale it is that of all units together, else that of one."),
        ]
    ]
    currency: NotRequired[str]
    marketplace: NotRequired[Annotated[str, Field(description="Its slug. Of a sale, a listing or an offer.")]]
    txHash: TxHashText | None
    blockNumber: Annotated[int, Field(description="0 for an event that is not on chain.")]
    logIndex: int
    timestamp: Time
    suspicious: NotRequired[
        Annotated[
            Literal["never_minted", "not_the_owner", "contradiction", "not_approved"],
            Field(
                description="Why it does not fit what was so before it, or `not_approved`: `from` did not send it, and"
                " is not known to have allowed anybody to. Absent otherwise. A contract may emit any transfer: `from`"
                " has perhaps done nothing."
            ),
        ]
    ]
    txSender: NotRequired[
        Annotated[
            AddressText,
            Field(
                description="Who sent the transaction. Of suspicious ones, and of those of imported collections that"
                " no approval explains; after some seconds."
            ),
        ]
    ]


class ActivityPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[ActivityBody]
    nextCursor: NextCursor
