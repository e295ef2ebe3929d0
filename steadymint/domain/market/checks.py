"""Whether an order can be filled, and if not, why: from the order, the chain's facts and the market's policy.

An order without a finding can be filled by anyone with the means, as far as the facts go. They do not tell what a zone
decides, nor what a token does when it is moved: the purchase is simulated for that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from steadymint.domain.market.amounts import remaining_of
from steadymint.domain.market.facts import ALL, OrderFacts
from steadymint.domain.market.fees import share_of
from steadymint.domain.market.findings import (
    ApprovalKind,
    Code,
    Finding,
    MissingApproval,
    OrderStatus,
    Severity,
    found,
    status_of,
)
from steadymint.domain.market.policy import MarketPolicy, RoyaltyRule
from steadymint.domain.market.sides import Fault, MarketOrder, Payment, Side
from steadymint.domain.market.signatures import signer_of
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import ZERO_ADDRESS, Address, Standard


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks say of an order."""

    findings: tuple[Finding, ...]
    status: OrderStatus
    fillable: int
    """Units that can be filled now. An order that cannot be filled in parts has all of its units or none."""


def unsupported(fault: Fault) -> Finding:
    """The finding for an order that the market does not understand."""
    return found(Code.UNSUPPORTED, fault=fault, reason=fault.value.replace("_", " "))


def unknown_collection() -> Finding:
    """The finding for an order about a contract that the catalog does not have. The chain is not asked about it."""
    return found(Code.UNKNOWN_COLLECTION)


def unknown_tokens() -> Finding:
    """The finding for a trait offer whose tokens nobody has named."""
    return found(Code.UNKNOWN_TOKENS)


def check(
    order: SubmittedOrder, facts: OrderFacts, policy: MarketPolicy, now: int, *, stated_hash: bytes | None = None
) -> Verdict:
    """All that is wrong with an order at `now` (Unix seconds). `stated_hash` is the hash by which its sender calls
    it."""
    findings = [*_hash(order, stated_hash), *_signature(order, facts, policy)]
    standing = check_standing(order, facts, policy, now)
    findings += standing.findings
    status = status_of(findings)
    return Verdict(tuple(findings), status, standing.fillable if status is OrderStatus.ACTIVE else 0)


def check_standing(order: SubmittedOrder, facts: OrderFacts, policy: MarketPolicy, now: int) -> Verdict:
    """The same without the hash and the signature: for an order that is not signed yet, or whose signature is known to
    be good."""
    findings = [*_ends(order, facts, now), *_zone(order, facts, policy), *_conduit(facts)]
    fillable = 0
    if order.read.fits:
        fillable, lacking = _means(order.read, facts, now)
        findings += lacking
    else:
        findings.append(found(Code.AMOUNT_OVERFLOW))
    findings += [*_currency(order.read, policy), *_shares(order.read, facts, policy)]
    status = status_of(findings)
    return Verdict(tuple(findings), status, fillable if status is OrderStatus.ACTIVE else 0)


def _hash(order: SubmittedOrder, stated: bytes | None) -> Iterator[Finding]:
    if stated is not None and stated != order.hash:
        yield found(Code.WRONG_HASH)


def _signature(order: SubmittedOrder, facts: OrderFacts, policy: MarketPolicy) -> Iterator[Finding]:
    """Seaport tries the maker's key first, then the maker's contract."""
    if facts.validated or facts.accepts_signature:
        return
    if signer_of(order.hash, order.signature, policy.domain) == order.read.maker:
        return
    if not order.signature:
        yield found(Code.UNSIGNED)
    elif facts.maker_has_code:
        yield found(Code.SIGNATURE_NOT_ACCEPTED)
    else:
        yield found(Code.BAD_SIGNATURE)


def _ends(order: SubmittedOrder, facts: OrderFacts, now: int) -> Iterator[Finding]:
    if facts.cancelled:
        yield found(Code.CANCELLED)
    if remaining_of(order.read.quantity, facts.filled) == 0:
        yield found(Code.FILLED)
    if order.components.counter != facts.counter:
        yield found(Code.WRONG_COUNTER, signed=order.components.counter, counter=facts.counter)
    if now < order.read.start_time:
        yield found(Code.NOT_YET_VALID)
    if now >= order.read.end_time:
        yield found(Code.EXPIRED)


def _zone(order: SubmittedOrder, facts: OrderFacts, policy: MarketPolicy) -> Iterator[Finding]:
    zone, restricted = order.components.zone, order.components.order_type.restricted
    if zone not in policy.zones and (restricted or zone != ZERO_ADDRESS):
        yield found(Code.UNKNOWN_ZONE)
    elif restricted and not facts.zone_has_code:
        yield found(Code.ZONE_WITHOUT_CODE)


def _conduit(facts: OrderFacts) -> Iterator[Finding]:
    if facts.spender is None:
        yield found(Code.UNKNOWN_CONDUIT)
    elif not facts.spender_open:
        yield found(Code.CONDUIT_CLOSED)


