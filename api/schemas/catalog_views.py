"""Rows of the catalog, turned into the bodies that HTTP shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, cast

from api.schemas import shown
from api.schemas.catalog import (
    ActivityBody,
    CollectionBody,
    CollectionLinks,
    HolderBody,
    MintRules,
    OwnerBody,
    StatsBody,
    TraitBody,
)
from api.schemas.gateways import Gateways
from steadymint.catalog.reads.activity import Activity
from steadymint.catalog.reads.collections import Collection, CollectionStats
from steadymint.catalog.reads.holdings import Holding, Owner
from steadymint.catalog.reads.traits import TraitValue

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND: Final = 253_402_300_799
"""9999-12-31T23:59:59Z, the last that RFC 3339 can write. A contract's uint64 reaches further; it is shown as this."""


def collection_body(row: Collection, gateways: Gateways) -> CollectionBody:
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
        imageUrl=gateways.shown(row.image_url),
        bannerUrl=gateways.shown(row.banner_url),
        contractUri=row.contract_uri,
        baseUri=row.base_uri,
        items=row.items_count,
        owners=row.owners_count,
        floorPrice=amount_or_none(row.floor_price_native),
        floorCurrency=row.floor_currency_symbol,
        volumeAll=amount_or_none(row.volume_all),
    )
    return cast(CollectionBody, body)


def holder_body(row: Holding) -> HolderBody:
    return {
        "owner": shown.address(row.owner),
        "tokenId": str(row.token_id),
        "quantity": str(row.quantity),
        "updatedAt": row.updated_at,
    }


def activity_body(row: Activity) -> ActivityBody:
    body: dict[str, Any] = {
        "id": row.id,
        "type": row.type,
        "chainId": row.chain_id,
        "contract": shown.address_or_none(row.contract),
        "tokenId": None if row.token_number is None else str(row.token_number),
        "from": shown.address_or_none(row.from_address),
        "to": shown.address_or_none(row.to_address),
        "quantity": str(row.quantity),
        "txHash": row.tx_hash,
        "blockNumber": row.block_number,
        "logIndex": row.log_index,
        "timestamp": row.timestamp,
    }
    add(body, price=row.price_native_text, currency=row.currency_symbol)
    return cast(ActivityBody, body)


def trait_body(row: TraitValue) -> TraitBody:
    body: dict[str, Any] = {
        "name": row.name,
        "valueType": row.value_type,
        "value": _trait_value(row),
        "occurrences": row.occurrences,
        "frequency": row.frequency,
    }
    add(
        body,
        displayType=row.display_type,
        unit=row.unit,
        maxValue=amount_or_none(row.max_value),
        rarityScore=row.rarity_score,
        floorPrice=amount_or_none(row.floor_price_native),
    )
    return cast(TraitBody, body)


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


def add(body: dict[str, Any], **members: Any) -> None:
    """The members that are known."""
    body.update((name, value) for name, value in members.items() if value is not None)


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
        "startAt": _time(row.mint_start_seconds),
        "endAt": _time(row.mint_end_seconds),
        "allowlistRoot": row.mint_allowlist_root,
    }


def _time(seconds: int | None) -> datetime | None:
    # The contracts say 0 for "no bound".
    return _EPOCH + timedelta(seconds=min(seconds, _LAST_SECOND)) if seconds else None


def _trait_value(row: TraitValue) -> str:
    return trait_text(row.value_string, row.value_number, row.value_epoch_seconds)


def trait_text(string: str | None, number: Decimal | int | None, epoch_seconds: int | None) -> str:
    """The one of the three that is set, as text."""
    if number is not None:
        return shown.amount(number)
    if epoch_seconds is not None:
        seconds = max(-_LAST_SECOND // 8, min(epoch_seconds, _LAST_SECOND))
        return (_EPOCH + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")
    return string or ""


def amount_or_none(value: Decimal | int | None) -> str | None:
    return None if value is None else shown.amount(value)
