"""What a wallet is asked to sign, as JSON for `eth_signTypedData_v4` (EIP-712). Numbers are decimal strings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from steadymint.domain.market.bulk import bulk_type, height_for
from steadymint.domain.market.components import EMPTY_ORDER, OrderComponents
from steadymint.domain.market.hashing import CONSIDERATION_ITEM, NAME, OFFER_ITEM, ORDER, VERSION, SigningDomain

TypedData = dict[str, Any]


def _members(struct: str) -> list[dict[str, str]]:
    """The members of `Name(type name,type name)`."""
    inside = struct[struct.index("(") + 1 : -1]
    return [dict(zip(("type", "name"), member.split(" "), strict=True)) for member in inside.split(",")]


_TYPES: Final = {
    "EIP712Domain": _members("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
    "OrderComponents": _members(ORDER),
    "OfferItem": _members(OFFER_ITEM),
    "ConsiderationItem": _members(CONSIDERATION_ITEM),
}


def order_typed_data(order: OrderComponents, domain: SigningDomain) -> TypedData:
    """One order."""
    return _typed_data("OrderComponents", _TYPES, domain, _message(order))


def bulk_typed_data(orders: Sequence[OrderComponents], domain: SigningDomain) -> TypedData:
    """Some orders at once: their tree with every place filled, so its size doubles with each level.

    Raises:
        ValueError: there are no orders, or more than a tree holds.
    """
    height = height_for(len(orders))
    layer: list[Any] = [_message(order) for order in orders]
    layer += [_message(EMPTY_ORDER)] * (2**height - len(layer))
    for _ in range(height):
        layer = [list(pair) for pair in zip(layer[::2], layer[1::2], strict=True)]
    types = _TYPES | {"BulkOrder": [{"type": bulk_type(height), "name": "tree"}]}
    return _typed_data("BulkOrder", types, domain, {"tree": layer[0]})


def _message(order: OrderComponents) -> dict[str, Any]:
    return order.model_dump(mode="json", by_alias=True)


def _typed_data(primary: str, types: dict[str, Any], domain: SigningDomain, message: dict[str, Any]) -> TypedData:
    return {
        "types": types,
        "primaryType": primary,
        "domain": {
            "name": NAME,
            "version": VERSION,
            "chainId": domain.chain,
            "verifyingContract": domain.seaport,
        },
        "message": message,
    }
