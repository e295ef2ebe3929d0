"""Turns an issuance into the body that its owner sees."""

from __future__ import annotations

from typing import Any, cast

from api.catalog.bodies.issuances import IssuanceAnswer
from api.catalog.views.browser_urls import BrowserUrls
from api.catalog.views.values import add
from steadymint.catalog.issuances import Issuance


def issuance_answer(row: Issuance, urls: BrowserUrls) -> IssuanceAnswer:
    body: dict[str, Any] = {
        "issuanceId": row.id,
        "networkId": row.network_id,
        "status": row.status,
        "name": row.name,
        "symbol": row.symbol,
        "decimals": row.decimals,
        "supply": str(row.supply),
        "commitment": row.commitment,
        "btcTxid": row.btc_txid,
        "psbt": row.psbt,
        "ckbTxHash": row.ckb_tx_hash,
        "ckbTransaction": row.ckb_transaction,
        "createdAt": row.created_at,
    }
    icon = None if row.icon_media_id is None else urls.url_for(f"/media/{row.icon_media_id}")
    add(body, description=row.description, iconUrl=icon, contractUri=row.contract_uri or None)
    return cast(IssuanceAnswer, body)
