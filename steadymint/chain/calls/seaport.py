"""What Seaport, tokens and wallets are asked about an order, and how their answers are read.

Only Seaport itself is trusted. A token, a currency, a wallet or a zone may revert, answer nonsense, or not be there;
such an answer is read as no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from steadymint.chain.calls.abi import selector
from steadymint.chain.calls.holdings import (
    account_in,
    address_in_word,
    allowance_lookup,
    approval_lookup,
    balance_lookup,
    holding_lookup,
    is_yes,
    number_in,
    token_approval_lookup,
    units_held,
    word_of,
    words_in,
)
from steadymint.chain.calls.lookups import Lookup
from steadymint.chain.calls.multicall import Answer
from steadymint.chain.calls.signatures import MAX_SIGNATURE
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.market.amounts import Filled
from steadymint.domain.market.components import ZERO_BYTES32, OrderComponents
from steadymint.domain.market.facts import ALL, OrderFacts, Royalty
from steadymint.domain.market.hashing import SigningDomain, order_hash
from steadymint.domain.market.sides import MarketOrder
from steadymint.domain.market.signatures import signer_of
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32, Standard, TokenId
from steadymint.domain.upstreams import Upstream

_ORDER_STATUS: Final = selector("getOrderStatus", ("bytes32",))
_COUNTER: Final = selector("getCounter", ("address",))
_CONDUIT: Final = selector("getConduit", ("bytes32",))
_CONDUIT_KEY: Final = selector("getKey", ("address",))
_CHANNEL_STATUS: Final = selector("getChannelStatus", ("address", "address"))
_ROYALTY: Final = selector("royaltyInfo", ("uint256", "uint256"))
_VALID_SIGNATURE: Final = selector("isValidSignature", ("bytes32", "bytes"))

Answers = Mapping[Lookup, Answer]


@dataclass(frozen=True, slots=True)
class MarketContracts:
    """The contracts of a chain's market, as the registry has them."""

    domain: SigningDomain
    conduit_controller: Address
    conduits: tuple[Address, ...]
    """Those that the market knows."""

    @property
    def seaport(self) -> Address:
        return self.domain.seaport


class OrderQuestions:
    """All that is asked about one order. Nothing depends on an earlier answer, so all of it is asked at once."""

    def __init__(self, order: SubmittedOrder, market: MarketContracts) -> None:
        self._order = order
        self._market = market
        components, read = order.components, order.read
        seaport, controller = market.seaport, market.conduit_controller
        self._status = Lookup(seaport, _ORDER_STATUS + order.hash)
        self._counter = Lookup(seaport, _COUNTER + word_of(read.maker))
        self._maker_code = Lookup(read.maker, b"")
        self._zone_code = None if components.zone == ZERO_ADDRESS else Lookup(components.zone, b"")
        self._conduit: Lookup | None = None
        self._channels: dict[Address, Lookup] = {}
        spenders: tuple[Address, ...] = (seaport,)
        if components.conduit_key != ZERO_BYTES32:
            spenders = market.conduits
            self._conduit = Lookup(controller, _CONDUIT + bytes.fromhex(components.conduit_key[2:]))
            self._channels = {
                conduit: Lookup(controller, _CHANNEL_STATUS + word_of(conduit) + word_of(seaport))
                for conduit in spenders
            }
        self._held = _held(read)
        self._approvals = {spender: _approval(read, spender) for spender in spenders}
        is_erc721 = read.offered is None and read.standard is Standard.ERC721
        self._token_approval = token_approval_lookup(read.contract, _token(read)) if is_erc721 else None
        self._royalty_price = _unit_price(read)
        # A contract-wide royalty is all that an offer by criteria can be asked for: the token is not known yet.
        self._royalty = Lookup(
            read.contract, _ROYALTY + (read.token_id or 0).to_bytes(32) + self._royalty_price.to_bytes(32)
        )
        self._signature = self._signature_lookup()

    def _signature_lookup(self) -> Lookup | None:
        order, domain = self._order, self._market.domain
        if len(order.signature) > MAX_SIGNATURE or signer_of(order.hash, order.signature, domain) == order.read.maker:
            return None
        return Lookup(order.read.maker, _signature_call(domain.digest(order.hash), order.signature))

    @property
    def lookups(self) -> list[Lookup]:
        optional = (self._zone_code, self._conduit, self._token_approval, self._signature)
        always = (self._status, self._counter, self._maker_code, self._held, self._royalty)
        several = (*self._channels.values(), *self._approvals.values())
        return [*always, *several, *(lookup for lookup in optional if lookup is not None)]

    def facts(self, answers: Answers) -> OrderFacts:
        """Raises UpstreamUnavailableError if what is registered as Seaport does not answer as Seaport."""
        status, counter = words_in(answers[self._status], 4), words_in(answers[self._counter], 1)
        if status is None or counter is None:
            raise _not_seaport()
        spender = self._spender(answers)
        return OrderFacts(
            validated=status[0] == 1,
            cancelled=status[1] == 1,
            filled=Filled(status[2], status[3]),
            counter=counter[0],
            spender=spender,
            spender_open=self._conduit is None or (spender is not None and is_yes(answers[self._channels[spender]])),
            held=self._read_held(answers),
            allowed=0 if spender is None else self._read_allowed(answers, spender),
            approved_alone=spender is not None and self._is_approved_alone(answers, spender),
            maker_has_code=number_in(answers[self._maker_code]) > 0,
            zone_has_code=self._zone_code is not None and number_in(answers[self._zone_code]) > 0,
            accepts_signature=self._signature is not None and _accepts(answers[self._signature]),
            royalty=_read_royalty(answers[self._royalty], self._royalty_price),
        )

    def _spender(self, answers: Answers) -> Address | None:
        if self._conduit is None:
            return self._market.seaport
        words = words_in(answers[self._conduit], 2)
        conduit = address_in_word(words[0]) if words is not None and words[1] == 1 else None
        return conduit if conduit in self._channels else None

    def _read_held(self, answers: Answers) -> int:
        answer, read = answers[self._held], self._order.read
        return number_in(answer) if read.offered is not None else units_held(answer, read.standard, read.maker)

    def _read_allowed(self, answers: Answers, spender: Address) -> int:
        answer = answers[self._approvals[spender]]
        if self._order.read.offered is not None:
            return number_in(answer)
        return ALL if self._is_approved_alone(answers, spender) or is_yes(answer) else 0

    def _is_approved_alone(self, answers: Answers, spender: Address) -> bool:
        return self._token_approval is not None and account_in(answers[self._token_approval]) == spender


