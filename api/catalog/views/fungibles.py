"""Turns rows of fungible tokens into the bodies that HTTP shows."""

from __future__ import annotations

from typing import Any, cast

from api.catalog.bodies.fungibles import FungibleBody, FungibleHolderBody, FungibleTransactionBody
from api.catalog.views.browser_urls import BrowserUrls
from api.catalog.views.values import add
from api.http import shown
from steadymint.catalog.reads.fungibles import Fungible, FungibleHolder, FungibleTransaction


def fungible_body(row: Fungible, urls: BrowserUrls) -> FungibleBody:
    body: dict[str, Any] = {
        "chainId": row.network_id,
        "contract": shown.address(row.contract_address),
        "name": row.name,
        "symbol": row.symbol,
        "decimals": row.decimals,
        "supply": str(row.supply),
        "cap": None if row.cap is None else str(row.cap),
        "mintOnce": row.mint_once,
        "burnable": row.burnable,
        "permit": row.permit,
        "creator": shown.address(row.creator_address),
        "holders": row.holders_count,
        "transactions": row.transactions_count,
        "txHash": row.tx_hash,
        "blockNumber": row.block_number,
        "createdAt": row.created_at,
    }
    icon = None if row.icon_media_id is None else urls.url_for(f"/media/{row.icon_media_id}")
    add(body, description=row.description, iconUrl=icon, contractUri=row.contract_uri or None)
    return cast(FungibleBody, body)


def holder_body(row: FungibleHolder) -> FungibleHolderBody:
    return {"address": shown.address(row.address), "balance": str(row.balance)}


def transaction_body(row: FungibleTransaction) -> FungibleTransactionBody:
    return {
        "type": row.type,
        "from": shown.address_or_none(row.from_address),
        "to": shown.address_or_none(row.to_address),
        "amount": str(row.amount),
        "txHash": row.tx_hash,
        "blockNumber": row.block_number,
        "logIndex": row.log_index,
        "timestamp": row.occurred_at,
    }
