"""Logs of Seaport, of approvals and of currencies made by hand, and the orders of makers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from steadymint.domain.market import events
from steadymint.domain.types import ChainId
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.subjects.approvals.topics import APPROVAL_FOR_ALL
from steadymint.indexing.subjects.movements.topics import TRANSFER
from steadymint.indexing.subjects.orders import topics
from tests.support.forged_logs import (
    ALICE,
    BOB,
    CAROL,
    CATS,
    EDITIONS,
    OTHER_MARKETS,
    SEAPORT,
    WRAPPED,
    ZERO,
    abi,
    log,
    topic,
    words,
)

NATIVE, ERC20, ERC721, ERC1155 = range(4)
MARKETPLACE, ARTIST = "0x" + "fe" * 20, "0x" + "a7" * 20
DOLLARS = "0x" + "dd" * 20
"""A currency that nobody has registered."""
ETHER = 10**18

Item = tuple[int, str, int, int]
"""Type, contract, identifier, amount."""
Paid = tuple[int, str, int, int, str]
"""The same, and the recipient."""

_PARAMETERS = (
    "(address,address,(uint8,address,uint256,uint256,uint256)[],(uint8,address,uint256,uint256,uint256,address)[],uint8,"
    "uint256,uint256,bytes32,uint256,bytes32,uint256)"
)


def hash_of(number: int) -> str:
    return f"0x{number:064x}"


def token(number: int, units: int = 1, contract: str = CATS) -> Item:
    return (ERC721 if contract == CATS else ERC1155, contract, number, units)


def money(amount: int, currency: str | None = None) -> Item:
    return (NATIVE, ZERO, 0, amount) if currency is None else (ERC20, currency, 0, amount)


def to(item: Item, recipient: str) -> Paid:
    return (*item, recipient)


def fulfilled(order: int, maker: str, recipient: str, gives: Sequence[Item], gets: Sequence[Paid], **place: Any) -> Log:
    data = abi(
        ["bytes32", "address", "(uint8,address,uint256,uint256)[]", "(uint8,address,uint256,uint256,address)[]"],
        order.to_bytes(32),
        recipient,
        list(gives),
        list(gets),
    )
    return log(SEAPORT, [events.ORDER_FULFILLED, topic(maker), topic(ZERO)], data, **place)


def listing_filled(
    order: int, seller: str, buyer: str, item: Item, price: int, currency: str | None = None, **place: Any
) -> Log:
    """A listing is bought; a tenth of the price is a fee."""
    fee = price // 10
    gets = [to(money(price - fee, currency), seller), to(money(fee, currency), MARKETPLACE)]
    return fulfilled(order, seller, buyer, [item], gets, **place)


def offer_filled(order: int, buyer: str, seller: str, item: Item, price: int, currency: str, **place: Any) -> Log:
    """An offer is accepted."""
    return fulfilled(order, buyer, seller, [money(price, currency)], [to(item, buyer)], **place)


def matched(orders: Sequence[int], **place: Any) -> Log:
    return log(SEAPORT, [events.ORDERS_MATCHED], abi(["bytes32[]"], [order.to_bytes(32) for order in orders]), **place)


def cancelled(order: int, maker: str, **place: Any) -> Log:
    return log(SEAPORT, [events.ORDER_CANCELLED, topic(maker), topic(ZERO)], words(order), **place)


def incremented(maker: str, counter: int, **place: Any) -> Log:
    return log(SEAPORT, [events.COUNTER_INCREMENTED, topic(maker)], words(counter), **place)


def validated(order: int, maker: str, **place: Any) -> Log:
    zero = b"\0" * 32
    terms = (maker, ZERO, [(2, CATS, 1, 1, 1)], [(0, ZERO, 0, 5, 5, maker)], 0, 1, 2**40, zero, 7, zero, 1)
    data = abi(["bytes32", _PARAMETERS], order.to_bytes(32), terms)
    return log(SEAPORT, [events.ORDER_VALIDATED], data, **place)


def approved_for_all(owner: str, contract: str = CATS, **place: Any) -> Log:
    return log(contract, [APPROVAL_FOR_ALL, topic(owner), topic(SEAPORT)], words(1), **place)


def paid(sender: str, recipient: str, contract: str = WRAPPED, **place: Any) -> Log:
    return log(contract, [TRANSFER, topic(sender), topic(recipient)], words(5), **place)


def allowed(owner: str, contract: str = WRAPPED, **place: Any) -> Log:
    return log(contract, [topics.APPROVAL, topic(owner), topic(SEAPORT)], words(5), **place)


def deposited(account: str, contract: str = WRAPPED, **place: Any) -> Log:
    return log(contract, [topics.DEPOSIT, topic(account)], words(5), **place)


# -- orders ------------------------------------------------------------------------------------------------------------

INSERT = """
insert into catalog_service.orders (id, chain_id, order_hash, side, maker, contract, collection_id, token_number,
    token_id, token_standard, quantity, in_parts, marketplace_id, price_amount, price_native, price_native_text,
    currency_address, currency_symbol, is_native, fee_bps, royalty_bps, seaport, counter, salt, start_at, components,
    signature, fillable, reasons, checked_block)