class CancelQuestions:
    """What Seaport is asked about orders that their maker wants to cancel."""

    def __init__(self, seaport: Address, maker: Address, orders: Sequence[OrderComponents]) -> None:
        self._orders = orders
        self._counter = Lookup(seaport, _COUNTER + word_of(maker))
        self._statuses = [Lookup(seaport, _ORDER_STATUS + order_hash(order)) for order in orders]

    @property
    def lookups(self) -> list[Lookup]:
        return [self._counter, *self._statuses]

    def all_cancelled(self, answers: Answers) -> bool:
        """Whether each is, by its hash or by the maker's counter. Raises UpstreamUnavailableError if what is registered
        as Seaport does not answer as Seaport."""
        counter = words_in(answers[self._counter], 1)
        statuses = [words for one in self._statuses if (words := words_in(answers[one], 4)) is not None]
        if counter is None or len(statuses) < len(self._orders):
            raise _not_seaport()
        pairs = zip(self._orders, statuses, strict=True)
        return all(order.counter != counter[0] or status[1] == 1 for order, status in pairs)


def conduit_key_lookup(controller: Address, conduit: Address) -> Lookup:
    """Which key names the conduit."""
    return Lookup(controller, _CONDUIT_KEY + word_of(conduit))


def conduit_key_in(answer: Answer) -> Bytes32 | None:
    """The key. None if the controller knows no such conduit."""
    words = words_in(answer, 1)
    return None if words is None else Bytes32("0x" + words[0].to_bytes(32).hex())


def _not_seaport() -> UpstreamUnavailableError:
    return UpstreamUnavailableError("The registered Seaport does not answer as one", upstream=Upstream.NODE)


def _held(order: MarketOrder) -> Lookup:
    """Whether the maker has what the order gives."""
    if order.offered is not None:
        return balance_lookup(_currency(order), order.maker)
    return holding_lookup(order.contract, order.standard, _token(order), order.maker)


def _approval(order: MarketOrder, spender: Address) -> Lookup:
    if order.offered is not None:
        return allowance_lookup(_currency(order), order.maker, spender)
    return approval_lookup(order.contract, order.maker, spender)


def _currency(order: MarketOrder) -> Address:
    assert order.currency is not None, "an offer is paid in an ERC-20"
    return order.currency


def _token(order: MarketOrder) -> TokenId:
    assert order.token_id is not None, "a listing names its token"
    return order.token_id


def _unit_price(order: MarketOrder) -> int:
    """At the start, as a question can hold it. An order whose price is above that is refused whatever is answered."""
    payments = order.payments if order.offered is None else (order.offered,)
    return min(sum(payment.start for payment in payments) // order.quantity, ALL)


def _signature_call(digest: bytes, signature: bytes) -> bytes:
    padded = signature + bytes(-len(signature) % 32)
    return _VALID_SIGNATURE + digest + (64).to_bytes(32) + len(signature).to_bytes(32) + padded


def _accepts(answer: Answer) -> bool:
    """Seaport compares 32 bytes, of which those that are not returned are zero."""
    return isinstance(answer, bytes) and answer[:32].ljust(32, b"\0") == _VALID_SIGNATURE.ljust(32, b"\0")


def _read_royalty(answer: Answer, price: int) -> Royalty | None:
    words = words_in(answer, 2)
    if words is None or price == 0:
        return None
    receiver, amount = address_in_word(words[0]), words[1]
    if receiver is None or receiver == ZERO_ADDRESS or not 0 < amount <= price:
        return None
    return Royalty(receiver, amount, price)
