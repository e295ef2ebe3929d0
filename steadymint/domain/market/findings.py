"""What can be wrong with an order, in words for the person who reads it, and the status that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from steadymint.domain.market.sides import Fault
from steadymint.domain.types import Address


class Severity(StrEnum):
    """What a finding means for the order."""

    REFUSED = "refused"
    """The order never becomes valid as it is, or the market does not want it."""
    INACTIVE = "inactive"
    """The order cannot be filled now. It can once the cause is gone."""
    WARNING = "warning"
    """The order can be filled."""


class OrderStatus(StrEnum):
    """Where an order stands."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Code(StrEnum):
    """What is wrong with an order."""

    UNSUPPORTED = "unsupported"
    UNKNOWN_COLLECTION = "unknown_collection"
    UNKNOWN_TOKENS = "unknown_tokens"
    WRONG_HASH = "wrong_hash"
    BAD_SIGNATURE = "bad_signature"
    UNSIGNED = "unsigned"
    SIGNATURE_NOT_ACCEPTED = "signature_not_accepted"
    WRONG_COUNTER = "wrong_counter"
    CANCELLED = "cancelled"
    FILLED = "filled"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    AMOUNT_OVERFLOW = "amount_overflow"
    UNKNOWN_ZONE = "unknown_zone"
    ZONE_WITHOUT_CODE = "zone_without_code"
    UNKNOWN_CONDUIT = "unknown_conduit"
    CONDUIT_CLOSED = "conduit_closed"
    NOT_OWNER = "not_owner"
    NOT_APPROVED = "not_approved"
    INSUFFICIENT_BALANCE = "insufficient_balance"
    INSUFFICIENT_ALLOWANCE = "insufficient_allowance"
    PARTLY_COVERED = "partly_covered"
    UNKNOWN_CURRENCY = "unknown_currency"
    MISSING_FEE = "missing_fee"
    MISSING_ROYALTY = "missing_royalty"
    UNKNOWN_FEE = "unknown_fee"


class ApprovalKind(StrEnum):
    """The call by which a maker gives an approval."""

    SET_APPROVAL_FOR_ALL = "set_approval_for_all"
    """Of an ERC-721 or ERC-1155."""
    ERC721_APPROVE = "erc721_approve"
    """Of one token of an ERC-721. No order needs it."""
    ERC20_APPROVE = "erc20_approve"


class MissingApproval(NamedTuple):
    """An approval that the maker has to give."""

    kind: ApprovalKind
    contract: Address
    """Of the token or the currency."""
    spender: Address
    amount: int | None = None
    """The least allowance of an ERC-20 that covers the order now."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with an order."""

    code: Code
    severity: Severity
    problem: str
    """What is wrong, a sentence."""
    remedy: str
    """What to do, a sentence."""
    fault: Fault | None = None
    """Why the market does not understand the order, with `unsupported`."""
    approval: MissingApproval | None = None
    """What to approve, with `not_approved` and `insufficient_allowance`."""


class _Words(NamedTuple):
    severity: Severity
    problem: str
    remedy: str


_SIGN_ANEW: Final = "Make a new order and sign it."

