"""Rows of the catalog, turned into the bodies that HTTP shows."""

from __future__ import annotations

from typing import Any, cast

from api.catalog.bodies.collections import CollectionBody, CollectionLinks, MintRules, OwnerBody, StatsBody, TraitBody
from api.catalog.views.browser_urls import BrowserUrls
from api.catalog.views.values import add, amount_or_none, json_number, time_of, trait_value
from api.http import shown
from steadymint.catalog.reads.collections import Collection, CollectionStats
from steadymint.catalog.reads.holdings import Owner
from steadymint.catalog.reads.traits import TraitValue


def collection_body(row: Collection, urls: BrowserUrls) -> CollectionBody:
    body: dict[str, Any] = {
        "chainId": row.chain_id,
        "contract": shown.address(row.contract_address),
        "standard": row.standard,
        "slug": row.slug,
        "name": row.name,
        "symbol": row.symbol,
        "links": _links(row),
        "creator": shown.address_or_none(row.creator),
        "owner": shown.address_or_none(row.owner),
        "maxSupply": None if row.max_supply is None else str(row.max_supply),
        "totalSupply": str(row.total_supply),
        "totalMinted": str(row.total_minted),
        "royaltyBps": row.royalty_bps,
        "royaltyReceiver": shown.address_or_none(row.royalty_receiver),
        "payoutAddress": shown.address_or_none(row.payout_address),
        "mint": _mint_rules(row),
        "paused": row.paused,
        "metadataFrozen": row.frozen,
        "verified": row.is_verified,
        "indexStatus": row.index_status,
        "deployedBlock": row.deployed_block,
        "deployedTxHash": row.deployed_tx_hash,
        "createdAt": row.created_at,
        "updatedAt": row.updated_at,
    }
    add(
        body,
        description=row.description,
        imageUrl=urls.url_for(row.image_url),
        bannerUrl=urls.url_for(row.banner_url),
        contractUri=row.contract_uri,
        baseUri=row.base_uri,
        items=row.items_count,
        owners=row.owners_count,
        floorPrice=amount_or_none(row.floor_price_native),
        floorCurrency=row.floor_currency_symbol,
        volumeAll=amount_or_none(row.volume_all),
    )
    return cast(CollectionBody, body)


def trait_body(row: TraitValue) -> TraitBody:
    body: dict[str, Any] = {
        "traitType": row.name,
        "value": trait_value(row.value_string, row.value_number, row.value_epoch_seconds),
        "valueType": row.value_type,
        "occurrences": row.occurrences,
        "frequency": row.frequency,
    }
    add(
        body,
        displayType=display_type_of(row.value_type, row.display_type),
        unit=row.unit,
        maxValue=None if row.max_value is None else json_number(row.max_value),
        rarityScore=row.rarity_score,
        floorPrice=amount_or_none(row.floor_price_native),
    )
    return cast(TraitBody, body)


def display_type_of(value_type: str, told: str | None) -> str | None:
    """How a value is displayed. A trait may have values of several types, and what its documents say is for one."""
    if value_type == "string":
        return None
    return "date" if value_type == "date" else told if told != "date" else None


def owner_body(row: Owner) -> OwnerBody:
    return {
        "owner": shown.address(row.owner),
        "quantity": str(row.quantity),
        "share": min(1.0, row.quantity / row.total_supply) if row.total_supply else 0.0,
        "updatedAt": row.updated_at,
    }


def stats_body(row: CollectionStats) -> StatsBody:
    body: dict[str, Any] = {
        "chainId": row.chain_id,
        "contract": shown.address(row.contract_address),
        "items": row.items_count,
        "owners": row.owners_count,
        "totalSupply": str(row.total_supply),
        "totalMinted": str(row.total_minted),
        "listed": row.listed_count,
        "sales": row.sales_count,
        "volumeDay": shown.amount(row.volume_day),
        "volumeWeek": shown.amount(row.volume_week),
        "volumeAll": shown.amount(row.volume_all),
        "salesDay": row.sales_day,
        "salesWeek": row.sales_week,
        "updatedAt": row.updated_at,
    }
    add(
        body,
        floorPrice=amount_or_none(row.floor_price_native),
        floorCurrency=row.floor_currency_symbol,
        marketCap=amount_or_none(row.market_cap_est),
    )
    return cast(StatsBody, body)


def _links(row: Collection) -> CollectionLinks:
    links: dict[str, Any] = {}
    add(links, website=row.website_url, discord=row.discord_url, x=row.twitter_url)
    return cast(CollectionLinks, links)


def _mint_rules(row: Collection) -> MintRules | None:
    if row.mint_price is None:
        return None
    return {
        "price": str(row.mint_price),
        "limitPerWallet": row.mint_limit_per_wallet,
        "startAt": time_of(row.mint_start_seconds),
        "endAt": time_of(row.mint_end_seconds),
        "allowlistRoot": row.mint_allowlist_root,
    }
