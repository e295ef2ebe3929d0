"""Whom the wallets of the signed-in user let move what is theirs, and did."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NotRequired

from pydantic import Field, model_validator
from typing_extensions import TypedDict

from api.http.pagination import PageQuery
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
from steadymint.domain.slugs import ContractField, address_in
from steadymint.domain.types import AddressField, ChainIdField


class AtStakeBody(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    tokens: Annotated[QuantityText, Field(description="Units that the wallet has of the collection, or the one.")]
    value: Annotated[AmountText | None, Field(description="At the floor; null without one.")]


class RevokeBody(TypedDict):
    """The body for `POST /v1/approvals/prepare` that takes the approval back."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    chainId: ChainIdText
    kind: Literal["set_approval_for_all", "erc721_approve", "erc20_approve"]
    contract: AddressText
    spender: AddressText
    tokenId: NotRequired[DecimalText]
    approved: NotRequired[bool]
    amount: NotRequired[DecimalText]


class StandingApprovalBody(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    wallet: AddressText
    chainId: ChainIdText
    contract: AddressText
    standard: Literal["erc20", "erc721", "erc1155"]
    collection: Annotated[str | None, Field(description="Its name.")]
    slug: str | None
    tokenId: Annotated[
        DecimalText | None, Field(description="The one token that may be moved; null for all, and for a currency.")
    ]
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
        Field(
            description="Of a currency, in its smallest unit: how much may be moved now. If `confirmed` is false, as "
            "it was approved, of which some may be spent."
        ),
    ]
    atStake: Annotated[AtStakeBody | None, Field(description="Null for what the catalog does not have.")]
    since: Time
    txHash: TxHashText
    confirmed: Annotated[
        bool,
        Field(
            description="Whether the chain was asked, half a minute ago at most, and says the same. False if no node "
            "has answered in time: then all is as events have told it."
        ),
    ]
    revoke: Annotated[RevokeBody, Field(description="To be posted in a session of the wallet.")]


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
            "tokenId": None,
            "operator": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            "operatorName": None,
            "amount": None,
            "atStake": {"tokens": "3", "value": "0.24"},
            "since": TIME_EXAMPLE,
            "txHash": TX_EXAMPLE,
            "confirmed": True,
            "revoke": {
                "chainId": "eip155:31337",
                "kind": "set_approval_for_all",
                "contract": CONTRACT_EXAMPLE,
                "spender": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
                "approved": False,
            },
        }
    ],
    "nextCursor": None,
}


class ApprovalHistoryQuery(PageQuery):
    wallet: AddressField | None = Field(None, description="One of your wallets.")
    chain_id: ChainIdField | None = Field(None, alias="chainId", description="CAIP-2.")
    contract: ContractField | None = Field(
        None, description="Of the tokens, or their collection's slug, or of the currency. A slug needs `chainId`."
    )
    operator: AddressField | None = Field(None, description="Who may, or might, move them.")

    @model_validator(mode="after")
    def _slug_of_a_chain(self) -> ApprovalHistoryQuery:
        if self.contract is not None and address_in(self.contract) is None and self.chain_id is None:
            raise ValueError("a slug as `contract` needs `chainId`: it names a collection of its own chain only")
        return self


class ApprovalChangeBody(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    wallet: AddressText
    chainId: ChainIdText
    contract: AddressText
    standard: Literal["erc20", "erc721", "erc1155"]
    tokenId: Annotated[DecimalText | None, Field(description="Of the approval of one token.")]
    operator: AddressText
    approved: Annotated[bool, Field(description="False: the approval has ended.")]
    amount: Annotated[DecimalText | None, Field(description="Of a currency, in its smallest unit; from then on.")]
    cause: Annotated[
        Literal["event", "transfer", "replaced"],
        Field(
            description="`event`: the contract has announced it. The approval of one token also ends by a `transfer` "
            "of the token, and when it is `replaced` by another one."
        ),
    ]
    at: Time
    txHash: TxHashText


class ApprovalHistoryPage(TypedDict):
    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[ApprovalChangeBody]
    nextCursor: NextCursor


APPROVAL_HISTORY_EXAMPLE: Final[dict[str, Any]] = {
    "items": [
        {
            "wallet": ADDRESS_EXAMPLE,
            "chainId": "eip155:31337",
            "contract": CONTRACT_EXAMPLE,
            "standard": "erc721",
            "tokenId": "7",
            "operator": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            "approved": False,
            "amount": None,
            "cause": "transfer",
            "at": TIME_EXAMPLE,
            "txHash": TX_EXAMPLE,
        }
    ],
    "nextCursor": None,
}
