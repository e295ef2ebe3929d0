"""A driver of Seaport for contract tests: sign orders of the market as a wallet does, and fill them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils.address import to_checksum_address as checksum
from web3.contract import Contract
from web3.contract.contract import ContractFunction
from web3.types import TxReceipt

from steadymint.domain.market import events
from steadymint.domain.market.build import Frame
from steadymint.domain.market.components import ZERO_BYTES32, OfferItem, OrderComponents
from steadymint.domain.market.fees import Fee
from steadymint.domain.market.hashing import SigningDomain
from steadymint.domain.market.sales import Sale, sales_of
from steadymint.domain.market.typed_data import TypedData, order_typed_data
from steadymint.domain.types import Address, Bytes32
from steadymint.stack.chain_node import CHAIN_ID
from steadymint.stack.dev_accounts import DEV_ACCOUNTS
from steadymint.stack.market import CONDUIT_KEY, Market
from tests.contracts.harness import ZERO_ADDRESS, Chain

KEYS = {account.address: account.private_key for account in DEV_ACCOUNTS}
CONDUIT = Bytes32("0x" + CONDUIT_KEY.hex())
ETHER = 10**18
MARKETPLACE, ARTIST = Address("0x" + "fe" * 20), Address("0x" + "a7" * 20)
FEES = (Fee(MARKETPLACE, 250), Fee(ARTIST, 500))
READERS: dict[str, Callable[[Sequence[str], str], Any]] = {
    events.ORDER_FULFILLED: events.fulfilled,
    events.ORDERS_MATCHED: events.matched,
    events.ORDER_CANCELLED: events.cancelled,
    events.ORDER_VALIDATED: events.validated,
    events.COUNTER_INCREMENTED: events.counter_incremented,
}
FOR_GOOD = 2**40
"""An end that no test reaches."""


class Seaport:
    """Seaport on the chain of a test."""

    def __init__(self, chain: Chain, market: Market) -> None:
        self.chain = chain
        self.market = market
        self.contract: Contract = chain.at("Seaport", market.seaport)
        self.currency: Contract = chain.at("WrappedNative", market.wrapped_native)
        self.domain = SigningDomain(CHAIN_ID, Address(market.seaport))

    def frame(self, **given: Any) -> Frame:
        """From now on, through our conduit."""
        usual = {"start_time": self.chain.now(), "end_time": FOR_GOOD, "salt": 7, "counter": 0, "conduit_key": CONDUIT}
        return Frame(**usual | given)

    def sign(self, order: OrderComponents) -> bytes:
        """The signature of the maker's wallet, which is given the typed data."""
        return sign(order.offerer, order_typed_data(order, self.domain))

    def hash_of(self, order: OrderComponents) -> bytes:
        """By the contract."""
        return self.contract.functions.getOrderHash(components(order)).call()

    def status(self, order: OrderComponents) -> tuple[bool, bool, int, int]:
        """Validated, cancelled, numerator, denominator."""
        found = self.contract.functions.getOrderStatus(self.hash_of(order)).call()
        return found[0], found[1], found[2], found[3]

    def accepts(self, order: OrderComponents, signature: bytes) -> bool:
        """Whether the contract takes the signature, from somebody who is not the maker."""
        call = self.contract.functions.validate([(parameters(order), signature)])
        return self.chain.refusal(call, self.chain.accounts[9]) is None

    def events(self, receipt: TxReceipt) -> list[Any]:
        """What Seaport's logs say, in their order."""
        logs = [log for log in receipt["logs"] if log["address"] == self.contract.address]
        readings = [(["0x" + bytes(topic).hex() for topic in log["topics"]], "0x" + log["data"].hex()) for log in logs]
        return [READERS[topics[0]](topics, data) for topics, data in readings]

    def sales(self, receipt: TxReceipt, artist: Address) -> list[Sale]:
        return sales_of(self.events(receipt), {artist})

    def match(self, first: tuple[OrderComponents, bytes], second: tuple[OrderComponents, bytes]) -> ContractFunction:
        """Fill a listing and an offer of one item each against each other."""
        orders = [(parameters(order), signature) for order, signature in (first, second)]
        crossed = [([(0, 0)], [(1, 0)]), ([(1, 0)], [(0, 0)])]
        return self.contract.functions.matchOrders(orders, crossed)

    def fulfill(
        self,
        order: OrderComponents,
        signature: bytes,
        *,
        part: tuple[int, int] = (1, 1),
        criteria: Sequence[tuple[int, Sequence[bytes]]] = (),
        to: str = ZERO_ADDRESS,
    ) -> ContractFunction:
        """Fill a part of an order. `criteria` names the token that an offer is given, with its proof."""
        resolvers = [(0, 1, 0, token_id, list(proof)) for token_id, proof in criteria]
        advanced = (parameters(order), *part, signature, b"")
        return self.contract.functions.fulfillAdvancedOrder(advanced, resolvers, _raw(CONDUIT), checksum(to))

    def fulfill_basic(self, order: OrderComponents, signature: bytes) -> ContractFunction:
        """Buy a listing for the chain's own currency in the cheapest way."""
        item, (main, *others) = order.offer[0], order.consideration
        erc1155 = item.item_type == 3
        return self.contract.functions.fulfillBasicOrder(
            (
                checksum(ZERO_ADDRESS),
                0,
                main.start_amount,
                checksum(order.offerer),
                checksum(order.zone),
                checksum(item.token),
                item.identifier_or_criteria,
                item.start_amount,
                int(order.order_type) + (4 if erc1155 else 0),
                order.start_time,
                order.end_time,
                _raw(order.zone_hash),
                order.salt,
                _raw(order.conduit_key),
                _raw(ZERO_BYTES32),
                len(others),
                [(other.start_amount, checksum(other.recipient)) for other in others],
                signature,
            )
        )


def sign(account: str, data: TypedData) -> bytes:
    """What the wallet of a development account makes of `eth_signTypedData_v4`, 65 bytes."""
    key = KEYS[checksum(account)]
    return bytes(Account.sign_message(encode_typed_data(full_message=data), key).signature)


def parameters(order: OrderComponents) -> tuple[Any, ...]:
    return (*_shared(order), len(order.consideration))


def components(order: OrderComponents) -> tuple[Any, ...]:
    return (*_shared(order), order.counter)


def _shared(order: OrderComponents) -> tuple[Any, ...]:
    """The members that `OrderComponents` and `OrderParameters` share."""
    return (
        checksum(order.offerer),
        checksum(order.zone),
        [_item(item) for item in order.offer],
        [(*_item(item), checksum(item.recipient)) for item in order.consideration],
        int(order.order_type),
        order.start_time,
        order.end_time,
        _raw(order.zone_hash),
        order.salt,
        _raw(order.conduit_key),
    )


def _raw(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def _item(item: OfferItem) -> tuple[Any, ...]:
    amounts = (item.identifier_or_criteria, item.start_amount, item.end_amount)
    return (int(item.item_type), checksum(item.token), *amounts)


def account(address: str) -> Address:
    """The address as our code has it."""
    return Address(address.lower())