select catalog_service.order_id($1::text, $2::text), $1::text, $2::text, $3, $4, $5::text,
    (select id from catalog_service.collections c where c.chain_id = $1::text and c.contract_address = $5::text),
    $6::numeric, catalog_service.token_id($1::text, $5::text, $6::numeric), $7, $8::numeric, $8::numeric > 1,
    catalog_service.marketplace_id('steadymint'), $9::numeric, $9::numeric / 1e18, trim_scale($9::numeric / 1e18)::text,
    $10::text, case when $10::text is null then 'ETH' else 'WETH' end, true, 0, 0, $11, 0, 0, to_timestamp(0), '{}',
    'x'::bytea, $8::numeric, '{}', $12
on conflict do nothing returning id"""


async def put_order(
    connection: Any,
    chain_id: ChainId,
    order: int,
    maker: str,
    number: int,
    *,
    contract: str = CATS,
    side: str = "listing",
    quantity: int = 1,
    price: int = ETHER,
    checked: int | None = None,
    standard: str | None = None,
) -> UUID:
    """An active order of the maker's for a token, with the counter 0."""
    standard = standard or ("erc721" if contract == CATS else "erc1155")
    currency = None if side == "listing" else WRAPPED
    return await connection.fetchval(
        INSERT,
        chain_id,
        hash_of(order),
        side,
        maker,
        contract,
        number,
        standard,
        quantity,
        price,
        currency,
        SEAPORT,
        checked,
    )


async def put_orders(connection: Any, chain_id: ChainId, chance: random.Random) -> None:
    """Some orders of each side, which `Trading` fills."""
    for order in range(1, 9):
        maker = chance.choice((ALICE, BOB))
        contract, side = chance.choice(
            ((CATS, "listing"), (CATS, "listing"), (EDITIONS, "listing"), (CATS, "item_offer"))
        )
        number, quantity = chance.randrange(3), 10 if contract == EDITIONS else 1
        await put_order(
            connection, chain_id, order, maker, number, contract=contract, side=side, quantity=quantity, checked=1
        )


class Trading:
    """What Seaport, approvals and currencies say of the orders of `put_orders`, and of others. It need not be true."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._counters = {ALICE: 0, BOB: 0, CAROL: 0}

    def next(self, block: int, index: int) -> list[Log]:
        chance, place = self._chance, {"block": block, "index": index}
        order, (maker, other) = chance.randrange(1, 12), chance.sample((ALICE, BOB, CAROL), 2)
        item = token(chance.randrange(3)) if chance.random() < 0.7 else token(1, chance.randrange(4), EDITIONS)
        price, currency = chance.choice((0, 7, ETHER)), chance.choice((None, WRAPPED, DOLLARS))
        kind = chance.randrange(11)
        if kind < 3:
            return [listing_filled(order, maker, chance.choice((other, other, maker)), item, price, currency, **place)]
        if kind == 3:
            return [offer_filled(order, maker, other, item, price, currency or WRAPPED, **place)]
        if kind == 4:
            return self._match(block, index, maker, other, item, price)
        if kind == 5:
            return [cancelled(order, maker, **place)]
        if kind == 6:
            self._counters[maker] += chance.randrange(1, 5)
            return [incremented(maker, self._counters[maker], **place)]
        if kind == 7:
            return [validated(order, maker, **place)]
        if kind == 10:
            sold = listing_filled(order, maker, chance.choice((other, maker)), item, price, currency, **place)
            return [replace(sold, address=OTHER_MARKETS[chance.choice(("seaport_1_1", "seaport_1_5"))])]
        if kind == 8:
            return [approved_for_all(maker, chance.choice((CATS, EDITIONS)), **place)]
        return [chance.choice((paid(maker, other, **place), allowed(maker, **place), deposited(maker, **place)))]

    def _match(self, block: int, index: int, seller: str, buyer: str, item: Item, price: int) -> list[Log]:
        shared = {"block": block, "transaction_hash": f"0x{block << 32 | index:064x}"}
        return [
            listing_filled(20, seller, ZERO, item, price, WRAPPED, index=index, **shared),
            offer_filled(21, buyer, ZERO, item, price, WRAPPED, index=index + 1, **shared),
            matched([20, 21], index=index + 2, **shared),
        ]
