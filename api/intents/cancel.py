"""Cancelling orders of the market."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import Response
from pydantic import ConfigDict, Field, StrictBool, model_validator

from api.http.fields import Body
from api.http.json_bodies import Router
from api.intents.order_bodies import EXAMPLE, OrderBody
from api.intents.preparing import AskingDep, prepare_route
from api.intents.views import prepared_example
from steadymint.domain import errors
from steadymint.domain.intents.cancel import MAX_ITEMS, MAX_ORDERS, CancelTerms
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.types import Bytes32Field, ChainIdField

router = Router(prefix="/v1/cancellations", tags=["Flows"])


class PrepareCancelBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"chainId": "eip155:31337", "orderHashes": ["0x" + "ab" * 32, "0x" + "cd" * 32]},
                {"chainId": "eip155:31337", "orders": [EXAMPLE]},
                {"chainId": "eip155:31337", "allOrders": True},
            ]
        }
    )

    chain_id: ChainIdField
    orders: Annotated[tuple[OrderBody, ...], Field(min_length=1, max_length=MAX_ORDERS)] | None = Field(
        None, description=f"Your orders, each once, at most {MAX_ORDERS} with {MAX_ITEMS} items in all"
    )
    order_hashes: Annotated[tuple[Bytes32Field, ...], Field(min_length=1, max_length=MAX_ORDERS)] | None = Field(
        None, description="In place of `orders`: the hashes of your orders that this market knows"
    )
    all_orders: StrictBool | None = Field(
        None, description="True in place of both: all that you have signed so far, by raising your counter"
    )

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if [bool(self.orders), bool(self.order_hashes), bool(self.all_orders)].count(True) != 1:
            raise ValueError("must have one of orders, orderHashes and allOrders")
        if sum(len(order.offer) + len(order.consideration) for order in self.orders or ()) > MAX_ITEMS:
            raise ValueError(f"orders must have at most {MAX_ITEMS} items in all; cancel them in several transactions")
        return self

    def terms(self) -> CancelTerms:
        """Raises InvalidInputError for an order that is there twice."""
        terms = CancelTerms(
            orders=tuple(order.components() for order in self.orders or ()),
            order_hashes=self.order_hashes or (),
            all_orders=bool(self.all_orders),
        )
        hashes = terms.order_hashes or terms.hashes()
        if len(set(hashes)) != len(hashes):
            raise errors.InvalidInputError("orders must name each order once")
        return terms


@router.post(
    "/prepare",
    summary="Prepare a cancellation of orders",
    **prepare_route(
        prepared_example(IntentKind.CANCEL, data="0xfd9f1e10", gas="91000"),
        errors.NotFoundError,
        satisfiable=True,
    ),
)
async def prepare_cancel(body: PrepareCancelBody, asking: AskingDep) -> Response:
    """Calldata for Seaport, once it is seen to accept this very cancellation from you. Orders are cancelled for good,
    whether or not they can be filled now; an order of somebody else is `not_found`.

    One transaction cancels all of its orders or none. `orderHashes` of the intent says which were. If all of them are
    cancelled already, the answer is 200 with `satisfied`, and there is nothing to sign.
    """
    return await asking.prepare(IntentKind.CANCEL, body.chain_id, body.terms())
