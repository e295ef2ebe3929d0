"""Accepting an offer of the market."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Response
from pydantic import ConfigDict, Field

from api.http.fields import Body, Exact
from api.http.json_bodies import Router
from api.intents.fields import PriceText, Supply
from api.intents.preparing import AskingDep, prepare_route
from api.intents.steps import FillAnswer, fill_answer, fill_example
from api.intents.views import PreparedAnswer
from steadymint.domain import errors
from steadymint.domain.errors.market import OrdersUnavailableError, PriceMovedError
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.sale import SaleTerms
from steadymint.domain.types import Bytes32Field, ChainIdField, Quantity, TokenIdField

router = Router(prefix="/v1/sales", tags=["Flows"])

_HASH: Final = "0x" + "5e" * 32
_EXAMPLE: Final[dict[str, Any]] = fill_example(
    IntentKind.SALE,
    {
        "kind": "approve",
        "intentId": "0c1a6f0b-6f9a-5c55-9b43-1f0b3cf0a7d2",
        "txRequest": {"data": "0xa22cb465", "gas": "77000"},
    },
    {"data": "0xe7acab24", "gas": "213000"},
    total="0.95",
    totalAmount="950000000000000000",
    limit="0.95",
    limitAmount="950000000000000000",
    currency="0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0",
    currencySymbol="WETH",
)


class PrepareSaleBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"chainId": "eip155:31337", "orderHash": _HASH},
                {"chainId": "eip155:31337", "orderHash": _HASH, "tokenId": "7", "minTotal": "0.95"},
            ]
        }
    )

    chain_id: ChainIdField
    order_hash: Bytes32Field = Field(description="Of an offer of this market")
    token_id: Annotated[TokenIdField, Exact] | None = Field(
        None, description="The token that you give, for an offer that takes any of several"
    )
    quantity: Supply = Field(Quantity(1), description="Units, of an offer that may be filled in parts. Default 1")
    min_total: PriceText | None = Field(
        None,
        description="The least that it must bring you after fees, in whole units of the offer's currency. Default: "
        "whatever the offer brings",
    )

    def terms(self) -> SaleTerms:
        return SaleTerms(
            order_hash=self.order_hash, token_id=self.token_id, quantity=self.quantity, min_total=self.min_total
        )


@router.post(
    "/prepare",
    summary="Prepare the acceptance of an offer",
    **prepare_route(
        _EXAMPLE,
        errors.NotFoundError,
        errors.UnknownCurrencyError,
        OrdersUnavailableError,
        PriceMovedError,
        model=FillAnswer,
    ),
)
async def prepare_sale(body: PrepareSaleBody, asking: AskingDep) -> Response:
    """Calldata that accepts the offer with your token, once Seaport is seen to accept it from you.

    Seaport pays you the whole price and takes the fees of the offer back, so it needs an approval of the token, and of
    the currency if there are fees. `steps` has those first that are missing. An offer that cannot be filled is
    `orders_unavailable`; one that brings less than `minTotal`, `price_moved`.
    """
    terms, chain_id = body.terms(), body.chain_id

    async def extend(answer: PreparedAnswer) -> FillAnswer:
        return await fill_answer(asking, chain_id, answer, SaleTerms)

    return await asking.prepare(IntentKind.SALE, chain_id, terms, extend=extend)
