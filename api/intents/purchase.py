"""Buying listings of the market."""

from __future__ import annotations

from typing import Annotated, Any, Final, Self

from fastapi import Response
from pydantic import ConfigDict, Field, model_validator

from api.http.fields import Body
from api.http.json_bodies import Router
from api.intents.fields import PriceText, Supply
from api.intents.preparing import AskingDep, prepare_route
from api.intents.steps import FillAnswer, fill_answer, fill_example
from api.intents.views import PreparedAnswer
from steadymint.domain import errors
from steadymint.domain.errors.market import OrdersUnavailableError, PriceMovedError
from steadymint.domain.intents.fills import MAX_ITEMS
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.purchase import PurchaseItem, PurchaseTerms
from steadymint.domain.types import Bytes32Field, ChainIdField, Quantity

router = Router(prefix="/v1/purchases", tags=["Flows"])

_HASHES: Final = ("0x" + "5e" * 32, "0x" + "ab" * 32)
_WRAPPED: Final = "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0"
_EXAMPLE: Final[dict[str, Any]] = fill_example(
    IntentKind.PURCHASE,
    {
        "kind": "approve",
        "intentId": "0c1a6f0b-6f9a-5c55-9b43-1f0b3cf0a7d2",
        "txRequest": {"to": _WRAPPED, "data": "0x095ea7b3", "gas": "55000"},
    },
    {"data": "0x87201b41", "gas": "236000"},
    missing=[{"orderHash": _HASHES[1], "code": "filled", "problem": "Nothing is left to fill."}],
    total="1.5",
    totalAmount="1500000000000000000",
    limit="1.5",
    limitAmount="1500000000000000000",
    currency=_WRAPPED,
    currencySymbol="WETH",
)


class PurchaseItemBody(Body):
    """A listing, or units of one."""

    order_hash: Bytes32Field
    quantity: Supply = Field(Quantity(1), description="Units, of a listing that may be filled in parts. Default 1")


class PreparePurchaseBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "chainId": "eip155:31337",
                    "items": [{"orderHash": _HASHES[0]}, {"orderHash": _HASHES[1], "quantity": "3"}],
                    "maxTotal": "1.5",
                }
            ]
        }
    )

    chain_id: ChainIdField
    items: Annotated[tuple[PurchaseItemBody, ...], Field(min_length=1, max_length=MAX_ITEMS)] = Field(
        description="Listings of this market, each once, all in one currency"
    )
    max_total: PriceText = Field(
        description="The most that you accept to pay for all of them together, fees included, in whole units of the "
        "listings' currency"
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({item.order_hash for item in self.items}) < len(self.items):
            raise ValueError("items must name each order once; quantity says how many units")
        return self

    def terms(self) -> PurchaseTerms:
        items = tuple(PurchaseItem(order_hash=item.order_hash, quantity=item.quantity) for item in self.items)
        return PurchaseTerms(items=items, max_total=self.max_total)


@router.post(
    "/prepare",
    summary="Prepare a purchase of listings",
    **prepare_route(
        _EXAMPLE,
        errors.NotFoundError,
        errors.UnknownCurrencyError,
        OrdersUnavailableError,
        PriceMovedError,
        model=FillAnswer,
    ),
)
async def prepare_purchase(body: PreparePurchaseBody, asking: AskingDep) -> Response:
    """Calldata that buys those of the listings that can be filled now, once Seaport is seen to accept it from you.
    `missing` says which cannot, and why. One that is gone by the time of the transaction is skipped as well: `fills`
    of the intent says what was bought, `missedOrderHashes` what was not.

    You pay `maxTotal` at most. If the listings cost more the answer is `price_moved`; if none can be filled,
    `orders_unavailable`. `steps` has an approval of the currency first, where one is missing.
    """
    terms, chain_id = body.terms(), body.chain_id

    async def extend(answer: PreparedAnswer) -> FillAnswer:
        return await fill_answer(asking, chain_id, answer, PurchaseTerms)

    return await asking.prepare(IntentKind.PURCHASE, chain_id, terms, extend=extend)
