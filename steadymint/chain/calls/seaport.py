"""What Seaport, tokens and wallets are asked about an order, and how their answers are read.

Only Seaport itself is trusted. A token, a currency, a wallet or a zone may revert, answer nonsense, or not be there;
such an answer is read as no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from steadymint.chain.calls.abi import selector
from steadymint.chain.calls.lookups import Lookup
from steadymint.chain.calls.multicall import Answer, Unanswered
from steadymint.chain.calls.signatures import MAX_SIGNATURE
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.market.amounts import Filled
from steadymint.domain.market.components import ZERO_BYTES32, OrderComponents
from steadymint.domain.market.facts import ALL, OrderFacts, Royalty
from steadymint.domain.market.hashing import SigningDomain, order_hash
from steadymint.domain.market.sides import MarketOrder
from steadymint.domain.market.signatures import signer_of
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32, Standard
from steadymint.domain.upstreams import Upstream

_ORDER_STATUS: Final = selector("getOrderStatus", ("bytes32",))
_COUNTER: Final = selector("getCounter", ("address",))
_CONDUIT: Final = selector("getConduit", ("bytes32",))
_CONDUIT_KEY: Final = selector("getKey", ("address",))
_CHANNEL_STATUS: Final = selector("getChannelStatus", ("address", "address"))
_OWNER_OF: Final = selector("ownerOf", ("uint256",))
_BALANCE_OF: Final = selector("balanceOf", ("address",))
_BALANCE_OF_TOKEN: Final = selector("balanceOf", ("address", "uint256"))
_APPROVED: Final = selector("getApproved", ("uint256",))
_APPROVED_FOR_ALL: Final = selector("isApprovedForAll", ("address", "address"))
_ALLOWANCE: Final = selector("allowance", ("address", "address"))
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
        self._counter = Lookup(seaport, _COUNTER + _word(read.maker))
        self._maker_code = Lookup(read.maker, b"")
        self._zone_code = None if components.zone == ZERO_ADDRESS else Lookup(components.zone, b"")
        self._conduit: Lookup | None = None
        self._channels: dict[Address, Lookup] = {}
        spenders: tuple[Address, ...] = (seaport,)
        if components.conduit_key != ZERO_BYTES32:
            spenders = market.conduits
            self._conduit = Lookup(controller, _CONDUIT + bytes.fromhex(components.conduit_key[2:]))
            self._channels = {
                conduit: Lookup(controller, _CHANNEL_STATUS + _word(conduit) + _word(seaport)) for conduit in spenders
            }
        self._held = _held(read)
        self._approvals = {spender: _approval(read, spender) for spender in spenders}
        self._token_approval = _token_approval(read)
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
        status, counter = _words(answers[self._status], 4), _words(answers[self._counter], 1)
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
            maker_has_code=_number(answers[self._maker_code]) > 0,
            zone_has_code=self._zone_code is not None and _number(answers[self._zone_code]) > 0,
            accepts_signature=self._signature is not None and _accepts(answers[self._signature]),
            royalty=_read_royalty(answers[self._royalty], self._royalty_price),
        )

    def _spender(self, answers: Answers) -> Address | None:
        if self._conduit is None:
            return self._market.seaport
        words = _words(answers[self._conduit], 2)
        conduit = _address(words[0]) if words is not None and words[1] == 1 else None
        return conduit if conduit in self._channels else None

    def _read_held(self, answers: Answers) -> int:
        answer = answers[self._held]
        if not _is_erc721_listing(self._order.read):
            return _number(answer)
        words = _words(answer, 1)
        return int(words is not None and _address(words[0]) == self._order.read.maker)

    def _read_allowed(self, answers: Answers, spender: Address) -> int:
        answer = answers[self._approvals[spender]]
        if self._order.read.offered is not None:
            return _number(answer)
        return ALL if self._is_approved_alone(answers, spender) or is_yes(answer) else 0

    def _is_approved_alone(self, answers: Answers, spender: Address) -> bool:
        words = None if self._token_approval is None else _words(answers[self._token_approval], 1)
        return words is not None and _address(words[0]) == spender


class CancelQuestions:
    """What Seaport is asked about orders that their maker wants to cancel."""

    def __init__(self, seaport: Address, maker: Address, orders: Sequence[OrderComponents]) -> None:
        self._orders = orders
        self._counter = Lookup(seaport, _COUNTER + _word(maker))
        self._statuses = [Lookup(seaport, _ORDER_STATUS + order_hash(order)) for order in orders]

    @property
    def lookups(self) -> list[Lookup]:
        return [self._counter, *self._statuses]

    def all_cancelled(self, answers: Answers) -> bool:
        """Whether each is, by its hash or by the maker's counter. Raises UpstreamUnavailableError if what is registered
        as Seaport does not answer as Seaport."""
        counter = _words(answers[self._counter], 1)
        statuses = [words for one in self._statuses if (words := _words(answers[one], 4)) is not None]
        if counter is None or len(statuses) < len(self._orders):
            raise _not_seaport()
        pairs = zip(self._orders, statuses, strict=True)
        return all(order.counter != counter[0] or status[1] == 1 for order, status in pairs)


def approval_lookup(contract: Address, owner: Address, spender: Address) -> Lookup:
    """Whether the spender may move all of the owner's tokens."""
    return Lookup(contract, _APPROVED_FOR_ALL + _word(owner) + _word(spender))


