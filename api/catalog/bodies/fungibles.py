"""Fungible tokens as HTTP shows them. Members marked NotRequired are left out while nothing is known."""
# ruff: noqa: N815 - JSON members; ruff does not see that a subclass of a TypedDict is one

from __future__ import annotations

from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from api.catalog.bodies.fields import ShownUrl
from api.http.shown import EXACT, AddressText, ChainIdText, DecimalText, NextCursor, Time, TxHashText
from steadymint.catalog.reads.fungibles import TransactionType

_From = TypedDict("_From", {"from": AddressText | None})  # `from` is a keyword of Python


class FungibleBody(TypedDict):
    """A fungible token. Amounts are in its smallest unit: 10^decimals of them are one token."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    contract: AddressText
    name: Annotated[str, Field(description="Anybody may give a token any name: the contract is what it is.")]
    symbol: str
    decimals: Annotated[int, Field(ge=0, le=36)]
    supply: Annotated[DecimalText, Field(description="All that exists now.")]
    cap: Annotated[DecimalText | None, Field(description="The supply is never above it; null: no cap.")]
    mintOnce: Annotated[bool, Field(description="Nobody ever mints more, and the token has no owner.")]
    burnable: bool
    permit: Annotated[bool, Field(description="Approvals by signature, EIP-2612.")]
    creator: AddressText
    holders: Annotated[int, Field(description="Accounts that hold some of it.")]
    transactions: int
    txHash: Annotated[TxHashText, Field(description="Of its launch.")]
    blockNumber: int
    createdAt: Time
    description: NotRequired[str]
    iconUrl: NotRequired[ShownUrl]
    contractUri: NotRequired[Annotated[str, Field(description="Its document, ERC-7572. It never changes.")]]


class FungiblePage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[FungibleBody]
    nextCursor: NextCursor


class FungibleHolderBody(TypedDict):
    """What an account holds."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    address: AddressText
    balance: DecimalText


class FungibleHolderPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[FungibleHolderBody]
    nextCursor: NextCursor


class FungibleTransactionBody(_From):
    """What happened to a token. A mint comes from nobody, a burn goes to nobody; `create` tells of the launch, whose
    supply is minted by the log after it."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    type: TransactionType
    to: AddressText | None
    amount: DecimalText
    txHash: TxHashText
    blockNumber: int
    logIndex: int
    timestamp: Time


class FungibleTransactionPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[FungibleTransactionBody]
    nextCursor: NextCursor