_WORDS: Final[Mapping[Code, _Words]] = {
    Code.UNSUPPORTED: _Words(
        Severity.REFUSED, "The market does not take such an order: {reason}.", "Make an order of one token for a price."
    ),
    Code.UNKNOWN_COLLECTION: _Words(
        Severity.REFUSED, "The catalog does not have this collection.", "Import the collection, then send the order."
    ),
    Code.UNKNOWN_TOKENS: _Words(
        Severity.REFUSED,
        "The market does not know the tokens that the offer takes.",
        "Send the tokens, or their traits, from which the root in the order was made.",
    ),
    Code.WRONG_HASH: _Words(
        Severity.REFUSED, "The order has another hash than the one that was given.", "Send the order as it was signed."
    ),
    Code.BAD_SIGNATURE: _Words(
        Severity.REFUSED, "The signature is not the maker's.", "Sign the order with the maker's wallet, on this chain."
    ),
    Code.UNSIGNED: _Words(
        Severity.INACTIVE,
        "The order has no signature, and its maker has not validated it on chain.",
        "Sign the order, or validate it on chain.",
    ),
    Code.SIGNATURE_NOT_ACCEPTED: _Words(
        Severity.INACTIVE,
        "The maker's contract does not accept the signature.",
        "Sign the order with a key that the contract accepts.",
    ),
    Code.WRONG_COUNTER: _Words(
        Severity.REFUSED,
        "The order was signed under the counter {signed}, and the maker's counter is {counter}.",
        _SIGN_ANEW,
    ),
    Code.CANCELLED: _Words(Severity.REFUSED, "The maker or the zone has cancelled the order.", _SIGN_ANEW),
    Code.FILLED: _Words(Severity.REFUSED, "The whole order is filled.", _SIGN_ANEW),
    Code.EXPIRED: _Words(Severity.REFUSED, "The order has ended.", _SIGN_ANEW),
    Code.NOT_YET_VALID: _Words(Severity.INACTIVE, "The order has not started yet.", "Wait until its start time."),
    Code.AMOUNT_OVERFLOW: _Words(
        Severity.REFUSED,
        "The order's amounts, or all that it costs together, do not fit into 256 bits at some moment of its time.",
        "Make an order with a lower price or a shorter time.",
    ),
    Code.UNKNOWN_ZONE: _Words(
        Severity.REFUSED, "The market does not know the order's zone.", "Make an order without a zone."
    ),
    Code.ZONE_WITHOUT_CODE: _Words(
        Severity.INACTIVE,
        "Nobody can fill the order: its zone has to agree, and is no contract.",
        "Make an order without a zone.",
    ),
    Code.UNKNOWN_CONDUIT: _Words(
        Severity.REFUSED,
        "The market does not know the conduit that the order names.",
        "Make an order with the market's conduit, or without one.",
    ),
    Code.CONDUIT_CLOSED: _Words(
        Severity.INACTIVE,
        "The order's conduit does not work for Seaport.",
        "Make an order with another conduit, or without one.",
    ),
    Code.NOT_OWNER: _Words(
        Severity.INACTIVE, "The maker does not own the token.", "Get the token back, or cancel the order."
    ),
    Code.NOT_APPROVED: _Words(
        Severity.INACTIVE, "Seaport may not move the maker's tokens.", "Approve {spender} for the collection."
    ),
    Code.INSUFFICIENT_BALANCE: _Words(
        Severity.INACTIVE,
        "The maker holds {held} of the {needed} that the order gives.",
        "Get what is missing, or cancel the order.",
    ),
    Code.INSUFFICIENT_ALLOWANCE: _Words(
        Severity.INACTIVE,
        "Seaport may move {allowed} of the {needed} that the order gives.",
        "Approve {spender} for the currency.",
    ),
    Code.PARTLY_COVERED: _Words(
        Severity.WARNING,
        "Of the {remaining} units that are left, the maker can give {fillable}.",
        "Get or approve what is missing for the others.",
    ),
    Code.UNKNOWN_CURRENCY: _Words(
        Severity.REFUSED, "The market does not take this currency.", "Make an order in a currency of the market."
    ),
    Code.MISSING_FEE: _Words(
        Severity.REFUSED,
        "The order pays less than the marketplace's fee of {basis_points} basis points.",
        "Make an order that pays the fee to {recipient}.",
    ),
    Code.MISSING_ROYALTY: _Words(
        Severity.REFUSED,
        "The order pays less than the collection's royalty of {basis_points} basis points.",
        "Make an order that pays the royalty to {recipient}.",
    ),
    Code.UNKNOWN_FEE: _Words(
        Severity.WARNING,
        "A part of the price goes to {recipient}, who is neither the marketplace nor the receiver of royalties.",
        "Make sure that this is meant.",
    ),
}


def found(
    code: Code,
    *,
    severity: Severity | None = None,
    fault: Fault | None = None,
    approval: MissingApproval | None = None,
    **words: Any,
) -> Finding:
    """The finding, with its sentences filled in. `severity` is the code's own unless another is given."""
    said = _WORDS[code]
    problem, remedy = said.problem.format(**words), said.remedy.format(**words)
    return Finding(code, severity or said.severity, problem, remedy, fault, approval)


def severity_of(code: Code) -> Severity:
    """The severity that a code usually has."""
    return _WORDS[code].severity


ENDS: Final = {
    Code.FILLED: OrderStatus.FILLED,
    Code.CANCELLED: OrderStatus.CANCELLED,
    Code.WRONG_COUNTER: OrderStatus.CANCELLED,
    Code.EXPIRED: OrderStatus.EXPIRED,
}
"""Codes that end an order, the first of them first. Only a reorg brings such an order back."""


def status_of(findings: Iterable[Finding]) -> OrderStatus:
    """The status of an order with these findings."""
    codes = {finding.code for finding in findings if finding.severity is not Severity.WARNING}
    if not codes:
        return OrderStatus.ACTIVE
    return next((status for code, status in ENDS.items() if code in codes), OrderStatus.INACTIVE)
