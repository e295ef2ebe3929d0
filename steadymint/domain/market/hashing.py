"""The hashes of EIP-712 that Seaport makes: of an order, of a signing domain, and the digest that a wallet signs.

They are written out for the one type of an order: 17 us with four items. `eth_account` makes the same from typed data,
in 710 us; `tests/unit/domain/market/test_hashing.py` holds the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from steadymint.domain.keccak import keccak256
from steadymint.domain.market.components import EMPTY_ORDER, ConsiderationItem, OfferItem, OrderComponents
from steadymint.domain.types import Address

NAME: Final = "Seaport"
VERSION: Final = "1.6"
"""Older versions sign under their own number, so an order of theirs is none of ours."""

OFFER_ITEM: Final = (
    "OfferItem(uint8 itemType,address token,uint256 identifierOrCriteria,uint256 startAmount,uint256 endAmount)"
)
CONSIDERATION_ITEM: Final = (
    "ConsiderationItem(uint8 itemType,address token,uint256 identifierOrCriteria,uint256 startAmount,"
    "uint256 endAmount,address recipient)"
)
ORDER: Final = (
    "OrderComponents(address offerer,address zone,OfferItem[] offer,ConsiderationItem[] consideration,"
    "uint8 orderType,uint256 startTime,uint256 endTime,bytes32 zoneHash,uint256 salt,bytes32 conduitKey,"
    "uint256 counter)"
)
# A type's hash covers the types that it refers to, in the order of the alphabet.
_OFFER_ITEM_TYPE: Final = keccak256(OFFER_ITEM.encode())
_CONSIDERATION_ITEM_TYPE: Final = keccak256(CONSIDERATION_ITEM.encode())
_ORDER_TYPE: Final = keccak256((ORDER + CONSIDERATION_ITEM + OFFER_ITEM).encode())
_DOMAIN_TYPE: Final = keccak256(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")


@dataclass(frozen=True, slots=True)
class SigningDomain:
    """Where a signature counts: one Seaport on one chain."""

    chain: int
    """The EIP-155 number."""
    seaport: Address

    def digest(self, struct_hash: bytes) -> bytes:
        """The 32 bytes that a wallet signs for a struct, such as an order."""
        return keccak256(b"\x19\x01" + domain_separator(self) + struct_hash)


@lru_cache(maxsize=256)
def domain_separator(domain: SigningDomain) -> bytes:
    """The hash of the domain, 32 bytes. It is kept, since a chain has one."""
    name, version = keccak256(NAME.encode()), keccak256(VERSION.encode())
    return keccak256(_DOMAIN_TYPE + name + version + domain.chain.to_bytes(32) + _address(domain.seaport))


def order_hash(order: OrderComponents) -> bytes:
    """The order's hash, 32 bytes, as `getOrderHash` of the contract gives it. The chain is no part of it."""
    return keccak256(
        b"".join(
            (
                _ORDER_TYPE,
                _address(order.offerer),
                _address(order.zone),
                keccak256(b"".join(map(_offer_item_hash, order.offer))),
                keccak256(b"".join(map(_consideration_item_hash, order.consideration))),
                order.order_type.to_bytes(32),
                order.start_time.to_bytes(32),
                order.end_time.to_bytes(32),
                bytes.fromhex(order.zone_hash[2:]),
                order.salt.to_bytes(32),
                bytes.fromhex(order.conduit_key[2:]),
                order.counter.to_bytes(32),
            )
        )
    )


def _offer_item_hash(item: OfferItem) -> bytes:
    return keccak256(_OFFER_ITEM_TYPE + _item(item))


def _consideration_item_hash(item: ConsiderationItem) -> bytes:
    return keccak256(_CONSIDERATION_ITEM_TYPE + _item(item) + _address(item.recipient))


def _item(item: OfferItem) -> bytes:
    return b"".join(
        (
            item.item_type.to_bytes(32),
            _address(item.token),
            item.identifier_or_criteria.to_bytes(32),
            item.start_amount.to_bytes(32),
            item.end_amount.to_bytes(32),
        )
    )


def _address(address: Address) -> bytes:
    return bytes.fromhex("00" * 12 + address[2:])


EMPTY_ORDER_HASH: Final = order_hash(EMPTY_ORDER)
