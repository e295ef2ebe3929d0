"""Orders that are handed in, and how an order is shown."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NotRequired, Self

from pydantic import ConfigDict, Field, model_validator
from typing_extensions import TypedDict

from api.http.fields import Body
from api.http.shown import EXACT, Bytes32Text
from api.intents.order_bodies import EXAMPLE as SIGNED_EXAMPLE
from api.intents.order_bodies import OrderBody
from api.market.bodies.fields import ChoosesTokens, Signature
from api.market.bodies.order_lists import HASH_EXAMPLE, LISTED_EXAMPLE, ListedOrderView
from steadymint.domain.market.intake import MAX_ORDERS, HandedOrder, OrderFinding
from steadymint.domain.types import HEX_SCHEMA, Bytes32Field, ChainIdField

SIGNATURE_EXAMPLE: Final = "0x" + "ab" * 64 + "1b"


class SignedOrderBody(ChoosesTokens):
    """An order and its signature."""

    order: OrderBody
    signature: Signature = Field(
        "0x",
        description="By the maker's key (65 or 64 bytes), in a bulk tree, or what the maker's contract takes. Left out "
        "for an order that its maker has validated on chain",
    )
    order_hash: Bytes32Field | None = Field(
        None, description="The hash of the order. If it is given, it must be that of `order`"
    )

    def handed(self, signature: str | None = None) -> HandedOrder:
        """The order for a worker, with another signature if one is given."""
        return HandedOrder(
            components=self.order.components(),
            signature=self.signature if signature is None else signature,
            stated_hash=self.order_hash,
            choice=self.choice,
        )


class HandInBody(SignedOrderBody):
    """One signed order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"chainId": "eip155:31337", "order": SIGNED_EXAMPLE, "signature": SIGNATURE_EXAMPLE}]
        }
    )

    chain_id: ChainIdField


class HandInManyBody(Body):
    """Signed orders of one chain."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "chainId": "eip155:31337",
                    "orders": [{"order": SIGNED_EXAMPLE}, {"order": SIGNED_EXAMPLE | {"salt": "8"}}],
                    "signature": SIGNATURE_EXAMPLE,
                }
            ]
        }
    )

    chain_id: ChainIdField
    orders: Annotated[tuple[SignedOrderBody, ...], Field(min_length=1, max_length=MAX_ORDERS)]
    signature: Signature | None = Field(
        None,
        description="The one signature of exactly these orders in this order, as the wallet made it of what "
        "`build` answered. Left out where each order has its own",
    )

    @model_validator(mode="after")
    def _one_signature(self) -> Self:
        if self.signature is not None and any(one.signature != "0x" for one in self.orders):
            raise ValueError("orders must have no signature of their own beside signature")
        return self


class OrderView(ListedOrderView):
    """An order of the market with all that it takes to fill it."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    components: Annotated[OrderBody, Field(description="What the maker signed.")]
    signature: Annotated[
        str,
        Field(
            pattern=HEX_SCHEMA["pattern"],
            json_schema_extra={"format": HEX_SCHEMA["format"]},
            examples=[SIGNATURE_EXAMPLE],
            description="As Seaport takes it. `0x` of an order that its maker validates on chain.",
        ),
    ]


class TakenAnswer(TypedDict):
    """An order that the market has taken."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    order: OrderView
    findings: Annotated[list[OrderFinding], Field(description="What is wrong with it now. Empty if nothing is.")]


class OneOfMany(TypedDict):
    """What became of one order."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    outcome: Annotated[
        Literal["created", "known", "refused"],
        Field(description="`known`: it was here already. `refused`: `findings` says why."),
    ]
    orderHash: Bytes32Text
    order: NotRequired[OrderView]
    findings: list[OrderFinding]


class TakenManyAnswer(TypedDict):
    """What became of the orders, in their order."""

    __pydantic_config__ = EXACT  # type: ignore[misc]

    items: list[OneOfMany]


ORDER_EXAMPLE: Final[dict[str, Any]] = LISTED_EXAMPLE | {
    "components": SIGNED_EXAMPLE,
    "signature": SIGNATURE_EXAMPLE,
}
FINDING_EXAMPLE: Final[dict[str, Any]] = {
    "code": "not_approved",
    "severity": "inactive",
    "message": "Seaport may not move the maker's tokens.",
    "whatToDo": "Approve 0x1E0049783F008A0085193E00003D00cd54003c71 for the collection.",
    "approval": {
        "kind": "set_approval_for_all",
        "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
        "spender": "0x1E0049783F008A0085193E00003D00cd54003c71",
        "txRequest": {
            "chainId": "eip155:31337",
            "from": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
            "to": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
            "data": "0xa22cb465" + "1E0049783F008A0085193E00003D00cd54003c71".lower().rjust(64, "0") + f"{1:064x}",
            "value": "0",
        },
    },
}
TAKEN_EXAMPLE: Final[dict[str, Any]] = {"order": ORDER_EXAMPLE, "findings": [FINDING_EXAMPLE]}
TAKEN_MANY_EXAMPLE: Final[dict[str, Any]] = {
    "items": [
        {"outcome": "created", "orderHash": HASH_EXAMPLE, **TAKEN_EXAMPLE},
        {
            "outcome": "refused",
            "orderHash": "0x" + "e5" * 32,
            "findings": [
                {
                    "code": "bad_signature",
                    "severity": "refused",
                    "message": "The signature is not the maker's.",
                    "whatToDo": "Sign the order with the maker's wallet, on this chain.",
                }
            ],
        },
    ]
}
