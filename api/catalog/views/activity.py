"""Turns rows of activity into the bodies that HTTP shows."""

from __future__ import annotations

from typing import Any, cast

from api.catalog.bodies.activity import ActivityBody
from api.catalog.views.values import add
from api.http import shown
from steadymint.catalog.reads.activity import Activity
from steadymint.domain.types import show_address


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
    add(body, price=row.price_native_text, currency=row.currency_symbol, marketplace=row.marketplace)
    add(body, suspicious=row.suspicious)
    add(body, txSender=None if row.tx_sender is None else show_address(row.tx_sender))
    return cast(ActivityBody, body)
