"""Orders, findings and typed data as HTTP shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from api.http import shown
from api.http.json import without_nulls
from api.market.bodies.order_lists import CurrencyView, ListedOrderView
from api.market.bodies.orders import OneOfMany, OrderView, TakenAnswer
from api.market.bodies.wishes import BuiltAnswer
from steadymint.domain.market.intake import BuiltOrders, NeededApproval, OrderFinding, TakenOrder
from steadymint.domain.types import Address, show_address
from steadymint.market.new_orders import shown_components
from steadymint.market.orders import ListedOrder, OrderRow


def order_view(row: OrderRow) -> OrderView:
    body = cast(dict[str, Any], listed_view(row))
    return cast(OrderView, body | {"components": signed_view(row.components), "signature": "0x" + row.signature.hex()})


def listed_view(row: ListedOrder) -> ListedOrderView:
    body: dict[str, Any] = {
        "orderHash": row.order_hash,
        "chainId": row.chain_id,
        "side": row.side,
        "status": row.status,
        "reasons": list(row.reasons),
        "maker": show_address(row.maker),
        "contract": show_address(row.contract),
        "standard": row.token_standard,
        "quantity": str(row.quantity),
        "filled": str(row.quantity_filled),
        "fillable": str(row.fillable),
        "inParts": row.in_parts,
        "price": {
            "amount": row.price_native_text,
            "raw": str(row.price_amount),
            "currency": currency_view(row.currency_address, row.currency_symbol),
        },
        "feeBps": row.fee_bps,
        "royaltyBps": row.royalty_bps,
        "startAt": row.start_at,
        "checkedAt": row.checked_at,
        "createdAt": row.created_at,
    }
    if row.is_native:
        body["price"]["native"] = row.price_native_text
    if row.token_number is not None:
        body["tokenId"] = str(row.token_number)
    if row.traits is not None:
        body["traits"] = row.traits
    if row.price_end_amount is not None:
        body["endPriceRaw"] = str(row.price_end_amount)
    if row.end_at is not None:
        body["endAt"] = row.end_at
    return cast(ListedOrderView, body)


def currency_view(address: Address | None, symbol: str) -> CurrencyView:
    return {"address": shown.address_or_none(address), "symbol": symbol}


def signed_view(components: Mapping[str, Any]) -> dict[str, Any]:
    """Seaport's own JSON of an order, with addresses in EIP-55 casing."""
    items = {
        side: [_with_addresses(item, "token", "recipient") for item in components[side]]
        for side in ("offer", "consideration")
    }
    return _with_addresses(components, "offerer", "zone") | items


def finding_views(findings: Iterable[OrderFinding]) -> list[OrderFinding]:
    return cast(list[OrderFinding], [without_nulls(finding) for finding in findings])


def taken_answer(row: OrderRow, findings: Iterable[OrderFinding]) -> TakenAnswer:
    return {"order": order_view(row), "findings": finding_views(findings)}


def one_of_many(taken: TakenOrder, row: OrderRow | None) -> OneOfMany:
    body: dict[str, Any] = {
        "outcome": taken.outcome.value,
        "orderHash": taken.order_hash,
        "findings": finding_views(taken.findings),
    }
    if row is not None:
        body["order"] = order_view(row)
    return cast(OneOfMany, body)


def built_answer(built: BuiltOrders) -> BuiltAnswer:
    body = {
        "typedData": built.typed_data,
        "orders": [
            {
                "orderHash": one.order_hash,
                "order": signed_view(shown_components(one.components)),
                "findings": finding_views(one.findings),
            }
            for one in built.orders
        ],
        "approvals": [
            without_nulls(approval)
            for approval in _approvals([finding for one in built.orders for finding in one.findings])
        ],
    }
    return cast(BuiltAnswer, body)


def _approvals(findings: Sequence[OrderFinding]) -> list[NeededApproval]:
    """What is missing, each once. Of a currency the largest amount: an allowance covers each offer by itself."""
    found: dict[tuple[str, Address, Address], NeededApproval] = {}
    for finding in findings:
        if (approval := finding.approval) is not None:
            key = (approval.kind.value, approval.contract, approval.spender)
            if key not in found or (approval.amount or 0) > (found[key].amount or 0):
                found[key] = approval
    return list(found.values())


def _with_addresses(value: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**value, **{name: show_address(value[name]) for name in names if name in value}}