def _means(order: MarketOrder, facts: OrderFacts, now: int) -> tuple[int, list[Finding]]:
    """How many units the maker of an order that fits can give now, and what is missing."""
    remaining = remaining_of(order.quantity, facts.filled)
    if remaining == 0:
        return 0, []
    held, allowed = _units(order, facts.held, now), _units(order, facts.allowed, now)
    least = 1 if order.in_parts else remaining
    findings: list[Finding] = []
    if held < least:
        findings.append(_lacks_balance(order, facts, now))
    if facts.spender is None:  # another finding says so, and nobody can be approved
        return 0, findings
    if allowed < least:
        findings.append(_lacks_approval(order, facts, facts.spender, now))
    fillable = min(remaining, held, allowed)
    if not findings and fillable < remaining:
        findings.append(found(Code.PARTLY_COVERED, remaining=remaining, fillable=fillable))
    return fillable, findings


def _units(order: MarketOrder, amount: int, now: int) -> int:
    """For how many of the order's units the amount is enough."""
    if order.offered is None or amount == ALL:
        return amount
    offered, at = order.offered, _within(order, now)
    duration = order.end_time - order.start_time
    total = offered.start * (order.end_time - at) + offered.end * (at - order.start_time)
    # k units cost total * k / (duration * quantity), rounded down: the largest k whose cost is at most the amount
    return ((amount + 1) * duration * order.quantity - 1) // total


def _within(order: MarketOrder, now: int) -> int:
    """The moment of the order's time that is nearest to `now`."""
    return min(max(now, order.start_time), order.end_time - 1)


def _needed(order: MarketOrder, facts: OrderFacts, now: int) -> int:
    """The amount that the rest of the order gives now."""
    remaining = remaining_of(order.quantity, facts.filled)
    if order.offered is None:
        return remaining
    return -(-order.price_at(_within(order, now)) * remaining // order.quantity)


def _lacks_balance(order: MarketOrder, facts: OrderFacts, now: int) -> Finding:
    if order.side is Side.LISTING and order.standard is Standard.ERC721:
        return found(Code.NOT_OWNER)
    return found(Code.INSUFFICIENT_BALANCE, held=facts.held, needed=_needed(order, facts, now))


def _lacks_approval(order: MarketOrder, facts: OrderFacts, spender: Address, now: int) -> Finding:
    if order.offered is None:
        approval = MissingApproval(ApprovalKind.SET_APPROVAL_FOR_ALL, order.contract, spender)
        return found(Code.NOT_APPROVED, approval=approval, spender=spender)
    assert order.currency is not None, "an offer is paid in an ERC-20"
    needed = _needed(order, facts, now)
    approval = MissingApproval(ApprovalKind.ERC20_APPROVE, order.currency, spender, needed)
    return found(Code.INSUFFICIENT_ALLOWANCE, approval=approval, allowed=facts.allowed, needed=needed, spender=spender)


def _currency(order: MarketOrder, policy: MarketPolicy) -> Iterator[Finding]:
    if order.currency not in policy.currencies:
        yield found(Code.UNKNOWN_CURRENCY)


def _shares(order: MarketOrder, facts: OrderFacts, policy: MarketPolicy) -> Iterator[Finding]:
    """Whether the marketplace and the receiver of the royalty get their shares, at the start and at the end.

    A share is taken of the price of a unit, so what we build passes, and so does what rounds the whole price."""
    paid = _paid(order.payments)
    prices = order.payments if order.offered is None else (order.offered,)
    units = [sum(amounts) // order.quantity for amounts in ((p.start for p in prices), (p.end for p in prices))]
    recipients = {payment.recipient for payment in order.fees}
    fee, royalty = policy.fee, facts.royalty
    if fee is not None:
        recipients.discard(fee.recipient)
        due = [share_of(unit, fee.basis_points) * order.quantity for unit in units]
        if any(has < needs for has, needs in zip(paid[fee.recipient], due, strict=True)):
            yield found(Code.MISSING_FEE, basis_points=fee.basis_points, recipient=fee.recipient)
        # Who receives both has to get their sum.
        paid[fee.recipient] = [max(has - needs, 0) for has, needs in zip(paid[fee.recipient], due, strict=True)]
    if royalty is not None:
        recipients.discard(royalty.receiver)
        due = [royalty.of(unit) * order.quantity for unit in units]
        short = any(has < needs for has, needs in zip(paid[royalty.receiver], due, strict=True))
        if short and policy.royalty is not RoyaltyRule.IGNORE:
            severity = Severity.REFUSED if policy.royalty is RoyaltyRule.REQUIRE else Severity.WARNING
            share, receiver = royalty.basis_points, royalty.receiver
            yield found(Code.MISSING_ROYALTY, severity=severity, basis_points=share, recipient=receiver)
    for recipient in sorted(recipients):
        yield found(Code.UNKNOWN_FEE, recipient=recipient)


def _paid(payments: tuple[Payment, ...]) -> defaultdict[Address, list[int]]:
    """What each recipient gets, at the start and at the end."""
    paid: defaultdict[Address, list[int]] = defaultdict(lambda: [0, 0])
    for payment in payments:
        paid[payment.recipient][0] += payment.start
        paid[payment.recipient][1] += payment.end
    return paid
