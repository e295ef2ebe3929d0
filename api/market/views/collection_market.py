"""Depth, sales and charts of a collection as HTTP shows them."""

from __future__ import annotations

from typing import Any, cast

from api.catalog.views.values import add, amount_or_none
from api.http import shown
from api.market.bodies.collection_market import BarView, LevelView, SaleView
from api.market.views.orders import currency_view
from steadymint.market.reads.depth import Level
from steadymint.market.reads.sales import Bar, SaleRow


def level_view(row: Level) -> LevelView:
    return {
        "price": shown.amount(row.price_native),
        "quantity": str(row.quantity),
        "offers": row.offers,
        "makers": row.makers,
    }


def sale_view(row: SaleRow) -> SaleView:
    body: dict[str, Any] = {
        "id": str(row.id),
        "chainId": row.chain_id,
        "contract": shown.address(row.contract),
        "tokenId": str(row.token_number),
        "quantity": str(row.quantity),
        "seller": shown.address(row.seller_address),
        "buyer": shown.address(row.buyer_address),
        "currency": currency_view(row.currency_address, row.currency_symbol),
        "amounts": {
            "price": str(row.price_amount),
            "proceeds": str(row.proceeds_amount),
            "fees": str(row.fees_amount),
            "royalty": str(row.royalty_amount),
        },
        "marketplace": row.marketplace,
        "bundle": row.bundle,
        "txHash": row.tx_hash,
        "blockNumber": row.block_number,
        "occurredAt": row.occurred_at,
    }
    native = row.price_native_text if row.is_native else None
    add(body, price=row.price_native_text, native=native, orderHash=row.order_hash, exclusion=row.exclusion)
    return cast(SaleView, body)


def bar_view(row: Bar) -> BarView:
    body: dict[str, Any] = {"start": row.start, "sales": row.sales, "volume": shown.amount(row.volume)}
    add(
        body,
        low=amount_or_none(row.low),
        high=amount_or_none(row.high),
        average=amount_or_none(row.average),
    )
    return cast(BarView, body)
