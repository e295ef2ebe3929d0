"""The types of values, with their parsers. Input is parsed once, at the edge, and trusted inside.

Addresses and hashes are kept in lower case. The API shows addresses in EIP-55 casing. Amounts, token ids and wei are
ints in Python and decimal strings in JSON, so nothing passes through a float or a 64-bit integer.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Final, NewType
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from steadymint.domain.keccak import keccak256

ChainId = NewType("ChainId", str)
"""CAIP-2, EVM only: `eip155:<decimal without leading zero>`."""

Address = NewType("Address", str)
"""20 bytes, `0x` and 40 lower-case hex digits."""

TxHash = NewType("TxHash", str)
"""32 bytes, `0x` and 64 lower-case hex digits."""

BlockHash = NewType("BlockHash", str)
Bytes32 = NewType("Bytes32", str)
TokenId = NewType("TokenId", int)
Quantity = NewType("Quantity", int)
Wei = NewType("Wei", int)
BlockNumber = NewType("BlockNumber", int)
IntentId = NewType("IntentId", UUID)
UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)


class Standard(StrEnum):
    """The token standard of a collection."""

    ERC721 = "erc721"
    ERC1155 = "erc1155"


UINT256_MAX = 2**256 - 1
MAX_CHAIN_NUMBER = 2**53 - 1  # a chain number must survive JSON in a browser (EIP-2294 bounds it lower still)
ZERO_ADDRESS = Address("0x" + "0" * 40)

_CHAIN = re.compile(r"eip155:([1-9][0-9]{0,15})", re.ASCII)
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)
_BYTES32 = re.compile(r"0x[0-9a-f]{64}", re.ASCII)
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,77}", re.ASCII)
_SUM = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_LOWEST_BITS: Final = int.from_bytes(b"\x01" * 40)
_CASE_BIT: Final = 5
"""The bit that tells a lower-case letter from an upper-case one in ASCII."""


def parse_chain_id(text: str) -> ChainId:
    """The CAIP-2 id of an EVM chain. Raises ValueError for other texts, leading zeros, and numbers over 2^53-1."""
    match = _CHAIN.fullmatch(text)
    if match is None or int(match[1]) > MAX_CHAIN_NUMBER:
        raise ValueError("must be a CAIP-2 chain id such as eip155:1")
    return ChainId(text)


def chain_number(chain_id: ChainId) -> int:
    """The EIP-155 number of a chain."""
    return int(chain_id.split(":", 1)[1])


def parse_address(text: str) -> Address:
    """An address in any valid casing: all lower, all upper, or EIP-55. A wrong checksum raises ValueError."""
    if not _ADDRESS.fullmatch(text):
        raise ValueError("must be an address: 0x and 40 hex digits")
    digits = text[2:]
    if digits not in (digits.lower(), digits.upper()) and text != show_address(Address(text.lower())):
        raise ValueError("has a wrong EIP-55 checksum")
    return Address(text.lower())


@lru_cache(maxsize=16_384)
def show_address(address: Address) -> str:
    """The address in EIP-55 casing. It is cached, since it takes a hash, and pages repeat the same addresses.

    A letter is upper case where the hash of the lower-case digits has a nibble of 8 or more. All 40 are changed at
    once, as the bytes of one number.
    """
    digits = address[2:].lower().encode()
    letters, hashed = int.from_bytes(digits), int.from_bytes(keccak256(digits)[:20].hex().encode())
    # In ASCII, bit 3 is set in "8" and "9" and not in "0" to "7"; bit 6 is set in letters only.
    raised = (hashed >> 3 | hashed >> 6) & letters >> 6 & _LOWEST_BITS
    return "0x" + (letters ^ raised << _CASE_BIT).to_bytes(40).decode()


def parse_tx_hash(text: str) -> TxHash:
    """A transaction hash. Only the canonical form is accepted: lower case."""
    if not _BYTES32.fullmatch(text):
        raise ValueError("must be a transaction hash: 0x and 64 lower-case hex digits")
    return TxHash(text)


def parse_bytes32(text: str) -> Bytes32:
    if not _BYTES32.fullmatch(text):
        raise ValueError("must be 32 bytes: 0x and 64 lower-case hex digits")
    return Bytes32(text)


def parse_uint256(value: object) -> int:
    """An integer of 0 <= x < 2^256, from a decimal string or an int. Bools, floats and exponents are refused."""
    number = _integer(value, _DECIMAL)
    if not 0 <= number <= UINT256_MAX:
        raise ValueError("must lie between 0 and 2^256-1")
    return number


def parse_sum(value: object) -> int:
    """A sum of uint256 values, from a decimal string or an int: as `parse_uint256`, of any length."""
    number = _integer(value, _SUM)
    if number < 0:
        raise ValueError("must be a decimal string")
    return number


def _integer(value: object, form: re.Pattern[str]) -> int:
    if isinstance(value, str):
        if not form.fullmatch(value):
            raise ValueError("must be a decimal string without sign, exponent or spaces")
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("must be a decimal string")
    return value


def _strict_decimal(value: Any) -> int:
    """Accept a string from JSON or an int of ours, but no float, since a float may have lost digits."""
    if not isinstance(value, str | int):
        raise ValueError("must be a decimal string")
    return parse_uint256(value)


_DECIMAL_SCHEMA = WithJsonSchema({"type": "string", "pattern": "^(0|[1-9][0-9]{0,77})$", "examples": ["1"]})
_SUM_SCHEMA = WithJsonSchema({"type": "string", "pattern": "^(0|[1-9][0-9]*)$", "examples": ["1"]})

ChainIdField = Annotated[
    ChainId,
    AfterValidator(parse_chain_id),
    WithJsonSchema({"type": "string", "pattern": "^eip155:[1-9][0-9]*$", "examples": ["eip155:31337"]}),
]
# `format` names the Solidity type. Generators can be told that these three are `0x${string}`, as viem has them.
ADDRESS_SCHEMA: Final[dict[str, Any]] = {
    "type": "string",
    "format": "address",
    "pattern": "^0x[0-9a-fA-F]{40}$",
    "examples": ["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"],
}
HEX_SCHEMA: Final[dict[str, Any]] = {
    "type": "string",
    "format": "bytes",
    "pattern": "^0x([0-9a-fA-F]{2})*$",
    "examples": ["0xe18a7bc3"],
}


def bytes32_schema(example: str) -> dict[str, Any]:
    """What OpenAPI says of 32 bytes."""
    return {"type": "string", "format": "bytes32", "pattern": "^0x[0-9a-f]{64}$", "examples": [example]}


AddressField = Annotated[Address, AfterValidator(parse_address), WithJsonSchema(ADDRESS_SCHEMA)]
TxHashField = Annotated[TxHash, AfterValidator(parse_tx_hash), WithJsonSchema(bytes32_schema("0x" + "ab" * 32))]
Bytes32Field = Annotated[Bytes32, AfterValidator(parse_bytes32), WithJsonSchema(bytes32_schema("0x" + "cd" * 32))]
HexField = Annotated[str, WithJsonSchema(HEX_SCHEMA)]
"""Bytes of any length, `0x` and hex."""
_AS_TEXT = PlainSerializer(str, return_type=str, when_used="json")
Uint256Field = Annotated[int, BeforeValidator(_strict_decimal), _AS_TEXT, _DECIMAL_SCHEMA]
TokenIdField = Annotated[TokenId, BeforeValidator(_strict_decimal), _AS_TEXT, _DECIMAL_SCHEMA]
QuantityField = Annotated[Quantity, BeforeValidator(_strict_decimal), _AS_TEXT, _DECIMAL_SCHEMA]
GasField = Annotated[int, BeforeValidator(_strict_decimal), _AS_TEXT, _DECIMAL_SCHEMA]
WeiField = Annotated[Wei, BeforeValidator(_strict_decimal), _AS_TEXT, _DECIMAL_SCHEMA]
QuantitySumField = Annotated[Quantity, BeforeValidator(parse_sum), _AS_TEXT, _SUM_SCHEMA]
WeiSumField = Annotated[Wei, BeforeValidator(parse_sum), _AS_TEXT, _SUM_SCHEMA]
ShownAddress = Annotated[
    Address,
    AfterValidator(parse_address),
    PlainSerializer(show_address, return_type=str, when_used="json"),
    WithJsonSchema(ADDRESS_SCHEMA),
]
"""An address that is in EIP-55 casing in JSON, and in lower case inside."""
