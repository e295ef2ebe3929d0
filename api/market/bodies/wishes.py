"""Orders that a client asks us to build, and what its wallet signs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import ConfigDict, Field, model_validator
from typing_extensions import TypedDict

from api.http.fields import Body, Exact
from api.http.moments import Moment
from api.http.shown import EXACT, Bytes32Text
from api.intents.fields import PriceText, Supply
from api.intents.order_bodies import EXAMPLE as SIGNED_EXAMPLE
from api.intents.order_bodies import OrderBody
from api.market.bodies.fields import TRAITS_EXAMPLE, ChoosesTokens
from api.market.bodies.orders import FINDING_EXAMPLE, HASH_EXAMPLE
from steadymint.domain.market.intake import MAX_ORDERS, NeededApproval, OrderFinding, OrderWish, WishKind
from steadymint.domain.slugs import ContractField
from steadymint.domain.types import Address, AddressField, ChainIdField, Quantity, TokenIdField


class WishBody(ChoosesTokens):
    """An order to build."""

    kind: WishKind
    contract: ContractField = Field(description="The contract, or the slug of the collection")
    token_id: Annotated[TokenIdField, Exact] | None = Field(None, description="With `list` and `offer`")
    quantity: Supply = Field(Quantity(1), description="Units of the token. Default 1")
    price: PriceText = Field(description="Of one unit, in whole units of the currency")
    end_price: PriceText | None = Field(None, description="At the end, for a price that moves with time")
    currency: AddressField | None = Field(
        None,
        description="An ERC-20 of the market. Default: the chain's own currency for `list`, else its wrapped form",
    )
    start_at: Moment | None = Field(None, description="Default: now")
    end_at: Moment | None = Field(None, description="Default: 30 days after the start")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        one_token = self.kind in (WishKind.LIST, WishKind.OFFER)
        if one_token != (self.token_id is not None):
            raise ValueError(f"tokenId {'is required' if one_token else 'is not'} for {self.kind}")
        named = bool(self.tokens) + bool(self.traits)
        if named != (self.kind is WishKind.TRAIT_OFFER):
            raise ValueError("a trait-offer, and no other, has either tokens or traits")
        return self

    def wish(self, maker: Address, contract: Address) -> OrderWish:
        """The wish for a worker."""
        return OrderWish(
            kind=self.kind,
            maker=maker,
            contract=contract,
            token_id=self.token_id,
            choice=self.choice,
            quantity=self.quantity,
            price=self.price,
            end_price=self.end_price,
            currency=self.currency,
            start_time=_seconds(self.start_at),
            end_time=_seconds(self.end_at),
        )


class BuildBody(Body):
    """Orders of one maker, to be signed at once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "chainId": "eip155:31337",
                    "maker": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
                    "orders": [
                        {
                            "kind": "list",
                            "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
                            "tokenId": "1",
                            "price": "1.5",
                        }
                    ],
                },
                {
                    "chainId": "eip155:31337",
                    "maker": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
                    "orders": [
                        {
                            "kind": "trait-offer",
                            "contract": "first-light-5fbdb231",
                            "traits": TRAITS_EXAMPLE,
                            "price": "0.9",
                            "endAt": "2026-03-01T00:00:00Z",
                        }
                    ],
                },
            ]
        }
    )

    chain_id: ChainIdField
    maker: AddressField = Field(description="Whose wallet signs")
    orders: Annotated[tuple[WishBody, ...], Field(min_length=1, max_length=MAX_ORDERS)]


class TypedDataMember(TypedDict):
    """A member of a type of EIP-712."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    name: str
    type: str


class TypedDataView(TypedDict):
    """EIP-712 typed data, as `eth_signTypedData_v4` takes it."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    types: dict[str, list[TypedDataMember]]
    primaryType: Annotated[str, Field(examples=["OrderComponents"])]
    domain: dict[str, Any]
    message: dict[str, Any]


class BuiltOrderView(TypedDict):
    """An order that is not signed yet."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    orderHash: Bytes32Text
    order: Annotated[OrderBody, Field(description="To be handed in with the signature.")]
    findings: Annotated[list[OrderFinding], Field(description="What would be wrong with it, apart from the signature.")]


class BuiltAnswer(TypedDict):
    """What the wallet signs and sends."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    typedData: TypedDataView
    orders: list[BuiltOrderView]
    approvals: Annotated[
        list[NeededApproval], Field(description="What is missing for the orders to be active. Each is a transaction.")
    ]


BUILT_EXAMPLE: Final[dict[str, Any]] = {
    "typedData": {
        "types": {"EIP712Domain": [{"name": "name", "type": "string"}]},
        "primaryType": "OrderComponents",
        "domain": {
            "name": "Seaport",
            "version": "1.6",
            "chainId": 31337,
            "verifyingContract": "0x0000000000000068F116a894984e2DB1123eB395",
        },
        "message": SIGNED_EXAMPLE,
    },
    "orders": [{"orderHash": HASH_EXAMPLE, "order": SIGNED_EXAMPLE, "findings": [FINDING_EXAMPLE]}],
    "approvals": [FINDING_EXAMPLE["approval"]],
}


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
