"""The decoding of reverts: revert data becomes the error's name, its arguments and a sentence for the buyer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from eth_abi.abi import decode as abi_decode
from eth_abi.exceptions import DecodingError

from contracts import load_artifact
from steadymint.chain.calls.abi import selector
from steadymint.domain.counting import are

MAX_REASON: Final = 200
"""Characters of a `require` text that we show. The contract chooses the text, which may be a megabyte."""
MAX_DATA: Final = 64 * 1024
"""Bytes of revert data that are looked at."""

OURS: Final = ("CollectionFactory", "Collection721", "Collection1155", "TokenFactory", "FungibleToken")
OTHERS: Final = ("Seaport",)
"""Contracts of others whose calls we prepare."""


@dataclass(frozen=True, slots=True)
class DecodedRevert:
    """A decoded revert, explained."""

    name: str
    """The custom error's name; `Error` for a `require` text, `Panic` for a failed check, empty for a revert without
    data."""
    sentence: str
    arguments: dict[str, str] = field(default_factory=dict[str, str])
    """By name, as text: numbers in decimal, bytes in hex."""

    @property
    def is_rule(self) -> bool:
        """Whether a rule of the mint refused, rather than the call or the contract being wrong."""
        return self.name in _RULES


@dataclass(frozen=True, slots=True)
class Currency:
    """The currency of a chain: how amounts in wei are shown."""

    symbol: str = "ETH"
    decimals: int = 18

    def show(self, wei: int) -> str:
        whole, rest = divmod(wei, 10**self.decimals)
        fraction = f".{rest:0{self.decimals}d}".rstrip("0") if rest else ""
        return f"{whole}{fraction} {self.symbol}"


Values = dict[str, Any]
Words = str | Callable[[Values, Currency], str]
"""A text with the arguments in braces, or a function that makes the text."""


def _time(unix: int) -> str:
    try:
        return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError, OSError):  # a uint64 goes beyond the year 9999
        return f"Unix time {unix}"


def _limit(v: Values, _: Currency) -> str:
    if v["left"] == 0:
        return "You have minted as many as one wallet may."
    return f"You can mint {v['left']} more; you asked for {v['wanted']}."


def _supply(v: Values, _: Currency) -> str:
    if v["left"] == 0:
        return "It is sold out."
    return f"Only {v['left']} {are(v['left'])} left; you asked for {v['wanted']}."


_RULES: Final[dict[str, Words]] = {
    "MintNotStarted": lambda v, _: f"The mint opens on {_time(v['startTime'])}.",
    "MintEnded": lambda v, _: f"The mint ended on {_time(v['endTime'])}.",
    "WalletLimitExceeded": _limit,
    "MaxSupplyExceeded": _supply,
    "NotAllowlisted": "This wallet is not on the allowlist, or the proof is not for it.",
    "WrongPayment": lambda v, c: f"It costs {c.show(v['due'])}; {c.show(v['sent'])} would be sent.",
    "ZeroQuantity": "The quantity must be at least 1.",
    "EnforcedPause": "The owner has paused this collection.",
}

_UNSIGNED: Final = "Seaport does not take the maker's signature. The maker may have cancelled all orders."
_NO_SUCH_PART: Final = "The order cannot be filled in this part."

_SEAPORT: Final[dict[str, Words]] = {
    "NoSpecifiedOrdersAvailable": "None of the orders can be filled any more.",
    "InvalidTime": lambda v, _: f"It can be filled from {_time(v['startTime'])} until {_time(v['endTime'])}.",
    "OrderIsCancelled": "The order is cancelled.",
    "OrderAlreadyFilled": "The whole order is filled.",
    "InvalidSigner": _UNSIGNED,
    "InvalidSignature": _UNSIGNED,
    "BadSignatureV": _UNSIGNED,
    "BadContractSignature": _UNSIGNED,
    "InsufficientNativeTokensSupplied": "It costs more than what would be sent.",
    "NativeTokenTransferGenericFailure": "{account} does not accept the payment.",
    "TokenTransferGenericFailure": "{token} refuses to move what {from} would give to {to}.",
    "BadReturnValueFromERC20OnTransfer": "{token} refuses to move what {from} would give to {to}.",
    "NoContract": "There is no contract at {account}.",
    "InvalidProof": "The offer does not take this token.",
    "BadFraction": _NO_SUCH_PART,
    "InexactFraction": _NO_SUCH_PART,
    "PartialFillsNotEnabledForOrder": _NO_SUCH_PART,
    "InvalidRestrictedOrder": "The zone of the order refuses.",
    "InvalidConduit": "The conduit {conduit} does not work for Seaport.",
    "InvalidCallToConduit": "The conduit {conduit} does not work for Seaport.",
    "CannotCancelOrder": "Only the maker of an order, or its zone, can cancel it, and nobody the order of a contract.",
    "NoReentrantCalls": "Seaport is in the middle of another call.",
}

_OTHERS: Final[dict[str, Words]] = {
    "LengthMismatch": "There must be one quantity for each token id.",
    "FailedDeployment": "A contract of yours already exists at this address.",
    "InvalidMintWindow": "The mint must end after it starts.",
    "InvalidPayout": "{payout} cannot receive the revenue.",
    "PayoutFailed": "{payout} does not accept the revenue.",
    "OwnableUnauthorizedAccount": "Only the owner of the collection may do this.",
    "OwnableInvalidOwner": "{owner} cannot own a collection.",
    "AccessControlUnauthorizedAccount": "This wallet does not have the role that this needs.",
    "ERC2981InvalidDefaultRoyalty": "The royalty of {numerator} is more than the whole price of {denominator}.",
    "ERC2981InvalidDefaultRoyaltyReceiver": "{receiver} cannot receive royalties.",
    "ERC1155InvalidReceiver": "{receiver} does not accept tokens.",
    "ERC721InvalidReceiver": "{receiver} does not accept tokens.",
    "TransferToNonERC721ReceiverImplementer": "The receiving contract does not accept tokens.",
    "MintToZeroAddress": "Tokens cannot be minted to the zero address.",
    "ERC1155InvalidArrayLength": "There must be one quantity for each token id.",
    "MetadataIsFrozen": "The metadata of this collection is frozen.",
    "InvalidInitialization": "The collection has already been set up.",
    "InvalidDecimals": "A token cannot have {decimals} decimals.",
    "CapExceeded": "The cap leaves {left} to mint; {wanted} were asked for.",
    "NothingToLaunch": "A token that is minted once needs a supply.",
    "BurnDisabled": "This token cannot be burned.",
    "PermitDisabled": "This token takes no signed approvals.",
    "ERC20InvalidReceiver": "{receiver} cannot receive tokens.",
    "ERC20InsufficientBalance": "{sender} has {balance} of the token; {needed} are needed.",
    "ERC20InsufficientAllowance": "{spender} may spend {allowance} of the token; {needed} are needed.",
    "UnknownKind": "The factory does not make collections of this kind.",
}

# https://docs.soliditylang.org/en/latest/control-structures.html#panic-via-assert-and-error-via-require
_PANICS: Final = {
    0x01: "an assertion failed",
    0x11: "a number became too large or too small",
    0x12: "a division by zero",
    0x21: "a value is not one of its enumeration",
    0x22: "broken storage",
    0x31: "an empty array had nothing to give",
    0x32: "an index is out of bounds",
    0x41: "too much memory was asked for",
    0x51: "an uninitialised function was called",
}

_UNSAID: Final = "The contract refused without a reason."


@dataclass(frozen=True, slots=True)
class _Error:
    name: str
    types: tuple[str, ...]
    names: tuple[str, ...]


@cache
def _known() -> dict[bytes, _Error]:
    """The known errors by selector: those of our contracts and what they inherit, and Solidity's own two."""
    found = [_Error("Error", ("string",), ("message",)), _Error("Panic", ("uint256",), ("code",))]
    for contract in (*OURS, *OTHERS):
        for entry in load_artifact(contract).abi:
            if entry["type"] == "error":
                inputs: list[dict[str, str]] = entry["inputs"]
                found.append(_Error(entry["name"], tuple(i["type"] for i in inputs), tuple(i["name"] for i in inputs)))
    return {selector(error.name, error.types): error for error in found}


