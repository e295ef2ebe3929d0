"""The one spelling of Solidity's ABI: calls to bytes and back, and the events that prove an intent.

`decode(encode(call)) == call` for every call, NUL bytes and odd strings included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, ClassVar, Final, NamedTuple, cast

from eth_abi.abi import decode as abi_decode
from eth_abi.abi import encode as abi_encode
from eth_abi.exceptions import DecodingError, EncodingError
from eth_utils.crypto import keccak

from steadymint.domain.errors import InvalidInputError
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.intents.rows import Effects
from steadymint.domain.types import Address, Bytes32

ZERO_BYTES32: Final = Bytes32("0x" + "00" * 32)


@dataclass(frozen=True, slots=True)
class Struct:
    """Base of structs and calls. The fields are in the order of the contract."""

    ABI: ClassVar[tuple[AbiType, ...]]
    """The type of each field."""


class ListOf(NamedTuple):
    """The type of a list of structs."""

    struct: type[Struct]


AbiType = str | type[Struct] | type[IntEnum] | ListOf


@dataclass(frozen=True, slots=True)
class Call(Struct):
    """Base of the calls of a function."""

    FUNCTION: ClassVar[str]


@dataclass(frozen=True, slots=True)
class RegisteredContract:
    """A contract that the chain registry knows by name."""

    name: str


class Built(NamedTuple):
    """A call and whom it is to."""

    to: Address | RegisteredContract
    call: Call


Builder = Callable[[Any, Address, Bytes32], Built]
"""Makes the call of one kind of intent from its terms, the caller's account and the intent's reference."""


class Proof(NamedTuple):
    """An event that shows that an intent may be fulfilled."""

    kind: IntentKind
    signature: str
    """As the ABI specification writes it, without names and spaces."""
    reference_topic: int | None
    """Which topic holds the intent's reference. None if the event cannot carry one."""
    read: Callable[[Address, Sequence[str], str], tuple[Facts, Effects]]
    """The facts and effects, from the emitting contract, the topics and the data. Raises ValueError."""

    @property
    def name(self) -> str:
        return self.signature.partition("(")[0]


class EmittedLog(NamedTuple):
    """A log of a receipt."""

    contract: Address
    """Whose log it is, in lower case."""
    topics: tuple[str, ...]
    data: str
    """`0x` and hex."""


class ReceiptProof(NamedTuple):
    """How the receipt of a transaction shows that it has fulfilled an intent."""

    kind: IntentKind
    signatures: tuple[str, ...]
    """The events that are looked for."""
    read: Callable[[Facts, Sequence[EmittedLog]], Effects | None]
    """What has come of an intent with these facts, from the logs of one transaction. None if they do not fulfil it."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(signature.partition("(")[0] for signature in self.signatures)


def selector(name: str, types: tuple[str, ...]) -> bytes:
    """The first four bytes of the hash of a function's or error's signature."""
    return keccak(text=f"{name}({','.join(types)})")[:4]


def selector_of(call: type[Call]) -> bytes:
    return selector(call.FUNCTION, _types(call))


def encode(call: Call) -> str:
    """The calldata, `0x` and lower-case hex. Raises InvalidInputError for a value that its ABI type cannot hold."""
    kind = type(call)
    try:
        return "0x" + (selector_of(kind) + abi_encode(_types(kind), cast(tuple[Any, ...], _to_abi(kind, call)))).hex()
    except (EncodingError, UnicodeEncodeError, ValueError) as error:
        raise InvalidInputError(f"A value does not fit the contract's type: {type(error).__name__}") from None


def decode(calldata: str, calls: Sequence[type[Call]]) -> Call:
    """What `encode` was given, if it was one of `calls`. Raises ValueError for anything else."""
    raw = bytes.fromhex(calldata.removeprefix("0x"))
    by_selector: Mapping[bytes, type[Call]] = {selector_of(call): call for call in calls}
    kind = by_selector.get(raw[:4])
    if kind is None:
        raise ValueError("not a call of our contracts")
    return cast(Call, _from_abi(kind, words(_types(kind), raw[4:])))


def words(types: tuple[str, ...], data: bytes) -> tuple[Any, ...]:
    """The values in `data`. Raises ValueError if it does not have this shape; never allocates more than it holds."""
    try:
        return abi_decode(types, data)
    except (DecodingError, UnicodeDecodeError, OverflowError) as error:
        raise ValueError("the data does not have the shape of its types") from error


def address_in(topic: str) -> Address:
    """The address in an indexed topic. Raises ValueError for dirty upper bytes: no compiler writes them."""
    if len(topic) != 66 or int(topic[2:26], 16):
        raise ValueError("the topic is not an address")
    return Address("0x" + topic[26:])


def raw(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def _types(struct: type[Struct]) -> tuple[str, ...]:
    return tuple(_type(one) for one in struct.ABI)


def _type(one: AbiType) -> str:
    if isinstance(one, str):
        return one
    if isinstance(one, ListOf):
        return f"{_type(one.struct)}[]"
    return f"({','.join(_types(one))})" if issubclass(one, Struct) else "uint8"


def _to_abi(one: AbiType, value: Any) -> Any:
    if isinstance(one, ListOf):
        return [_to_abi(one.struct, item) for item in value]
    if not isinstance(one, str):
        if issubclass(one, IntEnum):
            return int(value)
        return tuple(_to_abi(t, getattr(value, f.name)) for t, f in zip(one.ABI, fields(one), strict=True))
    if one.endswith("[]"):
        return [_to_abi(one[:-2], item) for item in value]
    return raw(value) if one == "bytes32" else value


def _from_abi(one: AbiType, value: Any) -> Any:
    if isinstance(one, ListOf):
        return tuple(_from_abi(one.struct, item) for item in value)
    if not isinstance(one, str):
        if issubclass(one, IntEnum):
            return one(value)
        return one(*(_from_abi(t, item) for t, item in zip(one.ABI, value, strict=True)))
    if one.endswith("[]"):
        return tuple(_from_abi(one[:-2], item) for item in value)
    return "0x" + value.hex() if one == "bytes32" else value
