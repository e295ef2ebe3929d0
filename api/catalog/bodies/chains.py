"""Chains as HTTP shows them."""

from __future__ import annotations

from typing import Annotated, Any, Final, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from api.catalog.examples import CURSOR
from api.http.shown import CONTRACT_EXAMPLE, EXACT, AddressText, AmountText, ChainIdText, NextCursor


class NativeCurrency(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    symbol: Annotated[str, Field(examples=["ETH"])]
    decimals: int


class ChainContract(TypedDict):
    """A contract of ours. `factory` is the one that `POST /v1/collections/prepare` calls."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    name: Annotated[str, Field(examples=["factory"])]
    address: AddressText
    standard: NotRequired[str]
    startBlock: Annotated[int, Field(description="The first block that can hold logs of it.")]


class SuggestedFees(TypedDict, total=False):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    maxFeeGwei: AmountText
    priorityFeeGwei: AmountText


class ChainBody(TypedDict):
    """A chain on which collections can be created."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    number: Annotated[int, Field(description="EIP-155.", examples=[31337])]
    name: str
    nativeCurrency: NativeCurrency
    explorerUrl: NotRequired[str]
    rpcUrl: NotRequired[
        Annotated[str, Field(description="Of a local chain only: its node, which signs for everybody.")]
    ]
    confirmations: Annotated[int, Field(description="Depth at which a transaction counts; its block is the first.")]
    fees: SuggestedFees
    contracts: list[ChainContract]


class ChainPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[ChainBody]
    nextCursor: NextCursor


EXAMPLE: Final[dict[str, Any]] = {
    "items": [
        {
            "chainId": "eip155:31337",
            "number": 31337,
            "name": "Local",
            "nativeCurrency": {"symbol": "ETH", "decimals": 18},
            "confirmations": 2,
            "fees": {},
            "contracts": [{"name": "factory", "address": CONTRACT_EXAMPLE, "startBlock": 1}],
        }
    ],
    "nextCursor": CURSOR,
}