def explain(data: bytes, currency: Currency | None = None) -> DecodedRevert:
    """The revert `data` in words. Never raises: unknown data becomes "refused without a reason"."""
    error = _known().get(data[:4])
    if error is None:
        code = f"0x{data[:4].hex()}" if len(data) >= 4 else ""
        return DecodedRevert(code, f"The contract refused with the unknown error {code}." if code else _UNSAID)
    try:
        decoded = abi_decode(error.types, data[4:MAX_DATA])
    except (DecodingError, UnicodeDecodeError, OverflowError):
        return DecodedRevert("", _UNSAID)
    values = dict(zip(error.names, decoded, strict=True))
    arguments = {name: _text(value) for name, value in values.items()}
    return DecodedRevert(error.name, _sentence(error.name, values, currency or Currency()), arguments)


def _sentence(name: str, values: Values, currency: Currency) -> str:
    if name == "Error":
        reason = _text(values["message"])
        return f"The contract refused: {reason}" if reason else _UNSAID
    if name == "Panic":
        return f"The contract failed: {_PANICS.get(values['code'], 'an unknown fault')}."
    words = _RULES.get(name) or _SEAPORT.get(name) or _OTHERS.get(name) or f"The contract refused: {name}."
    return words.format_map(values) if isinstance(words, str) else words(values, currency)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return "".join(c if c.isprintable() else " " for c in str(value)[:MAX_REASON]).strip()
