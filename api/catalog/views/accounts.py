"""Turns rows of what accounts hold and trade into the bodies that HTTP shows."""

from __future__ import annotations

from typing import Any, cast

from api.catalog.bodies.accounts import HeldCollectionBody, HeldTokenBody, MarketBody
from api.catalog.views.browser_urls import BrowserUrls
from api.catalog.views.tokens import token_body
from api.catalog.views.values import add, amount_or_none
from api.http import shown
from steadymint.catalog.reads.held import HeldCollection, HeldToken, MarketTotals


def held_token_body(row: HeldToken, urls: BrowserUrls) -> HeldTokenBody:
    return {
        **token_body(row, urls),
        "quantity": str(row.quantity),
        "collection": {"name": row.collection_name, "slug": row.collection_slug},
    }


def held_collection_body(row: HeldCollection, urls: BrowserUrls) -> HeldCollectionBody:
    body: dict[str, Any] = {
        "chainId": row.chain_id,
        "contract": shown.address(row.contract_address),
        "standard": row.standard,
        "slug": row.slug,
        "name": row.name,
        "verified": row.is_verified,
        "quantity": str(row.quantity),
        "updatedAt": row.updated_at,
    }
    add(
        body,
        imageUrl=urls.url_for(row.image_url),
        floorPrice=amount_or_none(row.floor_price_native),
        floorCurrency=row.floor_currency_symbol,
    )
    return cast(HeldCollectionBody, body)


def market_body(row: MarketTotals) -> MarketBody:
    return {
        "chainId": row.chain_id,
        "listings": row.listings_count,
        "sales": row.sales_count,
        "purchases": row.purchases_count,
        "volumeSold": shown.amount(row.volume_sold),
        "volumePurchased": shown.amount(row.volume_purchased),
    }
