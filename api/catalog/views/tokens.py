"""Rows of tokens and of what accounts hold, turned into the bodies that HTTP shows."""

from __future__ import annotations

from typing import Any, Final, cast

from api.catalog.bodies.tokens import HolderBody, RarityBody, TokenBody, TokenDetailBody
from api.catalog.views.attributes import attribute_bodies
from api.catalog.views.browser_urls import BrowserUrls, short_uri
from api.catalog.views.values import add, amount_or_none
from api.http import shown
from steadymint.catalog.reads.holdings import Holding
from steadymint.catalog.reads.tokens import Token, TokenDetail

FLAGS: Final = ("spam", "nsfw", "frozen", "flagged")


DESCRIPTION: Final = 10_000
"""Characters of a description that are shown."""


def token_body(row: Token, urls: BrowserUrls) -> TokenBody:
    body: dict[str, Any] = {
        "chainId": row.chain_id,
        "contract": shown.address(row.contract_address),
        "tokenId": str(row.token_number),
        "standard": row.token_standard,
        "owner": shown.address_or_none(row.owner_address),
        "supply": str(row.supply),
        "burned": row.burned,
        "mintedBlock": row.minted_block,
        "mintedAt": row.minted_at,
        "updatedAt": row.updated_at,
    }
    add(
        body,
        name=row.name,
        imageUrl=urls.url_for(row.image_url),
        imageUri=short_uri(row.image_url),
        animationUrl=urls.url_for(row.animation_url),
        animationUri=short_uri(row.animation_url),
        metadataUrl=row.metadata_url,
        metadataStatus=row.metadata_status,
        rank=row.rank,
        price=amount_or_none(row.price_native),
        currency=row.currency_symbol,
        lotSize=None if row.lot_size is None else str(row.lot_size),
        flags=[flag for flag in FLAGS if getattr(row, f"is_{flag}")] or None,
    )
    return cast(TokenBody, body)


def token_detail_body(row: TokenDetail, document: dict[str, Any] | None, urls: BrowserUrls) -> TokenDetailBody:
    """`document` is the normalised metadata document, where it could be read."""
    body: dict[str, Any] = {
        **token_body(row, urls),
        "attributes": attribute_bodies(row.traits or [], (document or {}).get("attributes")),
        "rarity": [_rarity(rank) for rank in row.ranks or []],
    }
    add(
        body,
        ranked=row.ranked if row.ranks else None,
        metadataError=row.metadata_error,
        refreshedAt=row.last_refresh_at,
        mintedTxHash=row.minted_tx_hash,
        **_told(document or {}),
    )
    if row.price_native is not None:
        body["listing"] = {
            "price": shown.amount(row.price_native),
            "currency": row.currency_symbol,
            "listedAt": row.listed_at,
            "expiresAt": row.expires_at,
        }
    return cast(TokenDetailBody, body)


def _told(document: dict[str, Any]) -> dict[str, str | None]:
    """The members that only the document has, as far as they are what they should be."""

    def text(name: str, longest: int) -> str | None:
        value = document.get(name)
        return value[:longest] if isinstance(value, str) and value else None

    return {
        "description": text("description", DESCRIPTION),
        "externalUrl": text("external_url", 2_048),
        "backgroundColor": text("background_color", 6),
    }


def _rarity(rank: dict[str, Any]) -> RarityBody:
    return {"method": rank["method"], "source": rank["source"], "rank": rank["rank"], "score": rank["score"]}


def holder_body(row: Holding) -> HolderBody:
    return {
        "owner": shown.address(row.owner),
        "tokenId": str(row.token_id),
        "quantity": str(row.quantity),
        "updatedAt": row.updated_at,
    }