def conduit_key_lookup(controller: Address, conduit: Address) -> Lookup:
    """Which key names the conduit."""
    return Lookup(controller, _CONDUIT_KEY + _word(conduit))


def conduit_key_in(answer: Answer) -> Bytes32 | None:
    """The key. None if the controller knows no such conduit."""
    words = _words(answer, 1)
    return None if words is None else Bytes32("0x" + words[0].to_bytes(32).hex())


def _not_seaport() -> UpstreamUnavailableError:
    return UpstreamUnavailableError("The registered Seaport does not answer as one", upstream=Upstream.NODE)


def _is_erc721_listing(order: MarketOrder) -> bool:
    return order.offered is None and order.standard is Standard.ERC721


def _held(order: MarketOrder) -> Lookup:
    """Whether the maker has what the order gives."""
    if order.offered is not None:
        return Lookup(_currency(order), _BALANCE_OF + _word(order.maker))
    token = _token(order)
    if order.standard is Standard.ERC721:
        return Lookup(order.contract, _OWNER_OF + token)
    return Lookup(order.contract, _BALANCE_OF_TOKEN + _word(order.maker) + token)


def _approval(order: MarketOrder, spender: Address) -> Lookup:
    if order.offered is not None:
        return Lookup(_currency(order), _ALLOWANCE + _word(order.maker) + _word(spender))
    return approval_lookup(order.contract, order.maker, spender)


def _token_approval(order: MarketOrder) -> Lookup | None:
    """Who may move this one token of an ERC-721."""
    return Lookup(order.contract, _APPROVED + _token(order)) if _is_erc721_listing(order) else None


def _currency(order: MarketOrder) -> Address:
    assert order.currency is not None, "an offer is paid in an ERC-20"
    return order.currency


def _token(order: MarketOrder) -> bytes:
    assert order.token_id is not None, "a listing names its token"
    return order.token_id.to_bytes(32)


def _unit_price(order: MarketOrder) -> int:
    payments = order.payments if order.offered is None else (order.offered,)
    return min(sum(payment.start for payment in payments) // order.quantity, ALL)


def _signature_call(digest: bytes, signature: bytes) -> bytes:
    padded = signature + bytes(-len(signature) % 32)
    return _VALID_SIGNATURE + digest + (64).to_bytes(32) + len(signature).to_bytes(32) + padded


def _word(address: Address) -> bytes:
    return bytes(12) + bytes.fromhex(address[2:])


def _words(answer: Answer, count: int) -> tuple[int, ...] | None:
    """The first words of an answer, as Solidity reads it: more may follow. None if there are fewer."""
    if isinstance(answer, Unanswered) or len(answer) < 32 * count:
        return None
    return tuple(int.from_bytes(answer[at : at + 32]) for at in range(0, 32 * count, 32))


def _number(answer: Answer) -> int:
    words = _words(answer, 1)
    return 0 if words is None else words[0]


def is_yes(answer: Answer) -> bool:
    """Whether the answer begins with the word 1, as a contract says yes."""
    return _words(answer, 1) == (1,)


def _address(word: int) -> Address | None:
    """None for a word with dirty upper bytes, which no compiler writes."""
    return None if word >> 160 else Address(f"0x{word:040x}")


def _accepts(answer: Answer) -> bool:
    """Seaport compares 32 bytes, of which those that are not returned are zero."""
    return isinstance(answer, bytes) and answer[:32].ljust(32, b"\0") == _VALID_SIGNATURE.ljust(32, b"\0")


def _read_royalty(answer: Answer, price: int) -> Royalty | None:
    words = _words(answer, 2)
    if words is None or price == 0:
        return None
    receiver, amount = _address(words[0]), words[1]
    if receiver is None or receiver == ZERO_ADDRESS or not 0 < amount <= price:
        return None
    return Royalty(receiver, amount, price)
